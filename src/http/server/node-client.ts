import type { FastifyRequest } from 'fastify';

/** Failed Dependency: what the request depended on has failed. */
export const failedDependency = 424;

/**
 * The status of the answer about a run that has failed.
 *
 * The official Node client sends a request up to twice more after a 408, a 429 or a 5xx. Each would be
 * a run of its own, with a log of its own, and would call the vendor as often as the first one has
 * done already. For this client such a failure has a status that it does not repeat.
 */
export function runFailureStatus({ headers }: FastifyRequest, status: number): number {
  const isRepeated = status === 408 || status === 429 || status >= 500;
  return isRepeated && headers['x-fern-language'] === 'JavaScript' ? failedDependency : status;
}
