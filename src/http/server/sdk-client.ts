import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';

/** Failed Dependency: something that the request depends on has failed. */
export const failedDependency = 424;

/**
 * The status for a failed run.
 *
 * After a 408, 429 or 5xx the official Node client repeats a request up to two times. Each repeat
 * would start another run with another log, and call the vendor again. For this client the status
 * is therefore one that it does not repeat.
 */
export function runFailureStatus({ headers }: FastifyRequest, status: number): number {
  const isRepeated = status === 408 || status === 429 || status >= 500;
  return isRepeated && isNodeSdk(headers) ? failedDependency : status;
}

/** Whether a request comes from a published v5 SDK. They all send the name of their language. */
export function isSdk(headers: IncomingHttpHeaders): boolean {
  return headers['x-fern-language'] !== undefined;
}

/** Whether a request comes from the v5 SDK for Node. */
export function isNodeSdk(headers: IncomingHttpHeaders): boolean {
  return headers['x-fern-language'] === 'JavaScript';
}
