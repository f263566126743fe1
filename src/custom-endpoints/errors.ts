import { PlatformError } from '../kernel/errors.ts';

export const customEndpointNotFound = (name: string) =>
  new PlatformError(
    'not_found',
    'custom_endpoint_not_found',
    `Your organization has no custom endpoint \`${name}\`.`,
  );

export const customEndpointExists = (name: string) =>
  new PlatformError(
    'conflict',
    'custom_endpoint_exists',
    `Your organization already has a custom endpoint \`${name}\`. Change it with PATCH, or choose another name.`,
  );

/** Reported like a missing key, because the same people can mend it: those who manage the endpoint. */
export function endpointUnreadable(name: string, cause: unknown): PlatformError {
  const message =
    `The key and the headers of your custom endpoint \`${name}\` cannot be read: they were encrypted ` +
    'with a secret key that the server no longer has. Set them again at `/v5/custom-endpoints`.';
  return new PlatformError('invalid', 'custom_endpoint_unreadable', message, {
    detail: { type: 'custom_endpoint_unreadable', message, code: 422, origin: name },
    cause,
  });
}
