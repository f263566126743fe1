import { withDoubles } from '../kernel/exact-json.ts';
import { type ModelRequest, ProviderFailure } from './provider.ts';

/**
 * A key that a header can hold.
 *
 * @throws ProviderFailure `unauthorized` when the key is missing or a header cannot hold it.
 */
export function usableKey(origin: string, apiKey: string | undefined): string {
  if (apiKey === undefined || apiKey.trim() === '') {
    throw new ProviderFailure('unauthorized', `There is no key for ${origin}.`, { origin });
  }
  if (!isKey(apiKey)) {
    const message = `The key for ${origin} contains characters that are not allowed in a key.`;
    throw new ProviderFailure('unauthorized', message, { origin });
  }
  return apiKey.trim();
}

/** Whether a header can hold a key. Spaces around it are left out. */
export function isKey(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text.trim());
}

/** `other` without the fields that would change how the answer must be read. */
export function withoutOurs(other: ModelRequest['other']) {
  const { stream, n: given, ...rest } = other;
  const n = withDoubles(given);
  const warnings: string[] = [];
  if (stream !== undefined)
    warnings.push('`stream` was left out: the call itself decides whether to stream.');
  if (n === undefined || n === 1) return { other: n === 1 ? { ...rest, n } : rest, warnings };
  warnings.push('`n` was left out: a model call has one answer.');
  return { other: rest, warnings };
}
