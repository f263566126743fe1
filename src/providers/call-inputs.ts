import { type ModelRequest, ProviderFailure } from './provider.ts';

/**
 * A key as it can stand in a header.
 *
 * @throws ProviderFailure `unauthorized` when it cannot.
 */
export function usableKey(origin: string, apiKey: string | undefined): string {
  if (apiKey === undefined || apiKey.trim() === '') {
    throw new ProviderFailure('unauthorized', `There is no key for ${origin}.`, { origin });
  }
  if (!/^[\x21-\x7e]+$/.test(apiKey.trim())) {
    const message = `The key for ${origin} has characters that no key has.`;
    throw new ProviderFailure('unauthorized', message, { origin });
  }
  return apiKey.trim();
}

/** `other` without the fields that decide how we have to read the answer. */
export function withoutOurs(other: ModelRequest['other']) {
  const { stream, n, ...rest } = other;
  const warnings: string[] = [];
  if (stream !== undefined) warnings.push('`stream` was left out: the call itself says whether.');
  if (n === undefined || n === 1) return { other: n === 1 ? { ...rest, n } : rest, warnings };
  warnings.push('`n` was left out: a call has one answer.');
  return { other: rest, warnings };
}
