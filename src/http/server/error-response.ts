import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCategory, type Fault, PlatformError } from '../../kernel/errors.ts';
import { errorFields, type Logger } from '../../kernel/logger.ts';
import { faultsFromErrors } from '../../kernel/schema-faults.ts';
import { clipText } from '../../kernel/text.ts';
import { failedLogOf } from '../routes/run-failure.ts';
import { bodyLimit } from './json-body.ts';
import { runFailureStatus } from './sdk-client.ts';
import { locPart } from './validation.ts';

const statusOf: Record<ErrorCategory, number> = {
  malformed: 400,
  invalid: 422,
  unsupported: 415,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_many: 429,
  upstream: 502,
  unavailable: 503,
};

/** The code and message of a refusal. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** Refusals by the server framework, in our words. */
export const frameworkRefusals: Readonly<Record<number, Refusal>> = {
  400: { code: 'bad_request', message: 'The request cannot be read.' },
  408: { code: 'request_timeout', message: 'The request did not arrive completely in time.' },
  413: {
    code: 'body_too_large',
    message: `The body is larger than ${bodyLimit / 1024 / 1024} MB, the most that this server accepts.`,
  },
  414: { code: 'url_too_long', message: 'The URL is longer than this server accepts.' },
  415: {
    code: 'not_json',
    message: 'The body must be JSON. Send it with Content-Type: application/json.',
  },
  431: { code: 'headers_too_large', message: 'The headers are longer than this server accepts.' },
};

/** What is wrong with a request that cannot be read, by the error code of the framework. */
const unreadable: Readonly<Record<string, string>> = {
  FST_ERR_BAD_URL: 'The URL contains a `%` that does not begin a valid escape sequence.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The length of the body does not match Content-Length.',
};

/**
 * Answers an error. `detail` has the type that v5 clients know: a list of faults for a request that
 * does not fit its schema, an object for an answer of a provider, else a sentence. The stable
 * `code` and the id of the request are beside it, and the id of the log if a run failed.
 */
export function sendError(
  logger: Logger,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { status, code, detail, fields, retryAfterSeconds } = answerTo(error);
  if (status >= 500 && !(error instanceof PlatformError)) {
    logger.error(
      { request_id: request.id, route: request.routeOptions.url, ...errorFields(error) },
      'A request failed.',
    );
  }
  if (retryAfterSeconds !== undefined) {
    void reply.header('retry-after', String(Math.ceil(retryAfterSeconds)));
  }
  // Set the header again: if the framework refused the request, no hook has run.
  void reply.header('x-request-id', request.id);
  const logId = failedLogOf(error);
  return reply
    .code(logId === undefined ? status : runFailureStatus(request, status))
    .send({ detail, code, request_id: request.id, log_id: logId, ...fields });
}

/** The answer to an error. */
export interface ErrorAnswer {
  readonly status: number;
  readonly code: string;
  readonly detail: unknown;
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** Finds the answer to an error. */
export function answerTo(error: unknown): ErrorAnswer {
  if (error instanceof PlatformError) {
    const { category, code, message, faults, detail, fields, retryAfterSeconds } = error;
    return {
      status: statusOf[category],
      code,
      detail: faults?.map(plainFault) ?? detail ?? plain(message),
      fields,
      retryAfterSeconds,
    };
  }
  const { validation, validationContext, statusCode, code: reason } = error as FastifyError;
  if (validation) {
    return {
      status: 422,
      code: 'invalid',
      detail: faultsFromErrors(validation, locPart(validationContext)).map(plainFault),
    };
  }
  const refusal = statusCode === undefined ? undefined : frameworkRefusals[statusCode];
  if (statusCode && refusal) {
    const detail = unreadable[reason] ?? refusal.message;
    return { status: statusCode, code: refusal.code, detail };
  }
  if (statusCode && statusCode < 500) {
    return { status: statusCode, code: 'bad_request', detail: plain((error as Error).message) };
  }
  return {
    status: 500,
    code: 'internal',
    detail: 'This is an error in the server. Its log has the details under this request id.',
  };
}

/** Characters of a message: a name in it may be as long as a body. */
const longestMessage = 2_000;

/**
 * A message without straight quotes: old clients replace quotes before they parse an answer, and
 * would lose a message with one.
 */
export function plain(message: string): string {
  return clipText(message, longestMessage).replaceAll("'", '’').replaceAll('"', '”');
}

function plainFault(fault: Fault): Fault {
  return { ...fault, msg: plain(fault.msg) };
}
