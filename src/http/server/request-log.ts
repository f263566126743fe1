import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../kernel/logger.ts';

/** Routes that monitoring requests every few seconds: logged only if they fail. */
const probes: ReadonlySet<string | undefined> = new Set(['/healthz', '/readyz']);

/**
 * Logs a request when it is over: after the last byte of the answer (for a stream, the end of the
 * stream), or when the client disconnects.
 *
 * The line has the pattern of the route (`/v5/agents/:id`), never the address: ids and queries
 * belong to users. It has no headers and no bodies.
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

/** The fields of a line. */
interface RequestLine {
  /** Null for a method that HTTP does not have. */
  readonly method: string | null;
  readonly route: string | null;
  /** Null if there was no answer. */
  readonly status: number | null;
  /** Null if the server does not know when the request began. */
  readonly ms: number | null;
  readonly request_id: string;
  /** The connection broke before the whole answer was sent. */
  readonly cut_off?: true;
}

/** Logs a request that is over. */
export function logRequest(logger: Logger, line: RequestLine): void {
  logger.info({ ...line }, line.cut_off ? 'A request was cut off.' : 'A request was answered.');
}
