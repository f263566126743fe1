import { type ErrorCategory, PlatformError } from '../../kernel/errors.ts';
import type { FailureKind } from '../../providers/provider.ts';
import { ProviderFailure } from '../../providers/provider.ts';
import type { Running } from '../events/run-event.ts';
import { RunFailed } from '../runs/run-failed.ts';

/** The settings of the vendors whose own names are of another form. */
const keySettings: Readonly<Record<string, string>> = {
  openai_azure: 'AZURE_OPENAI_API_KEY',
  bedrock: 'AWS_BEARER_TOKEN_BEDROCK, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
};

/**
 * A missing key has the form of a provider's refusal: the caller can mend both.
 *
 * @param hint a sentence that says what else may be the matter.
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

/** How a caller should take a provider's failure: its own fault, a limit, or the provider's trouble. */
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

/** A provider's failure, as the answer to a request. */
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
 * Steps that call models, as the engine knows them: a vendor's failure is a step that failed.
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
