import { invalid } from '../../kernel/errors.ts';

/** @throws `invalid` for an address with a NUL, which no id, name or path has. */
export function requireCleanUrl(url: string): void {
  if (!hasNul(url)) return;
  const where = url.indexOf('%00') < url.indexOf('?') || !url.includes('?') ? 'path' : 'query';
  throw invalid([where], 'The URL contains a NUL character.');
}

export function hasNul(url: string): boolean {
  return url.includes('%00');
}
