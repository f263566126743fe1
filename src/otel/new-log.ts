import type { LogRequest } from '../contract/log.ts';
import type { FileKind } from '../files/kind.ts';
import type { Timestamp } from '../kernel/clock.ts';
import { invalid } from '../kernel/errors.ts';
import type { Span } from './read-spans.ts';
import { textAt, toMembers, valueAt } from './text-value.ts';

/** A log to be made for a span, with the version that produced it. */
export interface NewLog {
  readonly kind: FileKind;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly request: LogRequest;
}

/**
 * The fields that tool and model logs have in common: the file, the place in the trace, the times.
 *
 * @throws `invalid` for a span that names no file.
 */
export function toLogRequest({ attributes, logId, startTime, endTime, error }: Span): LogRequest {
  const path = textAt(attributes, 'humanloop.file.path');
  if (path === null) {
    throw invalid(['body', 'attributes', 'humanloop.file.path'], 'Field required', 'missing');
  }
  const said = valueAt(attributes, 'humanloop.log');
  return {
    path,
    log_id: logId,
    inputs: toMembers(valueAt(said, 'inputs')),
    error: textAt(said, 'error') ?? error ?? textAt(attributes, 'error.type'),
    trace_parent_id: textAt(said, 'trace_parent_id'),
    source_datapoint_id: textAt(said, 'source_datapoint_id'),
    run_id: textAt(said, 'run_id'),
    created_at: orderTime(startTime, endTime),
    start_time: startTime,
    end_time: endTime,
  };
}

/**
 * The creation time of a step's log, which sorts the steps of a trace. It is the start of the step,
 * because clients send many steps at once.
 *
 * One client reports starts in milliseconds only. Of two steps in the same millisecond, the first
 * must have ended within it, so the end decides.
 */
function orderTime(start: Timestamp | null, end: Timestamp | null): Timestamp | null {
  if (start === null || end === null || !start.endsWith('000Z')) return start ?? end;
  const latest = start.replace(/000Z$/, '999Z');
  return end < latest ? end : latest;
}
