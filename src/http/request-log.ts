import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../kernel/logger.ts';

/** Routes that are asked every few seconds by whoever watches the server: told only when they fail. */
const probes: ReadonlySet<string | undefined> = new Set(['/healthz', '/readyz']);

/**
 * Logs a request when its connection is done with it: after the last byte of the answer, which for
 * a stream is the end of the stream, or when the client has hung up.
 *
 * The line has the pattern of the route (`/v5/agents/:id`), never the address itself: ids and
 * queries are the users'. It has nothing of headers or bodies.
 */
export function logWhenAnswered(
  logger: Logger,
  { id, method, routeOptions }: FastifyRequest,
  { raw }: FastifyReply,
): void {
  const startedAt = performance.now();
  // Comes after `finish`, and without it where the connection broke.
  raw.once('close', () => {
    const isCutOff = !raw.writableFinished;
    const isOk = !isCutOff && raw.statusCode < 400;
    if (isOk && probes.has(routeOptions.url)) return;
    logger.info(
      {
        method,
        route: routeOptions.url ?? null,
        status: raw.headersSent ? raw.statusCode : null,
        ms: Math.round((performance.now() - startedAt) * 10) / 10,
        request_id: id,
        ...(isCutOff ? { cut_off: true } : {}),
      },
      isCutOff ? 'A request was cut off.' : 'A request was answered.',
    );
  });
}
