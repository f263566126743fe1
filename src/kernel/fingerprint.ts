import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/**
 * The identity of a value: equal values have equal fingerprints, whatever the order of their keys.
 *
 * @returns 32 lower-case hex digits: the first 128 bits of the SHA-256 of its canonical JSON.
 */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 32);
}
