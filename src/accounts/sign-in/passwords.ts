import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { invalid } from '../../kernel/errors.ts';
import { Places } from '../../kernel/places.ts';
import { signInBusy } from '../errors.ts';
import { isCommonPassword } from './common-passwords.ts';

/**
 * The cost of scrypt: 128 MB and about 0.3 s for each password (OWASP’s Password Storage Cheat Sheet,
 * November 2026: N 2^17, r 8, p 1).
 */
export const scryptCost = { N: 2 ** 17, r: 8, p: 1 } as const;

export type ScryptCost = { readonly N: number; readonly r: number; readonly p: number };

/** The shortest and longest password, in characters. */
export const passwordLength = { least: 12, most: 1_024 } as const;

/** How many passwords are computed at once: each takes memory. */
const atOnce = 2;
/** Milliseconds that a password waits for its turn. */
const longestWaitMs = 10_000;

/** Hashes and checks passwords, a few at a time. */
export class Passwords {
  readonly #cost: ScryptCost;
  readonly #places = new Places(atOnce);

  constructor(cost: ScryptCost = scryptCost) {
    this.#cost = cost;
  }

  /** @returns `scrypt$N$r$p$salt$hash`. @throws `sign_in_busy` (unavailable). */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(16);
    return this.#written(await this.#derive(password, salt, this.#cost), salt);
  }

  #written(hash: Buffer, salt = randomBytes(16)): string {
    const { N, r, p } = this.#cost;
    return ['scrypt', N, r, p, salt.toString('base64'), hash.toString('base64')].join('$');
  }

  /**
   * Whether a password is right. It takes as long when there is none to compare it with.
   *
   * @param stored what {@link hash} returned; null: there is no such account.
   * @throws `sign_in_busy` (unavailable).
   */
  async isRight(password: string, stored: string | null): Promise<boolean> {
    const [, N, r, p, salt = '', hash = ''] = (stored ?? this.#written(randomBytes(32))).split('$');
    const cost = { N: Number(N), r: Number(r), p: Number(p) };
    const expected = Buffer.from(hash, 'base64');
    const found = await this.#derive(password, Buffer.from(salt, 'base64'), cost);
    return timingSafeEqual(found, expected) && stored !== null;
  }

  async #derive(password: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
    const signal = AbortSignal.timeout(longestWaitMs);
    const options = { ...cost, maxmem: 256 * cost.N * cost.r };
    try {
      return await this.#places.take(
        () => derive(password.normalize('NFKC'), salt, options),
        signal,
      );
    } catch (error) {
      throw error === signal.reason ? signInBusy() : error;
    }
  }
}

function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 32, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/**
 * Requires that a new password is not one that would be guessed first.
 *
 * @param field of the body that has it.
 * @throws `invalid`, which does not repeat it.
 */
export function requireGoodPassword(
  password: string,
  { email, field = 'password' }: { readonly email: string; readonly field?: string },
): void {
  const complaint = passwordFault(password, email);
  if (complaint !== undefined) throw invalid(['body', field], complaint);
}

/** What is wrong with a new password; undefined when nothing is. */
export function passwordFault(password: string, email: string): string | undefined {
  const length = [...password].length;
  const { least, most } = passwordLength;
  if (length < least) return `A password needs ${least} characters or more.`;
  if (length > most) return `A password may have ${most} characters at most.`;
  const [name = ''] = email.toLowerCase().split('@');
  if (isCommonPassword(password, [email.toLowerCase(), name])) {
    return 'This password is among those that are guessed first. Choose another one, such as four random words.';
  }
  return undefined;
}
