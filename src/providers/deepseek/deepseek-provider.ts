import { effortWord } from '../effort-words.ts';
import { type LanguageModelVendor, languageModelProvider } from '../language-model.ts';
import { commonNames } from '../name-rules.ts';
import { chatCompletionsWire } from '../openai/chat-completions-wire.ts';
import { withMessagesAsGiven } from '../openai/messages-as-given.ts';
import type { VendorSettings } from '../package-options.ts';
import type { ModelRequest, Provider } from '../provider.ts';

const title = 'DeepSeek';

/**
 * DeepSeek's models.
 *
 * @param options.baseUrl `/chat/completions` is appended to it; undefined: DeepSeek's own.
 */
export function deepseekProvider(options: {
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
}): Provider {
  const baseURL = options.baseUrl ?? 'https://api.deepseek.com';
  const vendor: LanguageModelVendor = {
    dialect: {
      title,
      key: 'deepseek',
      hasCompletions: false,
      hasLogprobs: true,
      hasNames: true,
      hasThinking: false,
      hasUnsignedThinking: true,
      hasServerTools: false,
      imageAddresses: 'typed',
      hasImageDetail: true,
      hasImagesInToolResults: true,
      hasLateSystemMessages: true,
      hasEmptyMessages: true,
      // Strict tools exist only at the beta URL, and only for all tools at once.
      hasStrictTools: false,
      hasPenalties: false,
      names: commonNames,
    },
    wire: chatCompletionsWire,
    async model(name, { apiKey, fetch }) {
      const { createDeepSeek } = await import('@ai-sdk/deepseek');
      return createDeepSeek({ apiKey, fetch, baseURL })(name);
    },
    settings,
    adaptBody: (body, request) => withMessagesAsGiven(body, request, { hasDevelopers: false }),
  };
  return languageModelProvider(vendor, options.apiKey);
}

function settings(request: ModelRequest): VendorSettings {
  const { logprobs, reasoningEffort } = request;
  const isOff = typeof reasoningEffort === 'number' && reasoningEffort <= 0;
  const { effort, warnings } = isOff
    ? { effort: 'none' as const, warnings: [] }
    : effortWord(request, title);
  return {
    options: {
      reasoning: effort,
      ...(logprobs === undefined
        ? {}
        : { providerOptions: { deepseek: { logprobs: true, topLogprobs: logprobs } } }),
    },
    warnings,
  };
}
