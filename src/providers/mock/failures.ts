import { type FailureKind, ProviderFailure } from '../provider.ts';

/** The name of the mock in error messages, in the role of a vendor's name. */
export const title = 'Mock';

/** The failure of a request that every vendor would refuse, or of a faulty script. */
export function rejected(message: string): ProviderFailure {
  return new ProviderFailure('rejected', `${title} rejected the request: ${message}.`, {
    origin: title,
    status: 400,
    providerResponse: errorBody(400, message),
  });
}

/** The failure that an HTTP status of a vendor stands for. */
export function failureWithStatus(failure: {
  readonly status: number;
  readonly message: string;
  readonly retryAfterMs: number | undefined;
  readonly providerRequest: unknown;
}): ProviderFailure {
  const { status, message, retryAfterMs, providerRequest } = failure;
  return new ProviderFailure(kindForStatus(status), `${title} answered ${status}: ${message}`, {
    origin: title,
    status,
    retryAfterMs,
    providerRequest,
    providerResponse: errorBody(status, message),
  });
}

function kindForStatus(status: number): FailureKind {
  if (status >= 500) return 'unavailable';
  if (status === 429) return 'rate_limited';
  return status === 401 || status === 403 ? 'unauthorized' : 'rejected';
}

function errorBody(status: number, message: string): unknown {
  return { error: { message, type: kindForStatus(status), code: status } };
}
