import { createOpenAI } from '@ai-sdk/openai';
import { type LanguageModelVendor, languageModelProvider } from '../language-model.ts';
import type { Dialect } from '../model-prompt.ts';
import { jsonSchemaOf, type VendorSettings } from '../package-options.ts';
import type { ModelRequest, Provider } from '../provider.ts';
import { isRecord } from '../vendor-failure.ts';
import { chatCompletionsWire } from './chat-completions-wire.ts';
import { completionsVendor } from './completions-vendor.ts';

const OPENAI_URL = 'https://api.openai.com/v1';

/**
 * OpenAI's models, or those of any server that speaks its chat completions and completions.
 *
 * @param options.baseUrl what `/chat/completions` is added to; undefined: OpenAI's own.
 */
export function openaiProvider(options: {
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
}): Provider {
  const baseURL = options.baseUrl ?? OPENAI_URL;
  const chat: LanguageModelVendor = {
    dialect,
    wire: chatCompletionsWire,
    model: (name, { apiKey, fetch }) => createOpenAI({ apiKey, fetch, baseURL }).chat(name),
    settings,
    adaptBody,
  };
  const chats = languageModelProvider(chat, options.apiKey);
  const completions = languageModelProvider(completionsVendor(dialect, baseURL), options.apiKey);
  return {
    ...chats,
    attempt: (request, attempt) =>
      (request.endpoint === 'complete' ? completions : chats).attempt(request, attempt),
  };
}

const dialect: Dialect = {
  title: 'OpenAI',
  key: 'openai',
  hasCompletions: true,
  hasLogprobs: true,
  hasNames: true,
  hasThinking: false,
  hasImageDetail: true,
  hasImagesInToolResults: false,
  hasLateSystemMessages: true,
  hasEmptyMessages: true,
};

function settings(request: ModelRequest): VendorSettings {
  const warnings: string[] = [];
  const { reasoningEffort, responseFormat } = request;
  if (responseFormat?.type === 'json_schema' && jsonSchemaOf(request) === undefined) {
    warnings.push('There is no JSON schema to fit; any JSON object was asked for.');
  }
  if (typeof reasoningEffort === 'number') {
    warnings.push(
      `OpenAI has no budget of reasoning tokens; ${reasoningEffort} was sent as \`${effortOf(reasoningEffort)}\`.`,
    );
  }
  const effort = typeof reasoningEffort === 'number' ? effortOf(reasoningEffort) : reasoningEffort;
  return {
    options: {
      providerOptions: {
        openai: {
          ...(effort === undefined ? {} : { reasoningEffort: effort }),
          ...(request.logprobs === undefined ? {} : { logprobs: request.logprobs }),
          // As for OpenAI itself, a schema is strict only when it says so: strictness forbids much.
          strictJsonSchema: jsonSchemaOf(request)?.strict ?? false,
        },
      },
    },
    warnings,
  };
}

/** The word nearest to a budget; those who write budgets take them for Anthropic's models. */
function effortOf(budget: number): 'low' | 'medium' | 'high' {
  if (budget <= 4_096) return 'low';
  return budget <= 16_384 ? 'medium' : 'high';
}

/**
 * Gives messages back what the package changes in them: the role `developer`, and tool-call
 * arguments that are no JSON object, which the model should see as it wrote them.
 */
function adaptBody(
  body: Readonly<Record<string, unknown>>,
  { messages: given }: ModelRequest,
): object {
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length !== given.length) return body;
  let isChanged = false;
  const adapted = messages.map((sent: unknown, index) => {
    const message = given[index]?.message;
    if (!isRecord(sent) || message === undefined) return sent;
    if (message.role === 'developer' && sent['role'] === 'system') {
      isChanged = true;
      return { ...sent, role: 'developer' };
    }
    const calls = message.tool_calls ?? [];
    if (message.role !== 'assistant' || calls.length === 0) return sent;
    isChanged = true;
    return {
      ...sent,
      tool_calls: calls.map(({ id, type, function: call }) => ({
        id,
        type,
        function: { name: call.name, arguments: call.arguments ?? '{}' },
      })),
    };
  });
  return isChanged ? { ...body, messages: adapted } : body;
}
