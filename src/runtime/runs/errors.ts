import { type ErrorCategory, PlatformError } from '../../kernel/errors.ts';
import type { FailureKind, ProviderFailure } from '../../providers/provider.ts';

/** Another process drives the run now, or its log was deleted: nothing more was written. */
export const leaseLost = (logId: string) =>
  new PlatformError(
    'conflict',
    'run_taken_over',
    `The run of log \`${logId}\` is no longer driven here: it was taken over, or its log was deleted.`,
  );

/** Whether an error says that the run of this log is driven elsewhere. */
export function isLeaseLost(error: unknown, logId: string): boolean {
  return (
    error instanceof PlatformError &&
    error.code === 'run_taken_over' &&
    error.message === leaseLost(logId).message
  );
}

/** The server is stopping; the run is on disk and can be taken over. */
export const serverStopping = () =>
  new PlatformError(
    'unavailable',
    'server_stopping',
    'The server is stopping. The run is kept and can go on elsewhere.',
    { retryAfterSeconds: 5 },
  );

/** A slot is free when one of the runs has come to rest; most take some seconds. */
export const tooManyRuns = (atOnce: number) =>
  new PlatformError(
    'too_many',
    'too_many_runs',
    `The organization has as many runs under way as it may have at once: ${atOnce}.`,
    { retryAfterSeconds: 5 },
  );

/** What the log of a run says that used up the processes which drove it. */
export const givenUpMessage = (times: number) =>
  `The run was given up: ${times} servers in a row stopped while they drove it.`;

/** What the log of a run says that needs keys which only its call had. */
export const interruptedMessage = (providers: readonly string[]) =>
  `The run was interrupted: the server that drove it is gone, and with it the keys that its call brought for ${providers.join(', ')}. Continue it with \`provider_api_keys\` and empty \`messages\`.`;

/** A run that has ended cannot be cancelled. */
export const runEnded = (logId: string) =>
  new PlatformError(
    'conflict',
    'run_ended',
    `Log \`${logId}\` has no run that could be cancelled: it has ended.`,
  );

/** The run that asked waits for other tools first. */
export const parentUnderWay = (logId: string, parentId: string) =>
  new PlatformError(
    'conflict',
    'parent_under_way',
    `Log \`${logId}\` answers a call of log \`${parentId}\`, which still runs other tools. Continue it when that one is suspended.`,
  );

/** The stream of a run that ended long ago is not kept. */
export const eventsGone = (logId: string) =>
  new PlatformError(
    'not_found',
    'events_gone',
    `The events of log \`${logId}\` are not there: it is not the log of a call, its payloads are not stored, or its run ended more than an hour ago. What came of it is in the log.`,
  );

export const notSuspended = (logId: string, why: string) =>
  new PlatformError('conflict', 'not_suspended', `Log \`${logId}\` cannot be continued: ${why}`);

export const continueUnderWay = (logId: string) =>
  new PlatformError(
    'conflict',
    'continue_under_way',
    `Log \`${logId}\` is being continued by another request with other messages.`,
  );

/** The settings of the vendors whose own names are of another form. */
const keySettings: Readonly<Record<string, string>> = {
  openai_azure: 'AZURE_OPENAI_API_KEY',
  bedrock: 'AWS_BEARER_TOKEN_BEDROCK, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
};

/**
 * A missing key is the caller's to mend, so it is told like a refusal of the provider.
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
    'set one for the organization at `/v5/provider-keys`, ' +
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

/** A provider's failure, told to a caller who waited for nothing else. */
export function providerFailed(failure: ProviderFailure): PlatformError {
  const { kind, message, origin, retryAfterMs } = failure;
  const { category, code, type, status } = failures[kind];
  return new PlatformError(category, code, message, {
    detail: { type, message, code: status, origin },
    ...(retryAfterMs === undefined ? {} : { retryAfterSeconds: retryAfterMs / 1_000 }),
    cause: failure,
  });
}
