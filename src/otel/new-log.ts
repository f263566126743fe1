import type { LogRequest } from '../contract/log.ts';
import type { FileKind } from '../files/kind.ts';
import type { Timestamp } from '../kernel/clock.ts';
import { invalid } from '../kernel/errors.ts';
import type { Span } from './read-spans.ts';
import { membersOf, textAt, valueAt } from './text-value.ts';

/** A log that a span asks for, with the version that made it. */
export interface NewLog {
  readonly kind: FileKind;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly request: LogRequest;
}

/**
 * What the spans of tools and of models say alike: whose log it is, where it belongs, when it was.
 *
 * @throws `invalid` for a span that names no file.
 */
export function requestOf({ attributes, logId, startTime, endTime, error }: Span): LogRequest {
  const path = textAt(attributes, 'humanloop.file.path');
  if (path === null) {
    throw invalid(['body', 'attributes', 'humanloop.file.path'], 'Field required', 'missing');
  }
  const said = valueAt(attributes, 'humanloop.log');
  return {
    path,
    log_id: logId,
    inputs: membersOf(valueAt(said, 'inputs')),
    error: textAt(said, 'error') ?? error ?? textAt(attributes, 'error.type'),
    trace_parent_id: textAt(said, 'trace_parent_id'),
    source_datapoint_id: textAt(said, 'source_datapoint_id'),
    run_id: textAt(said, 'run_id'),
    created_at: orderOf(startTime, endTime),
    start_time: startTime,
    end_time: endTime,
  };
}

/**
 * When a step is said to have been made: at its start, since clients send many steps at once and a
 * trace shows them in the order of this.
 *
 * One of the clients knows a start to the millisecond alone. Of two steps that began in the same one,
 * the first must have been over within it: it is the one that ended first.
 */
function orderOf(start: Timestamp | null, end: Timestamp | null): Timestamp | null {
  if (start === null || end === null || !start.endsWith('000Z')) return start ?? end;
  const latest = start.replace(/000Z$/, '999Z');
  return end < latest ? end : latest;
}
