import {
  type OtelAttribute,
  type OtelSpan,
  type OtelTraces,
  otelSpan,
} from '../contract/otel-traces.ts';
import type { Timestamp } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import { contentId } from '../kernel/ids.ts';
import { requireSound } from '../kernel/read-json.ts';
import { faultsFromErrors } from '../kernel/schema-faults.ts';
import { attributeTree, type Tree } from './attribute-tree.ts';
import { errorsIn } from './schema-errors.ts';

/** One step of a trace: a call of a tool or of a model, or the end of a flow. */
export interface Span {
  /** Who reports it: `humanloop.sdk.decorator`, for example. */
  readonly scope: string;
  /** Of the log that it becomes: the same whenever the span comes again. */
  readonly logId: string;
  readonly startTime: Timestamp | null;
  readonly endTime: Timestamp | null;
  /** What went wrong, in the words of who reports it. */
  readonly error: string | null;
  readonly attributes: Tree;
}

/** A span that was not looked at yet. */
export interface RawSpan {
  readonly scope: string;
  /** Where in the payload it stands: `['resourceSpans', 0, 'scopeSpans', 0, 'spans', 0]`. */
  readonly place: readonly (string | number)[];
  readonly span: unknown;
}

/** The spans of a payload, in its order. */
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

/** @throws `invalid` for what is no span, and for attributes whose keys cannot be. */
export function readSpan({ scope, span: given }: RawSpan): Span {
  const span = checkedSpan(given);
  const startTime = momentOf(span.startTimeUnixNano);
  const endTime = momentOf(span.endTimeUnixNano);
  return {
    scope,
    logId: contentId('log', `${span.traceId} ${span.spanId}`),
    startTime,
    // The client's clock may have been set back meanwhile.
    endTime: startTime && endTime && startTime > endTime ? startTime : endTime,
    error: errorOf(span),
    attributes: attributeTree((span.attributes ?? []).flatMap(textOf)),
  };
}

function checkedSpan(span: unknown): OtelSpan {
  const faults = faultsFromErrors(errorsIn(otelSpan, span), 'body');
  const [first] = faults;
  if (first) throw new PlatformError('invalid', 'invalid', first.msg, { faults });
  requireSound(span, ['body']);
  return span as OtelSpan;
}

/** A number of nanoseconds is too large to be exact; it is so to the microsecond. */
function momentOf(nanoseconds: OtelSpan['startTimeUnixNano']): Timestamp | null {
  const microseconds =
    typeof nanoseconds === 'string'
      ? BigInt(nanoseconds) / 1_000n
      : BigInt(Math.round((nanoseconds ?? 0) / 1_000));
  if (microseconds === 0n) return null;
  const toMilliseconds = new Date(Number(microseconds / 1_000n)).toISOString().slice(0, -1);
  return `${toMilliseconds}${String(microseconds % 1_000n).padStart(3, '0')}Z`;
}

/** OpenTelemetry's code for a step that failed: by its name or by its number. */
const failed: readonly unknown[] = ['STATUS_CODE_ERROR', 2];

function errorOf({ status }: OtelSpan): string | null {
  return failed.includes(status?.code) ? status?.message || 'The call failed.' : null;
}

function textOf({ key, value }: OtelAttribute): (readonly [string, string])[] {
  const { stringValue, boolValue, intValue, doubleValue } = value ?? {};
  const given = stringValue ?? boolValue ?? intValue ?? doubleValue;
  return given === undefined || given === null ? [] : [[key, String(given)]];
}
