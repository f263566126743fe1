import { type ErrorCategory, PlatformError } from '../../kernel/errors.ts';
import type { FailureKind } from '../../providers/provider.ts';
import { ProviderFailure } from '../../providers/provider.ts';
import type { Running } from '../events/run-event.ts';
import { RunFailed } from '../runs/run-failed.ts';

/** The environment variables of the providers for which `<NAME>_API_KEY` is not the right name. */
const keySettings: Readonly<Record<string, string>> = {
  openai_azure: 'AZURE_OPENAI_API_KEY',
  bedrock: 'AWS_BEARER_TOKEN_BEDROCK, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
};

/**
 * A missing key is answered like a key that the provider rejected: the caller can solve both.
 *
 * @param hint a sentence about another possible cause.
 */
export function missingProviderKey(
  provider: string,
  title: string,
  hint: string | undefined,
): PlatformError {
  const advice =
    `There is no API key for ${title}. Send one as \`provider_api_keys.${provider}\`, ` +
    'set one for your organization at `/v5/provider-keys`, ' +
    `or start the server with ${keySettings[provider] ?? `${provider.toUpperCase()}_API_KEY`}.`;
  const message = hint === undefined ? advice : `${advice} ${hint}`;
  return new PlatformError('invalid', 'missing_provider_key', message, {
    detail: { type: 'missing_provider_key', message, code: 422, origin: title },
  });
}

/**
 * The answer for each kind of failure: the request is at fault, a limit was reached, or the
 * provider is at fault.
 */
const failures: Record<
  FailureKind,
  {
    readonly category: ErrorCategory;
    readonly code: string;
    readonly type: string;
    readonly status: number;
  }
> = {
  rejected: {
    category: 'invalid',
    code: 'provider_rejected',
    type: 'unprocessable_entity_error',
    status: 422,
  },
  unauthorized: {
    category: 'invalid',
    code: 'provider_unauthorized',
    type: 'provider_authentication_error',
    status: 422,
  },
  rate_limited: {
    category: 'too_many',
    code: 'provider_rate_limited',
    type: 'rate_limit_error',
    status: 429,
  },
  unavailable: {
    category: 'upstream',
    code: 'provider_unavailable',
    type: 'provider_unavailable_error',
    status: 502,
  },
  timed_out: {
    category: 'upstream',
    code: 'provider_timed_out',
    type: 'provider_timeout_error',
    status: 502,
  },
  nonsense: {
    category: 'upstream',
    code: 'provider_nonsense',
    type: 'provider_response_error',
    status: 502,
  },
};

/** The error that answers a request whose provider failed. */
function providerFailed(failure: ProviderFailure): PlatformError {
  const { kind, message, origin, retryAfterMs } = failure;
  const { category, code, type, status } = failures[kind];
  return new PlatformError(category, code, message, {
    detail: { type, message, code: status, origin },
    ...(retryAfterMs === undefined ? {} : { retryAfterSeconds: retryAfterMs / 1_000 }),
    cause: failure,
  });
}

/**
 * Turns a provider's failure in the steps into a failed step.
 *
 * @throws RunFailed in place of ProviderFailure.
 */
export async function* withModelFailures<Result>(steps: Running<Result>): Running<Result> {
  try {
    return yield* steps;
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    const { message, providerRequest, providerResponse } = error;
    throw new RunFailed(message, {
      shown: {
        provider_request: providerRequest ?? null,
        provider_response: providerResponse ?? null,
      },
      answer: providerFailed(error),
    });
  }
}
