import type { ImportedTraces } from '../contract/otel-traces.ts';
import { type ErrorCategory, PlatformError } from '../kernel/errors.ts';
import { clipText } from '../kernel/text.ts';
import type { RawSpan } from './read-spans.ts';

/** Why a span was not kept. */
export interface Rejection {
  /** `resourceSpans.0.scopeSpans.0.spans.0: There is no log `log_1`. (log_not_found)` */
  readonly reason: string;
}

/** Failures that the span itself brings about: to send it again does not help. */
const faultsOfSpans: readonly ErrorCategory[] = ['invalid', 'not_found', 'conflict'];

/**
 * What an error says of a span.
 *
 * @throws the error, unless the span is at fault.
 */
export function rejectionOf({ place }: RawSpan, error: unknown): Rejection {
  if (!(error instanceof PlatformError)) throw error;
  const { category, code, message, faults } = error;
  if (!faultsOfSpans.includes(category)) throw error;
  const said = (faults ?? [{ loc: ['body'], msg: message }])
    .map(({ loc, msg }) => `${[...place, ...loc.slice(1)].join('.')}: ${msg}`)
    .join('; ');
  return { reason: clipText(`${said} (${code})`, longestReason) };
}

/** Characters of a reason; a name in it may be as long as a body. */
const longestReason = 1_000;

/** Reasons that one answer tells. */
const mostReasons = 10;

/** OpenTelemetry's word for rejected spans; nothing when there are none, as it asks for. */
export function partialSuccess(
  rejections: readonly Rejection[],
): Pick<ImportedTraces, 'partialSuccess'> {
  if (rejections.length === 0) return {};
  const reasons = rejections.slice(0, mostReasons).map(({ reason }) => reason);
  const untold = rejections.length - reasons.length;
  const errorMessage = [...reasons, ...(untold > 0 ? [`And ${untold} more.`] : [])].join('\n');
  return { partialSuccess: { rejectedSpans: rejections.length, errorMessage } };
}
