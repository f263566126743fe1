import { isRecord } from '../../kernel/json-object.ts';
import { type LanguageModelVendor, languageModelProvider } from '../language-model.ts';
import { commonNames } from '../name-rules.ts';
import { withMessagesAsGiven } from '../openai/messages-as-given.ts';
import type { PackageOptions, VendorSettings } from '../package-options.ts';
import type { ModelRequest, Provider } from '../provider.ts';
import { cohereWire } from './cohere-wire.ts';

/**
 * Cohere's models, through the second version of its chat API.
 *
 * @param options.baseUrl `/chat` is appended to it; undefined: Cohere's own.
 */
export function cohereProvider(options: {
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
}): Provider {
  const baseURL = options.baseUrl ?? 'https://api.cohere.com/v2';
  const vendor: LanguageModelVendor = {
    dialect: {
      title: 'Cohere',
      key: 'cohere',
      hasCompletions: false,
      hasLogprobs: false,
      hasNames: false,
      hasThinking: false,
      hasUnsignedThinking: false,
      hasServerTools: false,
      imageAddresses: 'plain',
      hasImageDetail: false,
      hasImagesInToolResults: false,
      hasLateSystemMessages: true,
      hasEmptyMessages: false,
      hasStrictTools: false,
      hasPenalties: true,
      names: commonNames,
    },
    wire: cohereWire,
    async model(name, { apiKey, fetch }) {
      const { createCohere } = await import('@ai-sdk/cohere');
      return createCohere({ apiKey, fetch, baseURL })(name);
    },
    settings,
    adaptBody: (body, request) =>
      withPlans(withMessagesAsGiven(body, request, { hasDevelopers: false }), request),
  };
  return languageModelProvider(vendor, options.apiKey);
}

function settings({ toolChoice, tools, reasoningEffort }: ModelRequest): VendorSettings {
  const isOneTool = typeof toolChoice === 'object' && tools.length > 1;
  return {
    options: thinkingOptions(reasoningEffort),
    warnings: isOneTool
      ? ['Cohere cannot be made to call one tool out of several; the other tools were left out.']
      : [],
  };
}

function thinkingOptions(effort: ModelRequest['reasoningEffort']): PackageOptions {
  if (typeof effort !== 'number') return { reasoning: effort };
  const thinking =
    effort <= 0 ? { type: 'disabled' } : { type: 'enabled', tokenBudget: Math.round(effort) };
  return { providerOptions: { cohere: { thinking } } };
}

/** Adds the text of messages with tool calls as Cohere's `tool_plan`; the package leaves it out. */
function withPlans(body: object, { messages: given }: ModelRequest): object {
  const messages = (body as Readonly<Record<string, unknown>>)['messages'];
  if (!Array.isArray(messages) || messages.length !== given.length) return body;
  return {
    ...body,
    messages: messages.map((sent: unknown, index) => {
      const content = given[index]?.message.content;
      const isCall = isRecord(sent) && Array.isArray(sent['tool_calls']);
      return isCall && typeof content === 'string' && content !== ''
        ? { ...sent, tool_plan: content }
        : sent;
    }),
  };
}
