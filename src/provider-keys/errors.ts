import { PlatformError } from '../kernel/errors.ts';

export const providerKeyNotFound = (provider: string) =>
  new PlatformError(
    'not_found',
    'provider_key_not_found',
    `Your organization has no key for \`${provider}\`.`,
  );

/** Reported like a missing key, because the same people can mend it: those who manage the keys. */
export function providerKeyUnreadable(title: string, cause: unknown): PlatformError {
  const message =
    `Your organization’s key for ${title} cannot be read: it was encrypted with a secret key that ` +
    'the server no longer has. Set it again at `/v5/provider-keys`.';
  return new PlatformError('invalid', 'provider_key_unreadable', message, {
    detail: { type: 'provider_key_unreadable', message, code: 422, origin: title },
    cause,
  });
}
