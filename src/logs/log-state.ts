import type { LogState } from '../contract/spans.ts';
import type { RunTable } from '../database/tables.ts';
import type { LogRecord } from './log-record.ts';

/** What the state of a log depends on. */
export interface StateColumns extends Pick<LogRecord, 'log_status' | 'ended_as'> {
  /** Null when the log has no run, or its run has ended. */
  readonly run_state: RunTable['state'] | null;
  /** The error, or its beginning. */
  readonly error: string | null;
}

/**
 * The state of a log in one word. With `save: false` only errors of the server have a text, so a run
 * that failed is told by how it ended.
 */
export function stateOf({ run_state, error, ended_as, log_status }: StateColumns): LogState {
  if (run_state !== null) return run_state;
  if (error !== null || ended_as === 'failed') return 'error';
  return log_status === 'incomplete' ? 'incomplete' : 'complete';
}
