import { isUtf8 } from 'node:buffer';
import { invalid } from '../../kernel/errors.ts';
import { parseJson, readJson } from '../../kernel/read-json.ts';

/** Bytes of a body. */
export const bodyLimit = 20 * 1024 * 1024;

/** What error messages call a body. */
const source = { name: 'The body', loc: ['body'] } as const;

/**
 * Parses a body. An empty one is `{}`: clients leave out the body if all of its fields are absent.
 *
 * @throws `invalid` with the place of the fault, for everything that {@link readJson} refuses.
 */
export function readJsonBody(bytes: Buffer): unknown {
  return bytes.length === 0 ? {} : readJson(decoded(bytes), source);
}

/**
 * Parses a body whose parts the route checks one by one.
 *
 * @throws `invalid` for everything that {@link parseJson} refuses.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  return bytes.length === 0 ? {} : parseJson(decoded(bytes), source);
}

function decoded(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw invalid(source.loc, 'The body is not UTF-8.', 'unicode_error');
  return bytes.toString('utf8');
}
