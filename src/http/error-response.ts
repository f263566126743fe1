import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCategory, PlatformError } from '../kernel/errors.ts';
import { errorFields, type Logger } from '../kernel/logger.ts';
import { faultsOf } from './validation.ts';

const statusOf: Record<ErrorCategory, number> = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_many: 429,
  upstream: 502,
  unavailable: 503,
};

/** What the server framework refuses by itself, in our words. */
const refusals: Readonly<Record<number, { readonly code: string; readonly message: string }>> = {
  400: { code: 'bad_request', message: 'The request cannot be read.' },
  413: { code: 'body_too_large', message: 'The body is larger than this server takes.' },
  414: { code: 'url_too_long', message: 'The address is longer than this server takes.' },
  415: {
    code: 'not_json',
    message: 'The body must be JSON: send it with Content-Type: application/json.',
  },
};

/**
 * Answers an error. `detail` has the shape that v5 clients know: a list of faults for a request
 * that does not fit its schema, an object for what a provider said, a sentence for the rest. The
 * stable `code` and the request's id stand beside it.
 */
export function sendError(
  logger: Logger,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { status, code, detail, retryAfterSeconds } = answerTo(error);
  if (status >= 500 && !(error instanceof PlatformError)) {
    logger.error(
      { request_id: request.id, route: request.routeOptions.url, ...errorFields(error) },
      'A request failed.',
    );
  }
  if (retryAfterSeconds !== undefined) {
    void reply.header('retry-after', String(Math.ceil(retryAfterSeconds)));
  }
  return reply.code(status).send({ detail, code, request_id: request.id });
}

interface ErrorAnswer {
  readonly status: number;
  readonly code: string;
  readonly detail: unknown;
  readonly retryAfterSeconds?: number | undefined;
}

function answerTo(error: unknown): ErrorAnswer {
  if (error instanceof PlatformError) {
    const { category, code, message, faults, detail, retryAfterSeconds } = error;
    return {
      status: statusOf[category],
      code,
      detail: faults ?? detail ?? message,
      retryAfterSeconds,
    };
  }
  const { validation, validationContext, statusCode } = error as FastifyError;
  if (validation) {
    return {
      status: 422,
      code: 'invalid',
      detail: faultsOf(validation, validationContext ?? 'body'),
    };
  }
  const refusal = statusCode === undefined ? undefined : refusals[statusCode];
  if (statusCode && refusal) {
    return { status: statusCode, code: refusal.code, detail: refusal.message };
  }
  if (statusCode && statusCode < 500) {
    return { status: statusCode, code: 'bad_request', detail: (error as Error).message };
  }
  return {
    status: 500,
    code: 'internal',
    detail: 'This is a fault of the server. Its log tells more under the request id.',
  };
}

/** Answers a request for which there is no route. */
export function sendNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?')[0];
  return reply.code(404).send({
    detail: `There is no route ${request.method} ${path}.`,
    code: 'route_not_found',
    request_id: request.id,
  });
}
