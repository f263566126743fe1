import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const prefix = 'lw_sk_';
const secretLength = 32;
const checksumLength = 6;

/**
 * A new API key: `lw_sk_`, 32 random characters of base62 (190 bits), and a checksum of six
 * characters. With the checksum, a secret scanner recognises a leaked key without asking the
 * server.
 */
export function newApiKey(): string {
  let secret = '';
  while (secret.length < secretLength) {
    for (const byte of randomBytes(secretLength)) {
      // 248 is the largest multiple of 62 below 256: using the bytes above it would make some
      // characters likelier.
      if (byte < 248 && secret.length < secretLength) secret += alphabet[byte % 62];
    }
  }
  return `${prefix}${secret}${checksum(secret)}`;
}

function checksum(secret: string): string {
  let rest = crc32(secret);
  let text = '';
  for (let i = 0; i < checksumLength; i++) {
    text = alphabet[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/** The SHA-256 of a key, which is all that is stored of it. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** The first characters of a key, by which its owner recognises it. */
export function apiKeyHint(key: string): string {
  return `${key.slice(0, Math.min(10, Math.floor(key.length / 2)))}…`;
}
