import type { FastifyRequest } from 'fastify';

/** Whether a client has what this tag is for, by the tags that it sends (RFC 9110, 13.1.2); `*` is any. */
export function hasAlready({ headers }: FastifyRequest, etag: string): boolean {
  const tags = (headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim());
  return tags.includes('*') || tags.some((tag) => tag.replace(/^W\//, '') === etag);
}
