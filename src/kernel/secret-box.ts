import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { PlatformError } from './errors.ts';

/** Seals what must not be readable at rest. */
export interface SecretBox {
  /**
   * Encrypts a text.
   *
   * @param belongsTo where the text is kept (organization and row): it opens there and nowhere else.
   */
  seal(text: string, belongsTo: string): Buffer;
  /**
   * Like `seal`, but equal texts of one place are sealed to equal bytes: what is sealed so can be
   * compared, and tells no more than that. With another key the bytes are others.
   */
  sealComparably(text: string, belongsTo: string): Buffer;
  /**
   * @throws `secret_unreadable` (conflict) when no key that there is has sealed the bytes; Error when
   *   they were sealed elsewhere, or were changed.
   */
  open(sealed: Buffer, belongsTo: string): string;
}

const nonceBytes = 12;
const tagBytes = 16;
const keyIdBytes = 4;

/**
 * AES-256-GCM. What is sealed begins with the first bytes of the key's hash, so that keys can be
 * told apart when one replaces another.
 *
 * @param key 32 bytes; it seals.
 * @param previous a key that only opens, while rows sealed with it remain.
 */
export function secretBox(key: Buffer, previous?: Buffer): SecretBox {
  const keys = [key, ...(previous ? [previous] : [])].map((bytes) => ({
    bytes,
    id: secretKeyId(bytes),
  }));
  const current = keys[0] as (typeof keys)[number];
  const sealWith = (nonce: Buffer, text: string, belongsTo: string) => {
    const cipher = createCipheriv('aes-256-gcm', current.bytes, nonce);
    cipher.setAAD(Buffer.from(belongsTo));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([current.id, nonce, cipher.getAuthTag(), body]);
  };
  const nonceKey = hmac(current.bytes, 'nonce of a comparable secret');
  return {
    seal: (text, belongsTo) => sealWith(randomBytes(nonceBytes), text, belongsTo),
    sealComparably(text, belongsTo) {
      // A nonce may not serve two texts, and this one is made of all that is sealed.
      const nonce = hmac(nonceKey, JSON.stringify([belongsTo, text])).subarray(0, nonceBytes);
      return sealWith(nonce, text, belongsTo);
    },
    open(sealed, belongsTo) {
      const id = sealed.subarray(0, keyIdBytes);
      const found = keys.find((candidate) => candidate.id.equals(id));
      if (!found) throw secretUnreadable();
      const nonce = sealed.subarray(keyIdBytes, keyIdBytes + nonceBytes);
      const tagEnd = keyIdBytes + nonceBytes + tagBytes;
      const decipher = createDecipheriv('aes-256-gcm', found.bytes, nonce);
      decipher.setAAD(Buffer.from(belongsTo));
      decipher.setAuthTag(sealed.subarray(keyIdBytes + nonceBytes, tagEnd));
      return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()]).toString();
    },
  };
}

/** The bytes with which everything begins that a key seals. */
export function secretKeyId(key: Buffer): Buffer {
  return createHash('sha256').update(key).digest().subarray(0, keyIdBytes);
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Whether an error says that there is no key that sealed something. */
export function isSecretUnreadable(error: unknown): boolean {
  return error instanceof PlatformError && error.code === 'secret_unreadable';
}

function secretUnreadable(): PlatformError {
  return new PlatformError(
    'conflict',
    'secret_unreadable',
    'This request needs a value that was encrypted with a secret key the server no longer has.',
  );
}
