import type { RunRecord } from './log-record.ts';

/**
 * The record of a run that waits for its client, for a log that is shown while the run is suspended.
 *
 * @param iterations model calls so far.
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
