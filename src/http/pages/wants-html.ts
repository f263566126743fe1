import type { FastifyRequest } from 'fastify';

/** Browsers ask for HTML by name. curl and programs accept anything, and get text. */
export function wantsHtml({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return /\btext\/html\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(headers.accept ?? '');
}
