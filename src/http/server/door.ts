import { isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { PlatformError } from '../../kernel/errors.ts';
import { RateLimiter } from '../../kernel/rate-limiter.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Requests of the route are let in without being counted. */
    readonly isUnlimited?: boolean;
  }
}

/** How many requests are let in. All numbers are per minute; 0 is no limit. */
export interface DoorLimits {
  /**
   * Requests of one address with a wrong key; as many for `/readyz`, and as many for the description
   * and the pages, which need no key.
   */
  readonly perAddress: number;
  /** Requests with one API key. */
  readonly perKey: number;
  /** Addresses and ranges of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
}

/** Counts requests before anything is done for them. */
export class Door {
  readonly #limits: DoorLimits;
  readonly #wrongKeys: RateLimiter;
  readonly #probes: RateLimiter;
  readonly #pages: RateLimiter;
  readonly #keys: RateLimiter;

  constructor(limits: DoorLimits) {
    const { perAddress, perKey } = limits;
    this.#limits = limits;
    this.#wrongKeys = new RateLimiter(perAddress);
    this.#probes = new RateLimiter(perAddress);
    this.#pages = new RateLimiter(perAddress);
    this.#keys = new RateLimiter(perKey);
  }

  /** A hook for `/readyz`. @throws `rate_limited` (too_many). */
  readonly probe = async (request: FastifyRequest): Promise<void> => {
    this.#require(this.#probes, request);
  };

  /** A hook for what is shown without a key. @throws `rate_limited` (too_many). */
  readonly page = async (request: FastifyRequest): Promise<void> => {
    if (!request.routeOptions.config.isUnlimited) this.#require(this.#pages, request);
  };

  /**
   * Counts a key that may be wrong.
   *
   * @returns a function to call when it is right: then it does not count.
   * @throws `rate_limited` (too_many).
   */
  tryKey(request: FastifyRequest): () => void {
    const address = this.#require(this.#wrongKeys, request);
    return () => this.#wrongKeys.giveBack(address);
  }

  /** Counts a request with a key that is right. @throws `rate_limited` (too_many). */
  requireRoom(keyId: string): void {
    const seconds = this.#keys.take(keyId);
    if (seconds > 0) {
      throw rateLimited(
        `More than ${this.#limits.perKey} requests in a minute came with this API key, which is the limit (REQUESTS_PER_MINUTE_PER_KEY).`,
        seconds,
      );
    }
  }

  #require(limiter: RateLimiter, { ip }: FastifyRequest): string {
    const address = networkOf(ip);
    const seconds = limiter.take(address);
    if (seconds === 0) return address;
    throw rateLimited(
      `More than ${this.#limits.perAddress} requests of this kind without a valid API key came from your address in a minute, which is the limit (REQUESTS_PER_MINUTE_PER_ADDRESS).`,
      seconds,
    );
  }
}

function rateLimited(message: string, retryAfterSeconds: number): PlatformError {
  return new PlatformError('too_many', 'rate_limited', message, { retryAfterSeconds });
}

/** Whoever has one IPv6 address has at least the 2^64 of its network. */
export function networkOf(ip: string): string {
  if (!isIPv6(ip) || ip.includes('.')) return ip;
  const [head = '', tail] = ip.split('::');
  const front = head.split(':').filter((part) => part !== '');
  const back = (tail ?? '').split(':').filter((part) => part !== '');
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  return [...front, ...Array<string>(Math.max(0, zeros)).fill('0'), ...back].slice(0, 4).join(':');
}
