import { isRecord } from '../kernel/json-object.ts';
import type { Recording } from './recording-fetch.ts';

/** What a vendor says about a repeat of a request that failed. */
export interface RetryAdvice {
  /** Undefined: it does not say, and the kind of the failure decides. */
  readonly mayRepeat: boolean | undefined;
  readonly retryAfterMs: number | undefined;
}

/** @param body what the vendor answered; an event, if the failure came in a stream. */
export function retryAdvice({ headers }: Recording, body: unknown): RetryAdvice {
  return {
    // OpenAI's and Anthropic's own clients obey this header, whatever the status.
    mayRepeat: wordIn(headers?.['x-should-retry']) ?? (isSlipOfModel(body) || undefined),
    retryAfterMs:
      milliseconds(headers?.['retry-after-ms'], 1) ??
      milliseconds(headers?.['retry-after'], 1_000) ??
      delayInBody(body),
  };
}

function wordIn(header: unknown): boolean | undefined {
  return header === 'true' ? true : header === 'false' ? false : undefined;
}

/**
 * Groq answers 400 when its model wrote a call that cannot be read; the same request mostly
 * succeeds: https://console.groq.com/docs/tool-use, read in November 2026.
 */
function isSlipOfModel(body: unknown): boolean {
  return errorsIn(body).some(({ code }) => code === 'tool_use_failed');
}

/** Google's delay: https://cloud.google.com/apis/design/errors#error_details. */
function delayInBody(body: unknown): number | undefined {
  const details = errorsIn(body).flatMap(({ details }) => (Array.isArray(details) ? details : []));
  const delays = details.map((detail) => (isRecord(detail) ? detail['retryDelay'] : undefined));
  return delays.map((delay) => milliseconds(delay, 1_000)).find((delay) => delay !== undefined);
}

/** The errors of a body: Google puts its error into an array at some addresses. */
function errorsIn(body: unknown): readonly Readonly<Record<string, unknown>>[] {
  return (Array.isArray(body) ? body : [body])
    .map((member: unknown) =>
      isRecord(member) && isRecord(member['error']) ? member.error : member,
    )
    .filter(isRecord);
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * A wait as vendors write it: a number, numbers with units (`1m30s`), a date, or Google's
 * `{ seconds, nanos }`.
 *
 * @param unit the milliseconds that a number without a unit counts.
 */
function milliseconds(given: unknown, unit: number): number | undefined {
  if (isRecord(given)) {
    const { seconds = 0, nanos = 0 } = given;
    return milliseconds(String(Number(seconds) + Number(nanos) / 1e9), 1_000);
  }
  const text = String(given ?? '').trim();
  if (text === '') return undefined;
  const number = Number(text);
  if (Number.isFinite(number)) return Math.max(0, number * unit);
  if (/^(?:[\d.]+ ?(?:ms|s|m|h) ?)+$/i.test(text)) {
    return [...text.matchAll(/([\d.]+) ?(ms|s|m|h) ?/giy)].reduce(
      (sum, [, count, name]) => sum + Number(count) * (unitMs[String(name).toLowerCase()] ?? 0),
      0,
    );
  }
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
