import { hash, randomFillSync } from 'node:crypto';

/** Crockford's base32 in lower case: sorts as its bits do, and has no letters that read as digits. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** What an id is of, by its first letters. */
export type IdPrefix =
  | 'org'
  | 'usr'
  | 'key'
  | 'env'
  | 'dir'
  | 'log'
  | 'req'
  | 'own'
  | 'ag'
  | 'agv'
  | 'pr'
  | 'prv'
  | 'tl'
  | 'tv'
  | 'fl'
  | 'flv'
  | 'ev'
  | 'evv'
  | 'ds'
  | 'dsv'
  | 'mon'
  | 'var'
  | 'dp';

const pool = new Uint8Array(16 * 256);
let used = pool.length;
let lastMs = 0;
let counter = 0;

/**
 * A new id: the prefix, `_`, and 26 characters of lower-case base32.
 *
 * Ids sort by the time they were made: 48 bits of milliseconds, then a counter of up to 2^16 that goes
 * on within the millisecond, so that ids of one process never go back; 60 random bits follow.
 */
export function newId(prefix: IdPrefix): string {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    counter = 0;
  } else if (++counter > 0xffff) {
    lastMs += 1;
    counter = 0;
  }
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let text = `${prefix}_${base32(lastMs, 10)}${base32(counter, 4)}`;
  for (let i = 0; i < 12; i++) text += alphabet[(pool[used + i] as number) & 31];
  used += 16;
  return text;
}

/** Whether a text has the form of what {@link newId} returns for a prefix. */
export function isNewId(prefix: IdPrefix, text: string): boolean {
  return (
    text.startsWith(`${prefix}_`) && /^[0-9a-hjkmnp-tv-z]{26}$/.test(text.slice(prefix.length + 1))
  );
}

/**
 * The id of what is known by its content: equal texts have equal ids.
 *
 * @returns the prefix, `_`, and the first 130 bits of the text's SHA-256 as base32.
 */
export function contentId(prefix: IdPrefix, text: string): string {
  const digest = hash('sha256', text, 'buffer');
  let id = `${prefix}_`;
  for (let bit = 0; bit < 130; bit += 5) {
    const byte = bit >> 3;
    const pair = ((digest[byte] as number) << 8) | (digest[byte + 1] as number);
    id += alphabet[(pair >> (11 - (bit & 7))) & 31];
  }
  return id;
}

function base32(value: number, length: number): string {
  let text = '';
  let rest = value;
  for (let i = 0; i < length; i++) {
    text = alphabet[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
