import { expect, test } from 'vitest';
import { apiKeyHint, hashApiKey, newApiKey } from './api-key.ts';

test('a new key has a prefix, 32 characters that nobody can guess, and a checksum of them', () => {
  const keys = Array.from({ length: 200 }, newApiKey);
  for (const key of keys) expect(key).toMatch(/^lw_sk_[0-9A-Za-z]{38}$/);
  expect(new Set(keys.map((key) => key.slice(6, 38))).size).toBe(200);
  // Each of the 62 characters comes.
  expect(new Set(keys.flatMap((key) => [...key.slice(6, 38)])).size).toBe(62);
});

test('the checksum is the CRC-32 of the random characters, in base62', () => {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  for (const key of Array.from({ length: 50 }, newApiKey)) {
    const told = [...key.slice(38)].reduce((sum, digit) => sum * 62 + alphabet.indexOf(digit), 0);
    expect(told).toBe(crc32(key.slice(6, 38)));
  }
});

/** As the standard has it, bit by bit. */
function crc32(text: string): number {
  let crc = 0xff_ff_ff_ff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xed_b8_83_20 : 0);
  }
  return ~crc >>> 0;
}

test('of a key its SHA-256 is stored', () => {
  expect(hashApiKey('abc').toString('hex')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});

test.each([
  ['lw_sk_abcdefghijk', 'lw_sk_ab…'],
  ['lw_sk_abcdefghijklmnopq', 'lw_sk_abcd…'],
  ['lw_sk_abcdefghijklm', 'lw_sk_abc…'],
  ['short', 'sh…'],
])('the hint of %s is %s: never more than ten characters, nor than half of it', (key, hint) => {
  expect(apiKeyHint(key)).toBe(hint);
});
