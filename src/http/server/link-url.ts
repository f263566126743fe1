import type { FastifyRequest } from 'fastify';
import { ownUrl } from './own-url.ts';

/** The whole address of a page of this server, for whoever makes a request. */
export type LinkUrl = (request: FastifyRequest, path: string) => string;

/** @param publicUrl where people reach the server; undefined: where the request has reached it. */
export function linkUrl(publicUrl: string | undefined): LinkUrl {
  return (request, path) => `${publicUrl ?? ownUrl(request)}${path}`;
}
