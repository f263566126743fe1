import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../kernel/logger.ts';

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
  // `close` and not `finish`: only `close` comes when the connection broke, too.
  raw.once('close', () => {
    const isCutOff = !raw.writableFinished;
    const isOk = !isCutOff && raw.statusCode < 400;
    if (isOk && probes.has(routeOptions.url)) return;
    logRequest(logger, {
      method,
      route: routeOptions.url ?? null,
      status: raw.headersSent ? raw.statusCode : null,
      ms: Math.round((performance.now() - startedAt) * 10) / 10,
      request_id: id,
      ...(isCutOff ? { cut_off: true } : {}),
    });
  });
}

/** What is logged of a request. */
interface RequestLine {
  /** Null where it is none that HTTP knows. */
  readonly method: string | null;
  readonly route: string | null;
  /** Null where nothing was answered. */
  readonly status: number | null;
  /** Null where the server does not know when the request began. */
  readonly ms: number | null;
  readonly request_id: string;
  /** Its connection broke before the whole answer was sent. */
  readonly cut_off?: true;
}

/** Logs a request that was answered, or cut off. */
export function logRequest(logger: Logger, line: RequestLine): void {
  logger.info({ ...line }, line.cut_off ? 'A request was cut off.' : 'A request was answered.');
}
