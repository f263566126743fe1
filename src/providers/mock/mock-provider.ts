import { setTimeout } from 'node:timers/promises';
import type { ToolCall } from '../../contract/chat.ts';
import { inabilities } from '../completion.ts';
import type { ModelAnswer, ModelEvent, ModelRequest, Provider } from '../provider.ts';
import { answer } from './answer.ts';
import { failureWithStatus, title } from './failures.ts';
import { withinLimits } from './limits.ts';
import { type ScriptStep, scriptStep } from './script.ts';
import { countUsage } from './usage.ts';
import { requestBody, responseBody } from './wire-bodies.ts';

/** Waits that many milliseconds, or throws when the signal is aborted. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/**
 * A model vendor that needs no network and no key: its answer depends on the request alone. It
 * plays the script in the request's `other`; without one it answers sensibly to the conversation.
 * See `docs/mock-provider.md`.
 *
 * @param options.sleep how a script's delays are waited for; tests can skip them.
 */
export function mockProvider({ sleep = wait }: { readonly sleep?: Sleep } = {}): Provider {
  return {
    title,
    needsKey: false,
    apiKey: undefined,
    attempt: (request, { signal }) => attempt(request, signal, sleep),
  };
}

async function* attempt(
  request: ModelRequest,
  signal: AbortSignal,
  sleep: Sleep,
): AsyncGenerator<ModelEvent, ModelAnswer> {
  signal.throwIfAborted();
  const turn = turnNumber(request);
  const step = scriptStep(request.other['script'], turn);
  const draft = withinLimits(step?.draft ?? answer(request), request);
  const providerRequest = requestBody(request);

  yield* speak(
    [
      ['reasoning', draft.reasoning],
      ['text', draft.content],
    ],
    { step, stream: request.stream, signal, sleep },
  );
  if (step?.error) throw failureWithStatus({ ...step.error, providerRequest });

  const toolCalls = draft.toolCalls.map(
    (call, index): ToolCall => ({
      id: call.id ?? `call_${turn}_${index + 1}`,
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
    }),
  );
  const ended = toolCalls.length > 0 ? 'tool_calls' : 'stop';
  const finishReason = step?.finishReason ?? (draft.isCut ? 'length' : ended);
  const message: ModelAnswer['message'] = {
    role: 'assistant',
    content: draft.content === '' && toolCalls.length > 0 ? null : draft.content,
    ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
    ...(draft.reasoning !== '' && {
      thinking: [
        { type: 'thinking', thinking: draft.reasoning, signature: signatureFor(draft.reasoning) },
      ],
    }),
  };
  const usage = countUsage(request, draft, step?.usage ?? {});
  const providerResponse = responseBody(request, turn, { message, finishReason, usage });
  const warnings = inabilities(request, { title, hasCompletions: true, hasLogprobs: false });
  return { message, finishReason, usage, providerRequest, providerResponse, warnings };
}

/**
 * The number of this model call in its conversation, from 1. Each call leaves one message behind.
 */
function turnNumber({ messages }: ModelRequest): number {
  let turn = 1;
  for (const { message } of messages) {
    if (message.role === 'assistant') turn++;
  }
  return turn;
}

/** Yields texts word by word with the delays of the step; without a stream it only waits. */
async function* speak(
  texts: readonly (readonly [ModelEvent['type'], string])[],
  {
    step,
    stream,
    signal,
    sleep,
  }: {
    readonly step: ScriptStep | undefined;
    readonly stream: boolean;
    readonly signal: AbortSignal;
    readonly sleep: Sleep;
  },
): AsyncGenerator<ModelEvent> {
  const { delayMs = 0, wordDelayMs = 0 } = step ?? {};
  if (delayMs > 0) await sleep(delayMs, signal);
  if (!stream && wordDelayMs === 0) return;
  let isFirst = true;
  for (const [type, text] of texts) {
    for (const [delta] of text.matchAll(words)) {
      if (!isFirst && wordDelayMs > 0) await sleep(wordDelayMs, signal);
      isFirst = false;
      signal.throwIfAborted();
      if (stream) yield { type, delta };
    }
  }
}

// A word and the space after it; leading space is a piece of its own.
const words = /^\s+|\S+\s*/g;

/**
 * A stand-in for a vendor's signature, opaque to others: equal thinking has an equal one (FNV-1a,
 * 32 bits).
 */
function signatureFor(thinking: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < thinking.length; at++) {
    hash = Math.imul(hash ^ thinking.charCodeAt(at), 0x01000193);
  }
  return `mock-${(hash >>> 0).toString(16).padStart(8, '0')}`;
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch (error) {
    // A timer throws its own AbortError, but the caller expects the reason that it gave.
    throw signal.aborted ? signal.reason : error;
  }
}
