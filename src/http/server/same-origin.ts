import type { FastifyRequest } from 'fastify';
import { crossSiteRequest } from './errors.ts';

/**
 * Requires that a request comes from a page of this server, so that another site cannot use the session
 * of its visitor. Browsers say where a request comes from, in `Sec-Fetch-Site` or at least in `Origin`.
 *
 * @param publicUrl where people reach the server, if the operator has said.
 * @throws `cross_site_request` (forbidden), also when the request does not say.
 */
export function requireSameOrigin(request: FastifyRequest, publicUrl: string | undefined): void {
  if (comesFrom(request, publicUrl) !== 'here') throw crossSiteRequest();
}

/**
 * The same for a request that brings no session: what says nothing is no browser, and is let in.
 * Otherwise another site could sign its visitors in to an account of its own.
 *
 * @throws `cross_site_request` (forbidden).
 */
export function refuseOtherSites(request: FastifyRequest, publicUrl: string | undefined): void {
  if (comesFrom(request, publicUrl) === 'elsewhere') throw crossSiteRequest();
}

function comesFrom(
  { headers, host }: FastifyRequest,
  publicUrl: string | undefined,
): 'here' | 'elsewhere' | 'unknown' {
  const { 'sec-fetch-site': site, origin } = headers;
  if (site !== undefined) return site === 'same-origin' ? 'here' : 'elsewhere';
  if (origin === undefined) return 'unknown';
  // `null` and other texts that are no URL are of no page of ours.
  const from = URL.parse(origin);
  if (!from) return 'elsewhere';
  // The same protocol as the origin: behind a proxy the server does not see the one of the page.
  const own = [publicUrl ?? '', `${from.protocol}//${host}`];
  return own.some((url) => URL.parse(url)?.host === from.host) ? 'here' : 'elsewhere';
}
