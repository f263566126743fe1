import type { Logger } from '../kernel/logger.ts';
import { mapStrings } from '../kernel/text.ts';
import { cleanAnswer, cleanFailure, cleanPieces, type Redact, redactor } from './clean-answer.ts';
import { endingOf } from './finish-reasons.ts';
import {
  type AnswerBounds,
  type ModelAnswer,
  type ModelEvent,
  type ModelRequest,
  type Provider,
  ProviderFailure,
  standardBounds,
} from './provider.ts';

/** The time limits of a model call, and how often it is tried. */
export interface ModelLimits {
  /** From the start of an attempt to the first byte of its answer. */
  readonly firstByteTimeoutMs: number;
  /** Between two pieces of a stream; does not apply to a call without a stream. */
  readonly idleTimeoutMs: number;
  /** For the whole call, including repeats and the waits between them. */
  readonly totalTimeoutMs: number;
  /** Includes the first attempt. */
  readonly maxAttempts: number;
  /** When a vendor asks for a longer wait, the call fails instead. */
  readonly maxRetryAfterMs: number;
  readonly answer: AnswerBounds;
}

/**
 * Ten minutes is what the vendors' own clients allow for one attempt: a reasoning model may send
 * nothing for minutes, and an answer without a stream arrives all at once.
 */
export const defaultModelLimits: ModelLimits = {
  firstByteTimeoutMs: 600_000,
  idleTimeoutMs: 300_000,
  totalTimeoutMs: 1_200_000,
  maxAttempts: 3,
  maxRetryAfterMs: 30_000,
  answer: standardBounds,
};

export interface CallModelOptions {
  /** Undefined: the server's own key for this vendor. */
  readonly apiKey: string | undefined;
  /** Ends the call at any point; the call then throws the signal's reason. */
  readonly signal: AbortSignal;
  readonly limits?: ModelLimits | undefined;
  /** Gets a line for each attempt that will be repeated. */
  readonly log?: Pick<Logger, 'warn'> | undefined;
  /** Called after each attempt that fails, whether it will be repeated or not. */
  readonly onFailure?: ((failure: ProviderFailure) => void) | undefined;
  /**
   * Called when the call ends by a failure or an abort after the beginning of an answer has come.
   */
  readonly onBroken?: ((answer: BrokenAnswer) => void) | undefined;
  /** Like `Math.random`; tests replace it. */
  readonly random?: (() => number) | undefined;
  /** Resolves after that many milliseconds; rejects when the signal is aborted. */
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<unknown>) | undefined;
  /** Milliseconds since 1970, on the clock that `sleep` uses. */
  readonly now?: (() => number) | undefined;
}

/** An answer with the times at which it arrived. */
export interface TimedAnswer extends ModelAnswer {
  readonly startedAt: Date;
  /** When the first piece arrived; null for an answer without a stream. */
  readonly firstTokenAt: Date | null;
  readonly endedAt: Date;
}

/** What has come of an answer that was not finished, and what was asked. */
export interface BrokenAnswer
  extends Pick<TimedAnswer, 'startedAt' | 'firstTokenAt' | 'endedAt' | 'providerRequest'> {
  /** The text that was yielded. */
  readonly text: string;
  /** The body as far as it came. */
  readonly providerResponse: unknown;
}

/** The internal reason for aborting what an attempt has left open; nobody sees it. */
const attemptOver = new Error('The attempt is over.');

/**
 * The longest waits before the second attempt and before those after it. A vendor that stumbles is
 * back at once; a server that restarts needs some seconds.
 */
const FIRST_BACKOFF_MS = 1_000;
const LATER_BACKOFF_MS = 8_000;

/**
 * Calls a model. A failed attempt is repeated when a repeat can help and nothing has been yielded
 * yet. Everything it yields and returns can be stored, and contains no API key.
 *
 * @throws ProviderFailure when the call fails; the signal's reason when it is aborted.
 */
export async function* callModel(
  provider: Provider,
  request: ModelRequest,
  options: CallModelOptions,
): AsyncGenerator<ModelEvent, TimedAnswer> {
  const call = withDefaults(provider, options);
  const { now, limits, signal } = call;
  const startedAt = now();
  const endsAt = startedAt + limits.totalTimeoutMs;
  const begun: Begun = { text: '', firstTokenAt: undefined };
  const times = () => ({
    startedAt: new Date(startedAt),
    firstTokenAt: begun.firstTokenAt === undefined ? null : new Date(begun.firstTokenAt),
    endedAt: new Date(now()),
  });
  for (let attempt = 1; ; attempt++) {
    const traffic: Traffic = { request: undefined, response: () => undefined };
    const events = attemptInTime(provider, request, call, endsAt, traffic);
    const breakOff = (body: unknown) => {
      if (begun.firstTokenAt === undefined && body === undefined) return;
      const providerRequest = mapStrings(traffic.request, call.redact);
      const providerResponse = mapStrings(body, call.redact);
      options.onBroken?.({ ...times(), text: begun.text, providerRequest, providerResponse });
    };
    try {
      const answer = yield* cleaned(provider, events, call, begun);
      const isLast = begun.firstTokenAt !== undefined || attempt >= limits.maxAttempts;
      if (isLast || !isSlip(answer)) return { ...answer, ...times() };
      const { finishReason: reason } = answer;
      options.log?.warn({ origin: provider.title, reason, attempt }, 'A model call is repeated.');
    } catch (error) {
      const body = traffic.response();
      if (signal.aborted) {
        breakOff(body);
        throw signal.reason;
      }
      if (!(error instanceof ProviderFailure)) throw error;
      const failure = cleanFailure(withBody(error, body), call.redact);
      options.onFailure?.(failure);
      const isFinal = begun.firstTokenAt !== undefined;
      const delayMs = isFinal ? undefined : delayBefore(attempt + 1, failure, call);
      if (delayMs === undefined || now() + delayMs >= endsAt) {
        breakOff(body && failure.providerResponse);
        throw failure;
      }
      const { origin, kind, status } = failure;
      options.log?.warn({ origin, kind, status, attempt, delayMs }, 'A model call is repeated.');
      await sleepOrAbort(delayMs, call);
    } finally {
      // Closes the connection however the call ends, also when the caller stops reading.
      await events.return(undefined as never);
    }
  }
}

/** What has been yielded of an answer. */
interface Begun {
  text: string;
  firstTokenAt: number | undefined;
}

/** The events and the answer of an attempt in a form that can be stored. */
async function* cleaned(
  { title }: Provider,
  events: AsyncGenerator<ModelEvent, ModelAnswer>,
  { now, redact }: Call,
  begun: Begun,
): AsyncGenerator<ModelEvent, ModelAnswer> {
  const pieces = cleanPieces(title, redact);
  let next = await events.next();
  for (; next.done !== true; next = await events.next()) {
    for (const piece of pieces.add(next.value)) {
      begun.firstTokenAt ??= now();
      if (piece.type === 'text') begun.text += piece.delta;
      yield piece;
    }
  }
  yield* pieces.end();
  return cleanAnswer(title, next.value, redact);
}

/**
 * Whether the model wrote a call that its vendor could not read. The same request mostly succeeds when
 * it is made again, at once.
 */
function isSlip({ message, finishReason }: ModelAnswer): boolean {
  return endingOf(finishReason) === 'malformed' && (message.tool_calls ?? []).length === 0;
}

/** What an attempt has sent, and what has come of its stream. */
interface Traffic {
  request: unknown;
  response: () => unknown;
}

/** A failure with the body as far as it came, when it has none of its own. */
function withBody(failure: ProviderFailure, body: unknown): ProviderFailure {
  const { kind, message, cause, providerResponse = body } = failure;
  return new ProviderFailure(kind, message, { ...failure, cause, providerResponse });
}

interface Call {
  readonly limits: ModelLimits;
  readonly signal: AbortSignal;
  readonly apiKey: string | undefined;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly now: () => number;
  /** Makes a text storable and removes the key from it. */
  readonly redact: Redact;
}

function withDefaults(provider: Provider, options: CallModelOptions): Call {
  const apiKey = options.apiKey ?? provider.apiKey;
  return {
    limits: options.limits ?? defaultModelLimits,
    signal: options.signal,
    apiKey,
    random: options.random ?? Math.random,
    sleep: options.sleep ?? wait,
    now: options.now ?? Date.now,
    redact: redactor(apiKey, ...(provider.secrets ?? [])),
  };
}

/** Milliseconds to wait before the next attempt; undefined when there should be none. */
function delayBefore(attempt: number, failure: ProviderFailure, call: Call): number | undefined {
  const { maxAttempts, maxRetryAfterMs } = call.limits;
  const { retryAfterMs = 0 } = failure;
  if (!failure.isRetryable || attempt > maxAttempts || retryAfterMs > maxRetryAfterMs) {
    return undefined;
  }
  // Jitter, so that calls that failed together are not repeated together; of half the wait, so that
  // none is repeated at once.
  const longestMs = attempt === 2 ? FIRST_BACKOFF_MS : LATER_BACKOFF_MS;
  return Math.max(retryAfterMs, Math.round((longestMs * (1 + call.random())) / 2));
}

async function sleepOrAbort(ms: number, { sleep, signal }: Call): Promise<void> {
  try {
    await sleep(ms, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
  signal.throwIfAborted();
}

/**
 * One attempt with time limits that hold even when the provider hangs: the attempt's signal is
 * aborted, and whatever it awaits is abandoned.
 */
async function* attemptInTime(
  provider: Provider,
  request: ModelRequest,
  call: Call,
  endsAt: number,
  traffic: Traffic,
): AsyncGenerator<ModelEvent, ModelAnswer> {
  const { signal, apiKey, now } = call;
  signal.throwIfAborted();
  const attempt = new AbortController();
  let giveUp: ((reason: unknown) => void) | undefined;
  const startedAt = now();
  let lastSignOfLife: number | undefined;

  const stop = (reason: unknown) => {
    attempt.abort(reason);
    giveUp?.(reason);
  };
  const onAbort = () => stop(signal.reason);
  const onActivity = () => {
    lastSignOfLife = now();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const events = provider.attempt(request, {
    apiKey,
    signal: attempt.signal,
    bounds: call.limits.answer,
    onActivity,
    onRequest(body) {
      traffic.request = body;
    },
    onStream(soFar) {
      traffic.response = soFar;
    },
  });
  const watch = new AbortController();
  void watchTime(call, watch.signal, deadline, (message) =>
    stop(
      new ProviderFailure('timed_out', `${provider.title} ${message}`, {
        origin: provider.title,
        providerRequest: traffic.request,
      }),
    ),
  );

  /** When the attempt times out unless another sign of life comes, and the message for that. */
  function deadline(): Deadline {
    const { firstByteTimeoutMs, idleTimeoutMs, totalTimeoutMs } = call.limits;
    const total = {
      at: endsAt,
      message: `did not finish within ${seconds(totalTimeoutMs)} (PROVIDER_TOTAL_TIMEOUT_SECONDS).`,
    };
    const first = {
      at: startedAt + firstByteTimeoutMs,
      message: `did not begin to answer within ${seconds(firstByteTimeoutMs)} (PROVIDER_FIRST_BYTE_TIMEOUT_SECONDS).`,
    };
    if (lastSignOfLife === undefined) return first.at < total.at ? first : total;
    const idle = {
      at: lastSignOfLife + idleTimeoutMs,
      message: `sent nothing for ${seconds(idleTimeoutMs)} in the middle of its answer (PROVIDER_IDLE_TIMEOUT_SECONDS).`,
    };
    return request.stream && idle.at < total.at ? idle : total;
  }

  let isOver = false;
  try {
    while (true) {
      const next = await new Promise<IteratorResult<ModelEvent, ModelAnswer>>((resolve, reject) => {
        giveUp = reject;
        if (attempt.signal.aborted) reject(attempt.signal.reason);
        else events.next().then(resolve, reject);
      });
      onActivity();
      if (next.done === true) {
        isOver = true;
        return next.value;
      }
      yield next.value;
    }
  } finally {
    watch.abort(attemptOver);
    signal.removeEventListener('abort', onAbort);
    if (!isOver) {
      attempt.abort(attemptOver);
      // Not awaited: a provider that hangs would keep the call from ending.
      events.return(undefined as never).catch(() => undefined);
    }
  }
}

interface Deadline {
  readonly at: number;
  readonly message: string;
}

/**
 * Calls `onLate` at the deadline. There is one timer per wait: a sign of life moves the deadline,
 * and the timer is not restarted. The first sign may move it forward, so no wait is longer than a
 * stream may be silent.
 */
async function watchTime(
  { sleep, now, limits }: Call,
  signal: AbortSignal,
  deadline: () => Deadline,
  onLate: (message: string) => void,
): Promise<void> {
  try {
    while (!signal.aborted) {
      const { at, message } = deadline();
      const leftMs = at - now();
      if (leftMs <= 0) {
        onLate(message);
        return;
      }
      await sleep(Math.min(leftMs, limits.idleTimeoutMs), signal);
    }
  } catch {
    // The sleep was aborted, because the attempt is over.
  }
}

/**
 * Like `timers/promises`, but an abort creates no error with a stack, which is costly for waits
 * that are seldom needed.
 */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

function seconds(ms: number): string {
  return `${ms / 1_000} s`;
}
