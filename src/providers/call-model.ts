import type { Logger } from '../kernel/logger.ts';
import { cleanAnswer, cleanFailure, cleanPieces, redactor } from './clean-answer.ts';
import {
  type ModelAnswer,
  type ModelEvent,
  type ModelRequest,
  type Provider,
  ProviderFailure,
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

/** The internal reason for aborting what an attempt has left open; nobody sees it. */
const attemptOver = new Error('The attempt is over.');

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 8_000;

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
  let firstTokenAt: number | undefined;
  for (let attempt = 1; ; attempt++) {
    const events = attemptInTime(provider, request, call, endsAt);
    try {
      const pieces = cleanPieces(provider.title);
      let next = await events.next();
      for (; next.done !== true; next = await events.next()) {
        for (const piece of pieces.add(next.value)) {
          firstTokenAt ??= now();
          yield piece;
        }
      }
      yield* pieces.end();
      return {
        ...cleanAnswer(provider.title, next.value, call.redact),
        startedAt: new Date(startedAt),
        firstTokenAt: firstTokenAt === undefined ? null : new Date(firstTokenAt),
        endedAt: new Date(now()),
      };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (!(error instanceof ProviderFailure)) throw error;
      const failure = cleanFailure(error, call.redact);
      options.onFailure?.(failure);
      const delayMs =
        firstTokenAt === undefined ? delayBefore(attempt + 1, failure, call) : undefined;
      if (delayMs === undefined || now() + delayMs >= endsAt) throw failure;
      const { origin, kind, status } = failure;
      options.log?.warn({ origin, kind, status, attempt, delayMs }, 'A model call is repeated.');
      await sleepOrAbort(delayMs, call);
    } finally {
      // Closes the connection however the call ends, also when the caller stops reading.
      await events.return(undefined as never);
    }
  }
}

interface Call {
  readonly limits: ModelLimits;
  readonly signal: AbortSignal;
  readonly apiKey: string | undefined;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly now: () => number;
  /** Makes a text storable and removes the key from it. */
  readonly redact: (text: string) => string;
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
    redact: redactor(apiKey),
  };
}

/** Milliseconds to wait before the next attempt; undefined when there should be none. */
function delayBefore(attempt: number, failure: ProviderFailure, call: Call): number | undefined {
  const { maxAttempts, maxRetryAfterMs } = call.limits;
  const { retryAfterMs = 0 } = failure;
  if (!failure.isRetryable || attempt > maxAttempts || retryAfterMs > maxRetryAfterMs) {
    return undefined;
  }
  // Full jitter, so that calls that failed together are not repeated together.
  const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 2));
  return Math.max(retryAfterMs, Math.round(backoffMs * call.random()));
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
): AsyncGenerator<ModelEvent, ModelAnswer> {
  const { signal, apiKey, now } = call;
  signal.throwIfAborted();
  const attempt = new AbortController();
  let giveUp: ((reason: unknown) => void) | undefined;
  let providerRequest: unknown;
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
    onActivity,
    onRequest(body) {
      providerRequest = body;
    },
  });
  const watch = new AbortController();
  void watchTime(call, watch.signal, deadline, (message) =>
    stop(
      new ProviderFailure('timed_out', `${provider.title} ${message}`, {
        origin: provider.title,
        providerRequest,
      }),
    ),
  );

  /** When the attempt times out unless another sign of life comes, and the message for that. */
  function deadline(): Deadline {
    const { firstByteTimeoutMs, idleTimeoutMs, totalTimeoutMs } = call.limits;
    const total = { at: endsAt, message: `did not finish within ${seconds(totalTimeoutMs)}.` };
    const first = {
      at: startedAt + firstByteTimeoutMs,
      message: `did not begin to answer within ${seconds(firstByteTimeoutMs)}.`,
    };
    if (lastSignOfLife === undefined) return first.at < total.at ? first : total;
    const idle = {
      at: lastSignOfLife + idleTimeoutMs,
      message: `sent nothing for ${seconds(idleTimeoutMs)} in the middle of its answer.`,
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
 * and the timer is not restarted.
 */
async function watchTime(
  { sleep, now }: Call,
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
      await sleep(leftMs, signal);
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
