import type { ToolChoice, ToolFunction } from '../contract/chat.ts';
import type { AgentSpec } from '../contract/kinds/agent.ts';
import type { ModelProvider, ProviderApiKeys } from '../contract/providers.ts';
import { renderTemplate } from '../files/template/template.ts';
import { invalid, PlatformError } from '../kernel/errors.ts';
import { messagesOfTurn } from '../logs/conversation.ts';
import type { LogRecord, TurnRecord } from '../logs/log-record.ts';
import type { ModelRequest, PromptMessage, Provider } from '../providers/provider.ts';
import { missingProviderKey } from './errors.ts';
import type { RuntimeParts } from './runtime-parts.ts';

/** The fields of a spec that say how a model is called; agents and prompts have them alike. */
export type ModelSpec = Omit<AgentSpec, 'tools' | 'max_iterations'>;

/** A vendor that can be called, and with which key. */
export interface ChosenProvider {
  readonly provider: Provider;
  readonly apiKey: string | undefined;
}

/**
 * The vendor of a version, and the key for it: the call's own, or else the server's.
 *
 * @throws `provider_not_supported`, `missing_provider_key` (invalid).
 */
export function chooseProvider(
  { providers }: RuntimeParts,
  spec: ModelSpec,
  keys: ProviderApiKeys,
): ChosenProvider {
  const name: ModelProvider = spec.provider ?? 'openai';
  const provider = providers[name];
  if (!provider) {
    throw new PlatformError(
      'invalid',
      'provider_not_supported',
      `This server cannot call models of \`${name}\` yet.`,
    );
  }
  const own = (keys as Readonly<Record<string, string | null | undefined>>)[name];
  const apiKey = own || provider.apiKey;
  if (provider.needsKey && !apiKey) throw missingProviderKey(name, provider.title);
  return { provider, apiKey };
}

/**
 * Checks that a spec can be called with these inputs and messages.
 *
 * @throws `invalid` for an endpoint that is no chat, for missing inputs, for nothing to say.
 */
export function requireCallable(
  spec: ModelSpec,
  record: Pick<LogRecord, 'inputs' | 'messages'>,
): void {
  if ((spec.endpoint ?? 'chat') !== 'chat') {
    throw invalid(
      ['body'],
      `Only versions with endpoint \`chat\` can be called; this one has \`${spec.endpoint}\`.`,
    );
  }
  if (templateMessages(spec, record).length + (record.messages?.length ?? 0) === 0) {
    throw invalid(
      ['body', 'messages'],
      'There is nothing to send: the version has no template, and the call has no messages.',
    );
  }
}

/** The whole conversation, as the next model call is asked to go on with it. */
export function conversationOf(
  spec: ModelSpec,
  record: Pick<LogRecord, 'inputs' | 'messages'>,
  turns: readonly TurnRecord[],
): PromptMessage[] {
  return [
    ...templateMessages(spec, record).map((message) => ({ message })),
    ...(record.messages ?? []).map((message) => ({ message })),
    ...turns.flatMap((turn) =>
      messagesOfTurn(turn).map((message, index) =>
        index === 0 && turn.parts ? { message, parts: turn.parts } : { message },
      ),
    ),
  ];
}

/** A model call in the words of the port. Values that are a field's default are left to the vendor. */
export function modelRequest(
  spec: ModelSpec,
  call: {
    readonly messages: readonly PromptMessage[];
    readonly tools: readonly ToolFunction[];
    readonly toolChoice: ToolChoice | undefined;
    readonly stream: boolean;
  },
): ModelRequest {
  return {
    model: spec.model,
    messages: call.messages,
    tools: call.tools,
    toolChoice: call.tools.length === 0 ? undefined : call.toolChoice,
    stream: call.stream,
    maxTokens: unless(spec.max_tokens, -1),
    temperature: unless(spec.temperature, 1),
    topP: unless(spec.top_p, 1),
    stop: typeof spec.stop === 'string' ? [spec.stop] : (spec.stop ?? undefined),
    presencePenalty: unless(spec.presence_penalty, 0),
    frequencyPenalty: unless(spec.frequency_penalty, 0),
    seed: spec.seed ?? undefined,
    responseFormat: spec.response_format ?? undefined,
    reasoningEffort: spec.reasoning_effort ?? undefined,
    other: spec.other ?? {},
  };
}

function templateMessages(spec: ModelSpec, { inputs }: Pick<LogRecord, 'inputs'>) {
  const language = spec.template_language ?? 'default';
  return renderTemplate(spec.template ?? null, language, inputs ?? {});
}

function unless(value: number | null | undefined, standard: number): number | undefined {
  return value === standard ? undefined : (value ?? undefined);
}
