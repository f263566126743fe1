import type { ToolChoice, ToolFunction } from '../../contract/chat.ts';
import { type ModelSpec, modelDefaults } from '../../contract/kinds/model.ts';
import { givenDefaultsOf } from '../../files/given-defaults.ts';
import { invalid } from '../../kernel/errors.ts';
import { messagesOfTurn } from '../../logs/conversation.ts';
import type { LogRecord, TurnRecord } from '../../logs/log-record.ts';
import { authorOf } from '../../logs/turn-author.ts';
import type { ModelRequest, PromptMessage } from '../../providers/provider.ts';
import { type Rendered, renderedTemplate } from './rendered-template.ts';

/** What a model does: go on with a conversation, or with a text. */
type Endpoint = NonNullable<ModelSpec['endpoint']>;

/** The endpoints that can be called, by kind. */
export const callableEndpoints = {
  agent: ['chat'],
  prompt: ['chat', 'complete'],
} satisfies Record<string, readonly Endpoint[]>;

/**
 * Checks that a spec can be called with these inputs and messages.
 *
 * @param endpoints the callable endpoints of the version's kind.
 * @throws `invalid` for an endpoint that is not callable, for missing inputs, for a call without
 *   any message, and for a completion that is not one text.
 */
export async function requireCallable(
  call: UnsentConversation,
  endpoints: readonly Endpoint[],
): Promise<void> {
  const { spec, record } = call;
  requireEndpoint(spec, endpoints);
  if (spec.endpoint === 'complete') requireOneText(spec, record);
  const beginning = await renderedTemplate(call);
  if (beginning.length + (record.messages?.length ?? 0) === 0) {
    throw invalid(
      ['body', 'messages'],
      'There is nothing to send: the version has no template and the call has no messages.',
    );
  }
}

/** What is sent in the first model call. */
interface UnsentConversation extends Rendered {
  readonly record: Pick<LogRecord, 'inputs' | 'messages'>;
}

/** @throws `invalid` for an endpoint that is not callable. */
export function requireEndpoint(spec: ModelSpec, endpoints: readonly Endpoint[]): void {
  const endpoint = spec.endpoint ?? modelDefaults.endpoint;
  if (endpoints.includes(endpoint)) return;
  const callable = endpoints.map((name) => `\`${name}\``).join(' or ');
  throw invalid(
    ['body'],
    `Only versions with endpoint ${callable} can be called; this one has \`${endpoint}\`.`,
  );
}

function requireOneText({ template }: ModelSpec, { messages }: Pick<LogRecord, 'messages'>): void {
  if (messages?.length) {
    throw invalid(
      ['body', 'messages'],
      'A version with endpoint `complete` does not accept messages, only the inputs of its template.',
    );
  }
  if (typeof template !== 'string') {
    throw invalid(
      ['body'],
      'There is nothing to complete: a version with endpoint `complete` needs a template that is a string.',
    );
  }
}

/** The whole conversation, for the next model call. The text to complete is a message of the user. */
export async function wholeConversation(
  call: UnsentConversation,
  turns: readonly TurnRecord[],
): Promise<PromptMessage[]> {
  const { spec, record } = call;
  const beginning = await renderedTemplate(call);
  return [
    ...beginning.map((message) => ({ message })),
    ...(record.messages ?? []).map((message) => ({ message })),
    ...turns.flatMap((turn) =>
      messagesOfTurn(turn).map((message, index) =>
        index === 0
          ? { message, parts: turn.parts ?? undefined, author: authorOf(turn, spec) }
          : { message },
      ),
    ),
  ];
}

/**
 * A model call, as the providers take it. The API's defaults are left out where the author of the
 * version did not write them, so that the vendor's defaults apply.
 */
export function modelRequest(
  spec: ModelSpec,
  call: {
    readonly messages: readonly PromptMessage[];
    readonly tools: readonly ToolFunction[];
    readonly toolChoice: ToolChoice | undefined;
    readonly stream: boolean;
    /** The number of alternatives for each token to return, with their probabilities. */
    readonly logprobs?: number | undefined;
    /** The text that comes after the completion. */
    readonly suffix?: string | undefined;
  },
): ModelRequest {
  return {
    endpoint: spec.endpoint === 'complete' ? 'complete' : 'chat',
    model: spec.model,
    messages: call.messages,
    tools: call.tools,
    toolChoice: call.tools.length === 0 ? undefined : call.toolChoice,
    stream: call.stream,
    logprobs: call.logprobs,
    suffix: call.suffix,
    maxTokens:
      spec.max_tokens === modelDefaults.max_tokens ? undefined : (spec.max_tokens ?? undefined),
    temperature: asGiven(spec, 'temperature'),
    topP: asGiven(spec, 'top_p'),
    stop: typeof spec.stop === 'string' ? [spec.stop] : (spec.stop ?? undefined),
    presencePenalty: asGiven(spec, 'presence_penalty'),
    frequencyPenalty: asGiven(spec, 'frequency_penalty'),
    seed: spec.seed ?? undefined,
    responseFormat: spec.response_format ?? undefined,
    reasoningEffort: spec.reasoning_effort ?? undefined,
    other: vendorFields(spec),
  };
}

/**
 * The fields of `other` that are sent to the vendor: all but those that Loopwright reads itself.
 */
export function vendorFields({ other }: Pick<ModelSpec, 'other'>): ModelRequest['other'] {
  if (!other) return {};
  const { fallbacks, ...rest } = other;
  return rest;
}

type NumberField = 'temperature' | 'top_p' | 'presence_penalty' | 'frequency_penalty';

function asGiven(spec: Pick<ModelSpec, NumberField>, field: NumberField): number | undefined {
  const { [field]: value } = spec;
  const isLeft = value === modelDefaults[field] && !givenDefaultsOf(spec).includes(field);
  return isLeft ? undefined : (value ?? undefined);
}
