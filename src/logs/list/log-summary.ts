import type { RunTable } from '../../database/tables.ts';
import type { LogRecord } from '../log-record.ts';

/**
 * A log as `view=summary` shows it: its short columns, and the beginnings of its output and error.
 */
export interface LogSummary
  extends Pick<
    LogRecord,
    | 'id'
    | 'type'
    | 'file_id'
    | 'version_id'
    | 'created_at'
    | 'start_time'
    | 'end_time'
    | 'provider_latency'
    | 'log_status'
    | 'prompt_tokens'
    | 'reasoning_tokens'
    | 'output_tokens'
    | 'prompt_cost'
    | 'output_cost'
    | 'finish_reason'
    | 'output'
    | 'error'
    | 'trace_id'
    | 'trace_parent_id'
    | 'trace_flow_id'
    | 'environment'
    | 'user'
    | 'source'
    | 'source_datapoint_id'
  > {
  /** Null when the log has no run, or its run has ended. */
  readonly run_state: RunTable['state'] | null;
}
