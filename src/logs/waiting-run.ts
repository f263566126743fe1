import type { RunRecord } from './log-record.ts';

/**
 * The run record of a run that waits, for a log that is shown as of its rest.
 *
 * @param iterations how many model calls the run has made.
 */
export function waitingRun(iterations: number, more: Partial<RunRecord> = {}): RunRecord {
  return {
    state: 'suspended',
    iterations,
    lease_owner: null,
    lease_token: 1,
    lease_expires_at: null,
    event_count: 0,
    continue_fingerprint: null,
    sealed_conversation: null,
    keep_open: false,
    options: {},
    parent_log_id: null,
    takeovers: 0,
    is_cancelled: false,
    ...more,
  };
}
