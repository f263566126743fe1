import { mockProvider } from '../../src/providers/mock/mock-provider.ts';
import { type Provider, ProviderFailure } from '../../src/providers/provider.ts';

/** The mock provider, with what a test wants to see or hold up. */
export interface HeldModel {
  readonly provider: Provider;
  /** The last message of each call, in the order in which they came. */
  readonly asked: string[];
  /** The calls in progress, and the most at one time. */
  readonly atOnce: { now: number; most: number };
  /** What happens before a call is answered. It may throw, or wait. */
  before: (text: string, signal: AbortSignal) => Promise<unknown> | unknown;
}

export function heldModel(): HeldModel {
  const mock = mockProvider();
  const model: HeldModel = {
    asked: [],
    atOnce: { now: 0, most: 0 },
    before: () => undefined,
    provider: {
      ...mock,
      async *attempt(request, options) {
        const text = String(request.messages.at(-1)?.message.content);
        model.asked.push(text);
        const { atOnce } = model;
        atOnce.now += 1;
        atOnce.most = Math.max(atOnce.most, atOnce.now);
        try {
          await model.before(text, options.signal);
          return yield* mock.attempt(request, options);
        } finally {
          atOnce.now -= 1;
        }
      },
    },
  };
  return model;
}

/** Waits until the call is aborted. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Gates through which calls go one by one. */
export function gates() {
  const waiting: { readonly text: string; readonly open: () => void }[] = [];
  return {
    waiting,
    /** For {@link HeldModel.before}. */
    wait: (text: string, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ text, open: resolve });
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
    /** Lets all calls go on that wait now. */
    open() {
      for (const { open } of waiting.splice(0)) open();
    },
  };
}

/** The failure of a vendor with trouble. */
export const trouble = (status = 500, retryAfterMs?: number) =>
  new ProviderFailure(status === 429 ? 'rate_limited' : 'unavailable', `Mock answered ${status}.`, {
    origin: 'Mock',
    status,
    retryAfterMs,
  });
