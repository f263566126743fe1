import type { FastifyRequest } from 'fastify';

/** Failed Dependency: what the request depends on has failed. */
export const failedDependency = 424;

/**
 * The status of the answer about a failed run.
 *
 * After a 408, 429 or 5xx the official Node client repeats a request up to two times. Each repeat
 * would be another run with another log, which calls the vendor again. So this client gets a status
 * that it does not repeat.
 */
export function runFailureStatus({ headers }: FastifyRequest, status: number): number {
  const isRepeated = status === 408 || status === 429 || status >= 500;
  return isRepeated && headers['x-fern-language'] === 'JavaScript' ? failedDependency : status;
}
