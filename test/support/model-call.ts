import {
  type AttemptOptions,
  type ModelAnswer,
  type ModelEvent,
  type ModelRequest,
  type Provider,
  ProviderFailure,
} from '../../src/providers/provider.ts';

/** A request of one user message; a test sets its other fields. */
export function modelRequest(fields: Partial<ModelRequest> = {}): ModelRequest {
  return {
    model: 'some-model',
    messages: [{ message: { role: 'user', content: 'Hello' } }],
    tools: [],
    stream: false,
    other: {},
    ...fields,
  };
}

/** The answer of a call, and its events. */
export interface CallOutcome<Answer extends ModelAnswer = ModelAnswer> {
  readonly events: readonly ModelEvent[];
  readonly answer: Answer;
}

/** Makes one attempt; its answer, and everything it yielded. */
export function attempt(
  provider: Provider,
  request: ModelRequest,
  options: Partial<AttemptOptions> = {},
): Promise<CallOutcome> {
  return outcomeOf(
    provider.attempt(request, {
      apiKey: provider.apiKey,
      signal: new AbortController().signal,
      ...options,
    }),
  );
}

/** Reads a call to its end. */
export async function outcomeOf<Answer extends ModelAnswer>(
  call: AsyncGenerator<ModelEvent, Answer>,
): Promise<CallOutcome<Answer>> {
  const events: ModelEvent[] = [];
  let next = await call.next();
  for (; next.done !== true; next = await call.next()) events.push(next.value);
  return { events, answer: next.value };
}

/** The failure that a call is expected to end in; anything else is thrown. */
export async function failureOf(call: Promise<unknown>): Promise<ProviderFailure> {
  const outcome = await call.catch((error: unknown) => error);
  if (outcome instanceof ProviderFailure) return outcome;
  throw outcome instanceof Error ? outcome : new Error('The call did not fail.');
}

/** All the text, or all the reasoning, of some events. */
export function joined(events: readonly ModelEvent[], type: ModelEvent['type']): string {
  return events.map((event) => (event.type === type ? event.delta : '')).join('');
}
