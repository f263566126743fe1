import { APICallError } from '@ai-sdk/provider';
import { isRecord } from '../kernel/json-object.ts';
import { clipText } from '../kernel/text.ts';
import { AddressRefused, NameRefused } from '../outgoing/errors.ts';
import { type FailureKind, ProviderFailure } from './provider.ts';
import type { Recording } from './recording-fetch.ts';
import { retryAdvice } from './retry-advice.ts';
import { errorMessage, isError, kindForError, kindForStatus, saysBadKey } from './vendor-error.ts';

const LONGEST_MESSAGE = 500;

/**
 * The failure of a call, judged by what was sent and received.
 *
 * @param error the error that was thrown; used when the recording shows no failure.
 */
export function vendorFailure(origin: string, recording: Recording, error: unknown) {
  const {
    kind,
    message,
    providerResponse = recording.response,
  } = diagnosis(origin, recording, error);
  return new ProviderFailure(kind, clipText(message, LONGEST_MESSAGE), {
    origin,
    status: recording.status,
    ...retryAdvice(recording, providerResponse),
    providerRequest: recording.request,
    providerResponse,
    cause: error,
  });
}

/** An error that a vendor sent as an event, or as an answer with a success status. */
export class ErrorEvent extends Error {
  readonly event: unknown;
  /** The body that had arrived so far, with the error. */
  readonly body: unknown;

  constructor(event: unknown, body: unknown = event) {
    super('The vendor sent an error.');
    this.event = event;
    this.body = body;
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
  if (recording.exceeded !== undefined) {
    const limit = recording.exceeded;
    return { kind: 'nonsense', message: `${origin} sent an answer that is longer than ${limit}.` };
  }
  if (networkError instanceof AddressRefused) {
    const why = `${networkError.message} ${networkError.remedy}`;
    // A name may be unknown for a moment only, so it is tried again.
    const kind = networkError instanceof NameRefused ? 'unavailable' : 'rejected';
    return { kind, message: `${origin} cannot be reached: ${why}` };
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
  if (error instanceof ErrorEvent || isError(event)) {
    return {
      kind: kindForError(event),
      message: `${origin} answered with an error: ${errorMessage(event) ?? 'it did not say which'}`,
      providerResponse: response ?? (error instanceof ErrorEvent ? error.body : event),
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
      message: `${origin} ${withProse(error.message, response)}`,
      providerResponse: response ?? error.body,
    };
  }
  const message = withProse('sent an answer that cannot be read.', response);
  return { kind: 'nonsense', message: `${origin} ${message}` };
}

/** A sentence about an answer, with what the answer says where it is plain text. */
function withProse(sentence: string, response: unknown): string {
  const isProse = typeof response === 'string' && /^\s*[^\s{["':]/.test(response);
  if (!isProse || /^\s*(?:data|event|id|retry):/.test(response)) return sentence;
  return `${sentence.replace(/\.$/, '')}: ${errorMessage(response)}`;
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
