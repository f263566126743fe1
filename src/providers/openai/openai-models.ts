import type { Dialect } from '../dialect.ts';
import { effortWord } from '../effort-words.ts';
import { type LanguageModelVendor, languageModelProvider } from '../language-model.ts';
import type { NameRules } from '../name-rules.ts';
import { requestedSchema, type VendorSettings } from '../package-options.ts';
import type { ModelRequest, Provider } from '../provider.ts';
import { chatCompletionsWire } from './chat-completions-wire.ts';
import { completionsVendor } from './completions-vendor.ts';
import { withMessagesAsGiven } from './messages-as-given.ts';

/** Makes the package's model. */
type MakeModel = LanguageModelVendor['model'];

/** OpenAI's models at any server: chats and completions. */
export function openaiModels(options: {
  readonly title: string;
  readonly apiKey: string | undefined;
  readonly names: NameRules;
  readonly chat: MakeModel;
  readonly completion: MakeModel;
}): Provider {
  const { title, apiKey, names } = options;
  const dialect: Dialect = { title, names, ...openaiDialect };
  const chat: LanguageModelVendor = {
    dialect,
    wire: chatCompletionsWire,
    model: options.chat,
    settings: (request) => settings(request, title),
    adaptBody: (body, request) => withMessagesAsGiven(body, request, { hasDevelopers: true }),
  };
  const chats = languageModelProvider(chat, apiKey);
  const completions = languageModelProvider(completionsVendor(dialect, options.completion), apiKey);
  return {
    ...chats,
    attempt: (request, attempt) =>
      (request.endpoint === 'complete' ? completions : chats).attempt(request, attempt),
  };
}

export const openaiDialect: Omit<Dialect, 'title' | 'names'> = {
  key: 'openai',
  hasCompletions: true,
  hasLogprobs: true,
  hasNames: true,
  hasThinking: false,
  hasUnsignedThinking: false,
  hasServerTools: false,
  imageAddresses: 'plain',
  hasImageDetail: true,
  hasImagesInToolResults: false,
  hasLateSystemMessages: true,
  hasEmptyMessages: true,
  hasStrictTools: true,
  hasPenalties: true,
};

function settings(request: ModelRequest, title: string): VendorSettings {
  const warnings: string[] = [];
  if (request.responseFormat?.type === 'json_schema' && requestedSchema(request) === undefined) {
    warnings.push('No JSON schema is given; any JSON object was asked for.');
  }
  const { effort, warnings: ofEffort } = effortWord(request, title);
  return {
    options: {
      providerOptions: {
        openai: {
          ...(effort === undefined ? {} : { reasoningEffort: effort }),
          ...(request.logprobs === undefined ? {} : { logprobs: request.logprobs }),
          // A schema is strict only when it says so, as in OpenAI's own API, because strict mode
          // forbids much.
          strictJsonSchema: requestedSchema(request)?.strict ?? false,
        },
      },
    },
    warnings: [...warnings, ...ofEffort],
  };
}
