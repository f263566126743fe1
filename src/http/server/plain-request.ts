import type { FastifyRequest } from 'fastify';
import { encodedBody, foreignCharset, twoHosts } from './errors.ts';

/**
 * Refuses requests that servers and proxies may read in different ways, and bodies that are not what
 * they look like: a proxy in between may have read another host or another body than we would.
 *
 * @throws `encoded_body`, `foreign_charset` (unsupported), `bad_request` (malformed).
 */
export function requirePlainRequest({ headers, raw }: FastifyRequest): void {
  const names = raw.rawHeaders.filter((_, place) => place % 2 === 0);
  if (names.filter((name) => name.toLowerCase() === 'host').length > 1) throw twoHosts();
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') throw encodedBody(encoding);
  const charset = /;\s{0,9}charset="?([^\s;"]{1,99})/i.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !utf8.has(charset.toLowerCase())) throw foreignCharset(charset);
}

const utf8: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);
