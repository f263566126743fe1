import { fingerprint } from '../kernel/fingerprint.ts';

/**
 * A small generator of random numbers (xoshiro128**, Blackman and Vigna 2018). The same seed gives
 * the same numbers on every machine. Not for secrets.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** @param seed any text, such as the ids that a result belongs to. */
  constructor(seed: string) {
    const digits = fingerprint(seed);
    const word = (index: number) => Number.parseInt(digits.slice(index * 8, index * 8 + 8), 16) | 0;
    this.#a = word(0);
    this.#b = word(1);
    this.#c = word(2);
    this.#d = word(3);
  }

  /** The next 32 random bits, as a whole number from 0 to 2³² − 1. */
  bits(): number {
    const product = Math.imul(this.#b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** A whole number from 0 to `count` − 1. `count` is at most 2³². */
  below(count: number): number {
    return Math.floor(this.bits() * (count / 2 ** 32));
  }
}
