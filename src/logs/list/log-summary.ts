import type { RunTable } from '../../database/tables.ts';
import type { LogRecord } from '../log-record.ts';

/**
 * A log as `view=summary` shows it: its short columns, and the beginnings of its texts.
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
    | 'ended_as'
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
    | 'forked_from_id'
    | 'forked_from_turn'
  > {
  /** The path of the file. */
  readonly path: string;
  readonly version_name: string | null;
  /** Null when the log has no run, or its run has ended. */
  readonly run_state: RunTable['state'] | null;
  /** Seconds. */
  readonly latency: number | null;
  /** US dollars; null when a part is unknown. */
  readonly cost: number | null;
  readonly tokens: number | null;
  /** The last message of a user, or else the inputs as JSON. */
  readonly input: string | null;
}
