import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalid } from '../../kernel/errors.ts';
import { parseJson, readJson } from '../../kernel/read-json.ts';
import { turnForBody } from './big-bodies.ts';

/** Bytes of a body. */
export const bodyLimit = 20 * 1024 * 1024;

/** What error messages call a body, and its limits. */
const bodySource = (mostValues: number) => ({
  name: 'The body',
  loc: ['body'],
  most: { values: mostValues, setting: 'REQUEST_BODY_VALUES' },
});

/** Makes a server accept JSON with at most so many values, and no other body. */
export function takeJson(app: FastifyInstance, mostValues: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      await turnForBody(request, body.length);
      return readJsonBody(body, mostValues);
    },
  );
}

/**
 * Parses a body with at most so many values. An empty one is `{}`: clients leave out the body if all of its fields are absent.
 *
 * @throws `invalid` with the place of the fault, for everything that {@link readJson} refuses.
 */
function readJsonBody(bytes: Buffer, mostValues: number): unknown {
  return bytes.length === 0 ? {} : readJson(decoded(bytes), bodySource(mostValues));
}

/**
 * Parses a body whose parts the route checks one by one, in a turn of its own.
 *
 * @throws `invalid` for everything that {@link parseJson} refuses.
 */
export async function parseJsonBody(
  request: FastifyRequest,
  bytes: Buffer,
  mostValues: number,
): Promise<unknown> {
  await turnForBody(request, bytes.length);
  return bytes.length === 0 ? {} : parseJson(decoded(bytes), bodySource(mostValues));
}

function decoded(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw invalid(['body'], 'The body is not UTF-8.', 'unicode_error');
  return bytes.toString('utf8');
}
