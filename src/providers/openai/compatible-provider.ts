import type { Dispatcher } from 'undici';
import type { EndpointQuirks } from '../../contract/custom-endpoints.ts';
import { effortWord } from '../effort-words.ts';
import { type LanguageModelVendor, languageModelProvider } from '../language-model.ts';
import { openaiNames } from '../name-rules.ts';
import type { ModelRequest, Provider } from '../provider.ts';
import { asServerTakesIt } from './body-for-server.ts';
import { chatCompletionsWire } from './chat-completions-wire.ts';
import { completionsVendor } from './completions-vendor.ts';
import { withMessagesAsGiven } from './messages-as-given.ts';
import { openaiDialect } from './openai-models.ts';

/** A server of an organization's own. */
export interface CompatibleServer {
  readonly title: string;
  /** `/chat/completions` is appended to it. */
  readonly baseUrl: string;
  /** Undefined: it is called without a key. */
  readonly apiKey: string | undefined;
  /** Sent with every request, in place of our own of the same name. Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly quirks: EndpointQuirks;
  /** Reaches only the addresses that users may choose. */
  readonly dispatcher: Dispatcher;
}

/**
 * The package knows some models by their names, and sends for these what OpenAI wants. A server of
 * somebody else may give any name to any model, so the package sees this one.
 */
const noModel = 'model';

/** The models of a server that speaks OpenAI's API in its own way. */
export function compatibleProvider(server: CompatibleServer): Provider {
  const { title, apiKey, quirks } = server;
  const dialect = {
    ...openaiDialect,
    title,
    names: openaiNames,
    hasLateSystemMessages: quirks.late_system_messages !== false,
  };
  const hasDevelopers = quirks.developer_role === true;
  const chat: LanguageModelVendor = {
    ...vendorParts(server),
    dialect,
    wire: chatCompletionsWire,
    model: async (_, options) => (await openai(server, options)).chat(noModel),
    settings: (request) => chatSettings(request, title),
    adaptBody: (body, request) =>
      asServerTakesIt(withMessagesAsGiven(body, request, { hasDevelopers }), request, quirks),
  };
  const completing = completionsVendor(dialect, async (_, options) =>
    (await openai(server, options)).completion(noModel),
  );
  const completion: LanguageModelVendor = {
    ...completing,
    ...vendorParts(server),
    // What a server does without a limit is its own.
    settings: (request) => ({ ...completing.settings(request), warnings: [] }),
    adaptBody: (body, request) =>
      asServerTakesIt(completing.adaptBody?.(body, request) ?? body, request, quirks),
  };
  const chats = languageModelProvider(chat, apiKey);
  const completions = languageModelProvider(completion, apiKey);
  return {
    ...chats,
    attempt: (request, attempt) =>
      (request.endpoint === 'complete' ? completions : chats).attempt(request, attempt),
  };
}

function vendorParts({ headers, dispatcher }: CompatibleServer) {
  return {
    isOpen: true,
    dispatcher,
    secrets: Object.values(headers),
    async sign(
      { headers: ofPackage }: { readonly headers: Readonly<Record<string, string>> },
      key: string,
    ) {
      const sent = new Headers(ofPackage);
      if (key === '') sent.delete('authorization');
      for (const [name, value] of Object.entries(headers)) sent.set(name, value);
      return sent;
    },
  } satisfies Partial<LanguageModelVendor>;
}

async function openai(
  { baseUrl }: CompatibleServer,
  options: { readonly apiKey: string; readonly fetch: typeof globalThis.fetch },
) {
  const { createOpenAI } = await import('@ai-sdk/openai');
  return createOpenAI({ ...options, baseURL: baseUrl });
}

function chatSettings(request: ModelRequest, title: string) {
  const { logprobs } = request;
  const { effort, warnings } = effortWord(request, title);
  return {
    options: {
      // The body gets it as it was given; the package would leave out what OpenAI refuses.
      responseFormat: undefined,
      providerOptions: {
        openai: {
          ...(effort === undefined ? {} : { reasoningEffort: effort }),
          ...(logprobs === undefined ? {} : { logprobs }),
        },
      },
    },
    warnings,
  };
}
