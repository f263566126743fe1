import type { ImportedTraces } from '../contract/otel-traces.ts';
import { type ErrorCategory, PlatformError } from '../kernel/errors.ts';
import { clipText } from '../kernel/text.ts';
import type { RawSpan } from './read-spans.ts';

/** Why a span was not stored. */
export interface Rejection {
  /** `resourceSpans.0.scopeSpans.0.spans.0: There is no log `log_1`. (log_not_found)` */
  readonly reason: string;
}

/** Failures that the span itself causes, so that sending it again does not help. */
const spanFaults: readonly ErrorCategory[] = ['invalid', 'not_found', 'conflict'];

/**
 * The rejection that an error means for a span.
 *
 * @throws the error, unless the span caused it.
 */
export function toRejection({ place }: RawSpan, error: unknown): Rejection {
  if (!(error instanceof PlatformError)) throw error;
  const { category, code, message, faults } = error;
  if (!spanFaults.includes(category)) throw error;
  const said = (faults ?? [{ loc: ['body'], msg: message }])
    .map(({ loc, msg }) => `${[...place, ...loc.slice(1)].join('.')}: ${msg}`)
    .join('; ');
  return { reason: clipText(`${said} (${code})`, longestReason) };
}

/** The longest reason in characters: a name in it may be as long as a body. */
const longestReason = 1_000;

/** The most reasons in one answer. */
const mostReasons = 10;

/**
 * OpenTelemetry's report of rejected spans; empty when there are none, as the protocol requires.
 */
export function partialSuccess(
  rejections: readonly Rejection[],
): Pick<ImportedTraces, 'partialSuccess'> {
  if (rejections.length === 0) return {};
  const reasons = rejections.slice(0, mostReasons).map(({ reason }) => reason);
  const leftOut = rejections.length - reasons.length;
  const errorMessage = [...reasons, ...(leftOut > 0 ? [`And ${leftOut} more.`] : [])].join('\n');
  return { partialSuccess: { rejectedSpans: rejections.length, errorMessage } };
}
