import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Seals what must not be readable at rest. */
export interface SecretBox {
  /**
   * Encrypts a text.
   *
   * @param belongsTo where the text is kept (organization and row): it opens there and nowhere else.
   */
  seal(text: string, belongsTo: string): Buffer;
  /** @throws Error when the bytes were sealed elsewhere, with another key, or were changed. */
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
  const keys = [key, ...(previous ? [previous] : [])].map((bytes) => ({ bytes, id: keyId(bytes) }));
  const current = keys[0] as (typeof keys)[number];
  return {
    seal(text, belongsTo) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', current.bytes, nonce);
      cipher.setAAD(Buffer.from(belongsTo));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([current.id, nonce, cipher.getAuthTag(), body]);
    },
    open(sealed, belongsTo) {
      const id = sealed.subarray(0, keyIdBytes);
      const found = keys.find((candidate) => candidate.id.equals(id));
      if (!found) throw new Error('This was sealed with a key that the server no longer has.');
      const nonce = sealed.subarray(keyIdBytes, keyIdBytes + nonceBytes);
      const tagEnd = keyIdBytes + nonceBytes + tagBytes;
      const decipher = createDecipheriv('aes-256-gcm', found.bytes, nonce);
      decipher.setAAD(Buffer.from(belongsTo));
      decipher.setAuthTag(sealed.subarray(keyIdBytes + nonceBytes, tagEnd));
      return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()]).toString();
    },
  };
}

function keyId(key: Buffer): Buffer {
  return createHash('sha256').update(key).digest().subarray(0, keyIdBytes);
}
