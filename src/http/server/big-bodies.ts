import type { FastifyInstance, FastifyRequest } from 'fastify';
import { longTurn } from '../../kernel/long-turns.ts';

/**
 * Lets other requests be answered between the steps of one with a big body: to parse it, to check it
 * and to handle it take up to 0.2 s each. The parsers of bodies call {@link turnForBody} themselves.
 */
export function restBetweenSteps(app: FastifyInstance): void {
  const hook = (request: FastifyRequest, _reply: unknown, done: () => void) => {
    // A body that comes in chunks does not say how long it is.
    const length =
      request.headers['transfer-encoding'] === undefined
        ? Number(request.headers['content-length'] ?? 0)
        : Number.POSITIVE_INFINITY;
    const turn = turnForBody(request, length);
    if (turn) void turn.then(done);
    else done();
  };
  app.addHook('preValidation', hook);
  app.addHook('preHandler', hook);
}

/** @returns a turn for a step of a body that takes some milliseconds, and undefined for others. */
export function turnForBody(request: FastifyRequest, bytes: number): Promise<void> | undefined {
  // Requests outside of `/v5` have no caller.
  if (bytes > big) return longTurn(request.caller?.workspace.organizationId ?? '');
  return undefined;
}

/** Bytes of a body. */
const big = 64 * 1024;
