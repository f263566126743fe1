import { type FailureKind, ProviderFailure } from '../provider.ts';

/** The mock's name in errors, as other vendors have theirs. */
export const title = 'Mock';

/** A request that no vendor would take, or a script that cannot be played. */
export function rejected(message: string): ProviderFailure {
  return new ProviderFailure('rejected', `${title} rejected the request: ${message}.`, {
    origin: title,
    status: 400,
    providerResponse: errorBody(400, message),
  });
}

/** The failure that a vendor's status stands for. */
export function failureOf(failure: {
  readonly status: number;
  readonly message: string;
  readonly retryAfterMs: number | undefined;
  readonly providerRequest: unknown;
}): ProviderFailure {
  const { status, message, retryAfterMs, providerRequest } = failure;
  return new ProviderFailure(kindOf(status), `${title} answered ${status}: ${message}`, {
    origin: title,
    status,
    retryAfterMs,
    providerRequest,
    providerResponse: errorBody(status, message),
  });
}

function kindOf(status: number): FailureKind {
  if (status >= 500) return 'unavailable';
  if (status === 429) return 'rate_limited';
  return status === 401 || status === 403 ? 'unauthorized' : 'rejected';
}

function errorBody(status: number, message: string): unknown {
  return { error: { message, type: kindOf(status), code: status } };
}
