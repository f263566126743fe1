import { hash, randomFillSync } from 'node:crypto';

/**
 * Crockford's base32 in lower case: texts sort like their bits, and no letter looks like a digit.
 */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** The first letters of an id, which say what the id belongs to. */
export type IdPrefix =
  | 'org'
  | 'usr'
  | 'key'
  | 'ses'
  | 'inv'
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
  | 'dp'
  | 'evr'
  | 'run';

const pool = new Uint8Array(16 * 256);
let used = pool.length;
let lastMs = 0;
let counter = 0;

/**
 * A new id: the prefix, `_`, and 26 characters of lower-case base32.
 *
 * Ids sort by the time they were made: 48 bits of milliseconds, 20 bits of counter, 60 random bits.
 * The counter (at most 2^16) grows within a millisecond, so ids of one process never go backwards.
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

/** Whether a text has the form that {@link newId} gives to ids with this prefix. */
export function isNewId(prefix: IdPrefix, text: string): boolean {
  return (
    text.startsWith(`${prefix}_`) && /^[0-9a-hjkmnp-tv-z]{26}$/.test(text.slice(prefix.length + 1))
  );
}

/**
 * An id derived from a content: equal texts have equal ids.
 *
 * @returns the prefix, `_`, and the first 130 bits of the text's SHA-256 as 26 base32 characters.
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
