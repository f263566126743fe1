import {
  type OtelAttribute,
  type OtelSpan,
  type OtelTraces,
  otelSpan,
} from '../contract/otel-traces.ts';
import type { Timestamp } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import { withDoubles } from '../kernel/exact-json.ts';
import { contentId } from '../kernel/ids.ts';
import { requireSound } from '../kernel/read-json.ts';
import { faultsFromErrors } from '../kernel/schema-faults.ts';
import { attributeTree, type Tree } from './attribute-tree.ts';
import { errorsIn } from './schema-errors.ts';

/** One step of a trace: a call of a tool or a model, or the end of a flow. */
export interface Span {
  /** The library that reports it: `humanloop.sdk.decorator`, for example. */
  readonly scope: string;
  /** The id of the log that it becomes; the same whenever the span is sent again. */
  readonly logId: string;
  readonly startTime: Timestamp | null;
  readonly endTime: Timestamp | null;
  /** The error message of the step. */
  readonly error: string | null;
  readonly attributes: Tree;
}

/** A span that has not been checked yet. */
export interface RawSpan {
  readonly scope: string;
  /** Its place in the payload: `['resourceSpans', 0, 'scopeSpans', 0, 'spans', 0]`. */
  readonly place: readonly (string | number)[];
  readonly span: unknown;
}

/** The spans of a payload, in order. */
export function spansIn({ resourceSpans }: OtelTraces): readonly RawSpan[] {
  return (resourceSpans ?? []).flatMap((resource, i) =>
    (resource.scopeSpans ?? []).flatMap(({ scope, spans }, j) =>
      (spans ?? []).map((span, k) => ({
        scope: scope?.name ?? '',
        place: ['resourceSpans', i, 'scopeSpans', j, 'spans', k],
        span,
      })),
    ),
  );
}

/** @throws `invalid` for a value that is no span, and for attributes whose keys are not allowed. */
export function readSpan({ scope, span: given }: RawSpan): Span {
  const span = checkedSpan(given);
  const startTime = toTimestamp(span.startTimeUnixNano);
  const endTime = toTimestamp(span.endTimeUnixNano);
  return {
    scope,
    logId: contentId('log', `${span.traceId} ${span.spanId}`),
    startTime,
    // The client's clock may have been set back between start and end.
    endTime: startTime && endTime && startTime > endTime ? startTime : endTime,
    error: readError(span),
    attributes: attributeTree((span.attributes ?? []).flatMap(toText)),
  };
}

function checkedSpan(span: unknown): OtelSpan {
  const faults = faultsFromErrors(errorsIn(otelSpan, span), 'body');
  const [first] = faults;
  if (first) throw new PlatformError('invalid', 'invalid', first.msg, { faults });
  requireSound(span, ['body']);
  const { attributes } = span as OtelSpan;
  return { ...(withDoubles(span) as OtelSpan), ...(attributes && { attributes }) };
}

/** A number of nanoseconds exceeds the exact range of a double, but is exact to the microsecond. */
function toTimestamp(nanoseconds: OtelSpan['startTimeUnixNano']): Timestamp | null {
  const microseconds =
    typeof nanoseconds === 'string'
      ? BigInt(nanoseconds) / 1_000n
      : BigInt(Math.round((nanoseconds ?? 0) / 1_000));
  if (microseconds === 0n) return null;
  const toMilliseconds = new Date(Number(microseconds / 1_000n)).toISOString().slice(0, -1);
  return `${toMilliseconds}${String(microseconds % 1_000n).padStart(3, '0')}Z`;
}

/** OpenTelemetry's status of a failed step, by name or by number. */
const failed: readonly unknown[] = ['STATUS_CODE_ERROR', 2];

function readError({ status }: OtelSpan): string | null {
  return failed.includes(status?.code) ? status?.message || 'The call failed.' : null;
}

function toText({ key, value }: OtelAttribute): (readonly [string, string])[] {
  const { stringValue, boolValue, intValue, doubleValue } = value ?? {};
  const given = stringValue ?? boolValue ?? intValue ?? doubleValue;
  return given === undefined || given === null ? [] : [[key, String(given)]];
}
