import { isUtf8 } from 'node:buffer';
import { invalid } from '../kernel/errors.ts';
import { readJson } from '../kernel/read-json.ts';

/** Bytes of a body. */
export const bodyLimit = 20 * 1024 * 1024;

/**
 * Reads a body. An empty one is `{}`: clients leave out the body when all of its fields are.
 *
 * @throws `invalid` with the place of the fault, for all that {@link readJson} refuses.
 */
export function readJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  if (!isUtf8(bytes)) throw invalid(['body'], 'The body is not UTF-8.', 'unicode_error');
  return readJson(bytes.toString('utf8'), { name: 'The body', loc: ['body'] });
}
