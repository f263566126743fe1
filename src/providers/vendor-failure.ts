import { APICallError } from '@ai-sdk/provider';
import { clipText } from '../kernel/text.ts';
import { type FailureKind, ProviderFailure } from './provider.ts';
import type { Recording } from './recording-fetch.ts';

const LONGEST_MESSAGE = 500;

/**
 * The failure of a call, judged by what was sent and received.
 *
 * @param error the error that was thrown; used when the recording shows no failure.
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

/** An error that a vendor sent as an event, or as an answer with a success status. */
export class ErrorEvent extends Error {
  readonly event: unknown;

  constructor(event: unknown) {
    super('The vendor sent an error.');
    this.event = event;
  }
}

/** An answer that makes no sense. The message continues a sentence after the vendor's name. */
export class Nonsense extends Error {
  /** The body that had arrived so far. */
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
    return { kind: 'rejected', message: `The request cannot be sent to ${origin}: ${text(error)}` };
  }
  if (recording.isTooLong) {
    return { kind: 'nonsense', message: `${origin} sent an answer that is too long.` };
  }
  if (status === undefined) {
    return { kind: 'unavailable', message: `${origin} cannot be reached: ${text(networkError)}` };
  }
  if (status < 200 || status > 299) {
    const said = errorMessage(response);
    return {
      kind: saysBadKey(response) ? 'unauthorized' : kindForStatus(status),
      message: `${origin} answered ${status}${said === undefined ? '' : `: ${said}`}`,
    };
  }
  const event = error instanceof ErrorEvent ? error.event : (response ?? errorEvent(error));
  if (isError(event)) {
    return {
      kind: kindForError(event),
      message: `${origin} answered with an error: ${errorMessage(event) ?? 'it did not say which'}`,
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

/** The event that a vendor's package recognised as an error. */
function errorEvent(error: unknown): unknown {
  // When the first event is an error, the package throws, and the body is only in its error.
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

/** The message of the innermost cause of an error, which is the most precise. */
function text(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === '') return text(error.errors[0]);
  return error.cause instanceof Error ? text(error.cause) : error.message;
}

function kindForStatus(status: number): FailureKind {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 429) return 'rate_limited';
  // Vendors' own clients repeat 408 (too slow) and 409 (a held lock). Amazon sends 424 when the
  // model failed: https://docs.aws.amazon.com/bedrock/latest/APIReference.
  if (status >= 500 || [408, 409, 424].includes(status)) return 'unavailable';
  return status >= 400 ? 'rejected' : 'nonsense';
}

/** Google answers 400 to an invalid key: https://ai.google.dev/gemini-api/docs/troubleshooting. */
function saysBadKey(response: unknown): boolean {
  const { details } = errorIn(response);
  return (
    Array.isArray(details) &&
    details.some((detail) => isRecord(detail) && detail['reason'] === 'API_KEY_INVALID')
  );
}

/**
 * Failure kinds by words in an error's `type` or `code`; the first match is used. From
 * https://platform.claude.com/docs/en/api/errors and
 * https://platform.openai.com/docs/guides/error-codes, read in November 2026.
 */
const kindsByWord: readonly (readonly [RegExp, FailureKind])[] = [
  [/rate_limit|quota|too_many|throttling/, 'rate_limited'],
  [/authentication|permission|invalid_api_key/, 'unauthorized'],
  [/invalid|not_found|too_large|billing|context_length|bad_request|validation/, 'rejected'],
];

function kindForError(body: unknown): FailureKind {
  const { type, code } = errorIn(body);
  const words = `${String(type ?? '')} ${String(code ?? '')}`.toLowerCase();
  if (typeof code === 'number' && code >= 400 && code <= 599) return kindForStatus(code);
  return kindsByWord.find(([word]) => word.test(words))?.[1] ?? 'unavailable';
}

/** Whether a body is an error and nothing else, as some proxies send it with status 200. */
function isError(body: unknown): boolean {
  return isRecord(body) && (isRecord(body['error']) || body['type'] === 'error');
}

function errorIn(body: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(body)) return {};
  return isRecord(body['error']) ? body['error'] : body;
}

/** The vendor's words in an error body: its message, or a short plain text. */
function errorMessage(body: unknown): string | undefined {
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

/** Milliseconds, from `retry-after-ms`, or from `retry-after` in seconds or as a date. */
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
