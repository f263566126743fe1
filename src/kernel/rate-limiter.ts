/** The most names whose counts are kept; the one that was seen least recently is forgotten first. */
const mostNames = 10_000;

interface Bucket {
  left: number;
  at: number;
}

/**
 * Counts what happens in the name of an address or a key. Each has a bucket with as many tokens as
 * may be used in a minute, which fills up again by and by: so a quiet caller may send many requests
 * at once, and a busy one goes on evenly.
 */
export class RateLimiter {
  readonly #perMinute: number;
  readonly #now: () => number;
  /** In the order in which they were used last. */
  readonly #buckets = new Map<string, Bucket>();

  /**
   * @param perMinute 0: no limit.
   * @param now a clock in milliseconds; its zero point does not matter.
   */
  constructor(perMinute: number, now = () => performance.now()) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** Uses a token. @returns 0, or the seconds after which there is one again; none is used then. */
  take(name: string): number {
    if (this.#perMinute === 0) return 0;
    const bucket = this.#bucketOf(name);
    if (bucket.left < 1) return Math.ceil(((1 - bucket.left) * 60) / this.#perMinute);
    bucket.left -= 1;
    return 0;
  }

  /** Gives back a token that was used for something that does not count. */
  giveBack(name: string): void {
    if (this.#perMinute > 0) this.#bucketOf(name).left += 1;
  }

  #bucketOf(name: string): Bucket {
    const now = this.#now();
    const bucket = this.#buckets.get(name) ?? { left: this.#perMinute, at: now };
    const grown = bucket.left + ((now - bucket.at) * this.#perMinute) / 60_000;
    bucket.left = Math.min(this.#perMinute, grown);
    bucket.at = now;
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > mostNames && oldest !== undefined) this.#buckets.delete(oldest);
    return bucket;
  }
}
