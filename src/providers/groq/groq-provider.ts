import { isRecord } from '../../kernel/json-object.ts';
import { effortWord } from '../effort-words.ts';
import { type LanguageModelVendor, languageModelProvider } from '../language-model.ts';
import { commonNames } from '../name-rules.ts';
import { chatCompletionsWire } from '../openai/chat-completions-wire.ts';
import { withMessagesAsGiven } from '../openai/messages-as-given.ts';
import { requestedSchema, type VendorSettings } from '../package-options.ts';
import type { ModelRequest, Provider } from '../provider.ts';
import type { OwnWire } from '../wire.ts';

const title = 'Groq';

/**
 * The models that Groq runs.
 *
 * @param options.baseUrl `/chat/completions` is appended to it; undefined: Groq's own.
 */
export function groqProvider(options: {
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
}): Provider {
  const baseURL = options.baseUrl ?? 'https://api.groq.com/openai/v1';
  const vendor: LanguageModelVendor = {
    dialect: {
      title,
      key: 'groq',
      hasCompletions: false,
      hasLogprobs: false,
      hasNames: false,
      hasThinking: false,
      hasUnsignedThinking: true,
      hasServerTools: false,
      imageAddresses: 'plain',
      hasImageDetail: false,
      hasImagesInToolResults: false,
      hasLateSystemMessages: true,
      hasEmptyMessages: true,
      hasStrictTools: true,
      hasPenalties: true,
      names: commonNames,
    },
    wire,
    async model(name, { apiKey, fetch }) {
      const { createGroq } = await import('@ai-sdk/groq');
      return createGroq({ apiKey, fetch, baseURL })(name);
    },
    settings,
    adaptBody: (body, request) => withMessagesAsGiven(body, request, { hasDevelopers: false }),
  };
  return languageModelProvider(vendor, options.apiKey);
}

function settings(request: ModelRequest): VendorSettings {
  const { effort, warnings } = effortWord(request, title);
  return {
    options: {
      providerOptions: {
        groq: {
          ...(effort === undefined ? {} : { reasoningEffort: effort }),
          strictJsonSchema: requestedSchema(request)?.strict ?? false,
        },
      },
    },
    warnings,
  };
}

/** Groq reports the usage of a stream in `x_groq`, and without a stream where other vendors do. */
const wire: OwnWire = {
  ...chatCompletionsWire,
  fold() {
    const fold = chatCompletionsWire.fold();
    return { add: fold.add, body: () => withUsage(fold.body()) };
  },
};

function withUsage(body: unknown): unknown {
  if (!isRecord(body) || !isRecord(body['x_groq'])) return body;
  const { usage, ...beside } = body['x_groq'];
  return usage === undefined || isRecord(body['usage']) ? body : { ...body, x_groq: beside, usage };
}
