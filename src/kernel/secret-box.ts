import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { PlatformError } from './errors.ts';

/** Encrypts texts that must not be readable in the database. */
export interface SecretBox {
  /**
   * Encrypts a text.
   *
   * @param belongsTo where the text is kept (organization and row). Opening it needs the same
   *   value, so a ciphertext that is copied to another row does not open there.
   */
  seal(text: string, belongsTo: string): Buffer;
  /**
   * Like `seal`, but equal texts with an equal `belongsTo` give equal bytes (under one key), so
   * that ciphertexts can be compared for equality. They reveal nothing else.
   */
  sealComparably(text: string, belongsTo: string): Buffer;
  /**
   * Decrypts what `seal` or `sealComparably` returned.
   *
   * @throws `secret_unreadable` (conflict) when none of the keys has encrypted the bytes; Error
   *   when `belongsTo` is not the one they were sealed with, or the bytes were changed.
   */
  open(sealed: Buffer, belongsTo: string): string;
}

const nonceBytes = 12;
const tagBytes = 16;
const keyIdBytes = 4;

/**
 * AES-256-GCM. A ciphertext begins with the first bytes of its key's hash, so that the right key is
 * found when one replaces another.
 *
 * @param key 32 bytes; encrypts and decrypts.
 * @param previous a key that only decrypts, for the rows that were sealed before the key was
 *   changed.
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
      // One nonce for two texts would break the encryption, so it is derived from everything that
      // is sealed.
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

/** The first bytes of everything that a key seals: they identify the key. */
export function secretKeyId(key: Buffer): Buffer {
  return createHash('sha256').update(key).digest().subarray(0, keyIdBytes);
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Whether an error is the `secret_unreadable` of {@link SecretBox.open}. */
export function isSecretUnreadable(error: unknown): boolean {
  return error instanceof PlatformError && error.code === 'secret_unreadable';
}

function secretUnreadable(): PlatformError {
  return new PlatformError(
    'conflict',
    'secret_unreadable',
    'This request needs a value that was encrypted with a secret key that the server no longer has.',
  );
}
