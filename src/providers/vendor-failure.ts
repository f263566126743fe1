import { APICallError } from '@ai-sdk/provider';
import { clipText } from '../kernel/text.ts';
import { type FailureKind, ProviderFailure } from './provider.ts';
import type { Recording } from './recording-fetch.ts';

const LONGEST_MESSAGE = 500;

/**
 * What went wrong with a call, from what went over the wire.
 *
 * @param error what was thrown; it counts when the wire shows nothing wrong.
 */
export function vendorFailure(origin: string, recording: Recording, error: unknown) {
  const { kind, message, providerResponse } = diagnosis(origin, recording, error);
  return new ProviderFailure(kind, clipText(message, LONGEST_MESSAGE), {
    origin,
    status: recording.status,
    retryAfterMs: retryAfterMs(recording),
    providerRequest: recording.request,
    providerResponse: providerResponse ?? recording.response,
    cause: error,
  });
}

/** An error that a vendor sent as an event, or in place of an answer, with the status of success. */
export class ErrorEvent extends Error {
  readonly event: unknown;

  constructor(event: unknown) {
    super('The vendor sent an error.');
    this.event = event;
  }
}

/** An answer that makes no sense. The message goes on where the vendor's name ends. */
export class Nonsense extends Error {
  /** What had come so far. */
  readonly body: unknown;

  constructor(message: string, body?: unknown) {
    super(message);
    this.body = body;
  }
}

interface Diagnosis {
  readonly kind: FailureKind;
  readonly message: string;
  readonly providerResponse?: unknown;
}

function diagnosis(origin: string, recording: Recording, error: unknown): Diagnosis {
  const { status, response, networkError } = recording;
  if (recording.request === undefined) {
    return { kind: 'rejected', message: `The request cannot be put to ${origin}: ${text(error)}` };
  }
  if (recording.isTooLong) {
    return { kind: 'nonsense', message: `${origin} answered more than we read.` };
  }
  if (status === undefined) {
    return { kind: 'unavailable', message: `${origin} cannot be reached: ${text(networkError)}` };
  }
  if (status < 200 || status > 299) {
    const said = saidIn(response);
    return {
      kind: saysBadKey(response) ? 'unauthorized' : kindOfStatus(status),
      message: `${origin} answered ${status}${said === undefined ? '' : `: ${said}`}`,
    };
  }
  const event = error instanceof ErrorEvent ? error.event : (response ?? errorEvent(error));
  if (isError(event)) {
    return {
      kind: kindOfError(event),
      message: `${origin} answered with an error: ${saidIn(event) ?? 'it did not say which'}`,
      providerResponse: response ?? event,
    };
  }
  if (networkError !== undefined) {
    return {
      kind: 'unavailable',
      message: `The connection to ${origin} broke in the middle of the answer.`,
    };
  }
  if (error instanceof Nonsense) {
    return {
      kind: 'nonsense',
      message: `${origin} ${error.message}`,
      providerResponse: response ?? error.body,
    };
  }
  return { kind: 'nonsense', message: `${origin} sent an answer that cannot be read.` };
}

/** The event that a vendor's package found to be an error. */
function errorEvent(error: unknown): unknown {
  // A package throws when the first event is one; what it took from it is all there is left.
  if (!APICallError.isInstance(error) || error.responseBody === undefined) return undefined;
  const data = parsed(error.responseBody);
  return isRecord(data) ? { error: data } : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The innermost reason of an error, which is the one that says something. */
function text(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === '') return text(error.errors[0]);
  return error.cause instanceof Error ? text(error.cause) : error.message;
}

function kindOfStatus(status: number): FailureKind {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 429) return 'rate_limited';
  // 408 and 409 are repeated by vendors' own clients: too slow, and a lock that was held. With 424
  // Amazon says that the model failed: https://docs.aws.amazon.com/bedrock/latest/APIReference.
  if (status >= 500 || [408, 409, 424].includes(status)) return 'unavailable';
  return status >= 400 ? 'rejected' : 'nonsense';
}

/** Google answers 400 to a key that is none: https://ai.google.dev/gemini-api/docs/troubleshooting. */
function saysBadKey(response: unknown): boolean {
  const { details } = errorIn(response);
  return (
    Array.isArray(details) &&
    details.some((detail) => isRecord(detail) && detail['reason'] === 'API_KEY_INVALID')
  );
}

/**
 * The words in an error's `type` or `code`, in the order in which they decide.
 * From https://platform.claude.com/docs/en/api/errors and
 * https://platform.openai.com/docs/guides/error-codes, read in November 2026.
 */
const kindsByWord: readonly (readonly [RegExp, FailureKind])[] = [
  [/rate_limit|quota|too_many|throttling/, 'rate_limited'],
  [/authentication|permission|invalid_api_key/, 'unauthorized'],
  [/invalid|not_found|too_large|billing|context_length|bad_request|validation/, 'rejected'],
];

function kindOfError(body: unknown): FailureKind {
  const { type, code } = errorIn(body);
  const words = `${String(type ?? '')} ${String(code ?? '')}`.toLowerCase();
  if (typeof code === 'number' && code >= 400 && code <= 599) return kindOfStatus(code);
  return kindsByWord.find(([word]) => word.test(words))?.[1] ?? 'unavailable';
}

/** Whether a body is an error and nothing else, as some proxies send them with status 200. */
function isError(body: unknown): boolean {
  return isRecord(body) && (isRecord(body['error']) || body['type'] === 'error');
}

function errorIn(body: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(body)) return {};
  return isRecord(body['error']) ? body['error'] : body;
}

/** What a vendor says in an error body: its message, or a short plain text. */
function saidIn(body: unknown): string | undefined {
  if (typeof body === 'string') {
    const trimmed = body.trim();
    if (trimmed === '') return undefined;
    return trimmed.startsWith('<') ? 'a web page' : trimmed;
  }
  if (!isRecord(body)) return undefined;
  const error = errorIn(body);
  const said = [error['message'], body['error'], body['message'], body['detail']].find(
    (candidate) => typeof candidate === 'string' && candidate !== '',
  );
  return typeof said === 'string' ? said : undefined;
}

/** Milliseconds, from `retry-after-ms`, or `retry-after` in seconds or as a date. */
function retryAfterMs({ headers }: Recording): number | undefined {
  const milliseconds = headers?.['retry-after-ms'];
  if (milliseconds && Number.isFinite(Number(milliseconds))) {
    return Math.max(0, Number(milliseconds));
  }
  const after = headers?.['retry-after'];
  if (!after) return undefined;
  const seconds = Number(after);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(after);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
