import type { FastifyRequest } from 'fastify';

/** Whether `If-None-Match` names this ETag, or is `*` (RFC 9110, 13.1.2). */
export function hasAlready({ headers }: FastifyRequest, etag: string): boolean {
  const tags = (headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim());
  return tags.includes('*') || tags.some((tag) => tag.replace(/^W\//, '') === etag);
}
