import type { LogRecord } from './log-record.ts';

/** The log and turn that a log was forked from, as all answers show them; null when it is no fork. */
export function forkedFrom({
  forked_from_id: logId,
  forked_from_turn: turn,
}: Pick<LogRecord, 'forked_from_id' | 'forked_from_turn'>): ForkedFrom | null {
  return logId === null || turn === null ? null : { log_id: logId, turn };
}

export interface ForkedFrom {
  readonly log_id: string;
  /** The first turn that was not taken from that log. */
  readonly turn: number;
}
