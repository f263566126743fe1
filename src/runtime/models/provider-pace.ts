import type { ProviderName } from '../../contract/providers.ts';

/** How many calls go to a vendor at first. */
const firstLimit = 8;
/** The most calls at once, however well they go. */
const highestLimit = 256;
/** Milliseconds after a halving in which further refusals say nothing new. */
const halvingMs = 1_000;

interface Pace {
  limit: number;
  halvedAt: number;
  /** Milliseconds since 1970 until which the vendor asked to wait. */
  blockedUntil: number;
}

/**
 * How many model calls at once each vendor takes from an organization, learned from its answers: the
 * limit grows by one each time that as many calls as it allows have succeeded, and is halved when the
 * vendor says that there are too many. Each process learns by itself.
 *
 * Calls that somebody waits for only teach it. Evaluations obey it.
 */
export class ProviderPace {
  readonly #paces = new Map<string, Pace>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The most calls at once; 0 while the vendor wants none. */
  limit(organizationId: string, provider: ProviderName): number {
    const { limit, blockedUntil } = this.#pace(organizationId, provider);
    return blockedUntil > this.#now() ? 0 : Math.floor(limit);
  }

  answered(organizationId: string, provider: ProviderName): void {
    const pace = this.#pace(organizationId, provider);
    pace.limit = Math.min(highestLimit, pace.limit + 1 / pace.limit);
  }

  /** @param retryAfterMs how long the vendor asked to wait. */
  refused(organizationId: string, provider: ProviderName, retryAfterMs = 0): void {
    const pace = this.#pace(organizationId, provider);
    const now = this.#now();
    pace.blockedUntil = Math.max(pace.blockedUntil, now + retryAfterMs);
    if (now - pace.halvedAt < halvingMs) return;
    pace.limit = Math.max(1, pace.limit / 2);
    pace.halvedAt = now;
  }

  #pace(organizationId: string, provider: ProviderName): Pace {
    const key = `${organizationId} ${provider}`;
    let pace = this.#paces.get(key);
    if (!pace) {
      pace = { limit: firstLimit, halvedAt: Number.NEGATIVE_INFINITY, blockedUntil: 0 };
      this.#paces.set(key, pace);
    }
    return pace;
  }
}
