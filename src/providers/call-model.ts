import type { Logger } from '../kernel/logger.ts';
import { cleanAnswer, cleanFailure, cleanPieces, redactor } from './clean-answer.ts';
import {
  type ModelAnswer,
  type ModelEvent,
  type ModelRequest,
  type Provider,
  ProviderFailure,
} from './provider.ts';

/** How long a model call may take, and how often it is tried. */
export interface ModelLimits {
  /** From the start of an attempt to the first that comes of an answer. */
  readonly firstByteTimeoutMs: number;
  /** Between one piece of a stream and the next; a call without a stream has none. */
  readonly idleTimeoutMs: number;
  /** For the whole call, its repeats and the waits between them included. */
  readonly totalTimeoutMs: number;
  /** The first one included. */
  readonly maxAttempts: number;
  /** A vendor that asks for a longer wait is not waited for. */
  readonly maxRetryAfterMs: number;
}

/**
 * A model that reasons may say nothing for minutes, and an answer without a stream comes all at
 * once at its end; ten minutes is what both vendors' own clients wait for one attempt.
 */
export const defaultModelLimits: ModelLimits = {
  firstByteTimeoutMs: 600_000,
  idleTimeoutMs: 300_000,
  totalTimeoutMs: 1_200_000,
  maxAttempts: 3,
  maxRetryAfterMs: 30_000,
};

export interface CallModelOptions {
  /** Undefined: the server's own for this vendor. */
  readonly apiKey: string | undefined;
  /** Ends the call wherever it is; what is thrown is the signal's reason. */
  readonly signal: AbortSignal;
  readonly limits?: ModelLimits | undefined;
  /** Told of each attempt that will be repeated. */
  readonly log?: Pick<Logger, 'warn'> | undefined;
  /** From 0 to 1, as `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Ends after so many milliseconds, or throws when the signal aborts. */
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<unknown>) | undefined;
  /** Milliseconds since 1970, on the clock that `sleep` waits by. */
  readonly now?: (() => number) | undefined;
}

/** An answer, and when it came. */
export interface TimedAnswer extends ModelAnswer {
  readonly startedAt: Date;
  /** When the first piece came; null when the answer came whole. */
  readonly firstTokenAt: Date | null;
  readonly endedAt: Date;
}

/** Why what an attempt has begun is ended; nobody sees it. */
const over = new Error('The attempt is over.');

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 8_000;

/**
 * Calls a model: one attempt, and others after it as long as a repeat can help and nothing has
 * been yielded. What it yields and returns can be stored, and holds no API key.
 *
 * @throws ProviderFailure when the call fails; the signal's reason when it is aborted.
 */
export async function* callModel(
  provider: Provider,
  request: ModelRequest,
  options: CallModelOptions,
): AsyncGenerator<ModelEvent, TimedAnswer> {
  const call = callOf(provider, options);
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
      const delayMs =
        firstTokenAt === undefined ? delayBefore(attempt + 1, failure, call) : undefined;
      if (delayMs === undefined || now() + delayMs >= endsAt) throw failure;
      const { origin, kind, status } = failure;
      options.log?.warn({ origin, kind, status, attempt, delayMs }, 'model call is repeated');
      await sleepOrAbort(delayMs, call);
    } finally {
      // However it ends, a caller that wants no more included, the connection is closed.
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
  /** Text without the key, as it can be stored. */
  readonly redact: (text: string) => string;
}

function callOf(provider: Provider, options: CallModelOptions): Call {
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

/** Milliseconds to wait before an attempt, or undefined when there is to be none. */
function delayBefore(attempt: number, failure: ProviderFailure, call: Call): number | undefined {
  const { maxAttempts, maxRetryAfterMs } = call.limits;
  const { retryAfterMs = 0 } = failure;
  if (!failure.isRetryable || attempt > maxAttempts || retryAfterMs > maxRetryAfterMs) {
    return undefined;
  }
  // Full jitter: those who failed together should not come back together.
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
 * One attempt that ends when its time is over, whatever the provider does: what it awaits is
 * given up, and its signal tells it so.
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

  /** When the attempt is over unless it shows another sign of life, and how to say so then. */
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
      message: `fell silent for ${seconds(idleTimeoutMs)} in the middle of its answer.`,
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
    watch.abort(over);
    signal.removeEventListener('abort', onAbort);
    if (!isOver) {
      attempt.abort(over);
      // Not awaited: a provider that hangs would hold the call.
      events.return(undefined as never).catch(() => undefined);
    }
  }
}

interface Deadline {
  readonly at: number;
  readonly message: string;
}

/** One timer for an attempt: signs of life move the deadline, not the timer. */
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
    // The attempt is over, and with it the watch.
  }
}

/** As `timers/promises`, without the cost of an error with a stack whenever a wait is not needed. */
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
