import type { Queries } from '../../database/database.ts';
import type { Timestamp } from '../../kernel/clock.ts';

/**
 * What one write did to one log.
 *
 * `changed` means: the log was completed, or opened again, or was complete and its inputs, output,
 * output message or metadata changed. Logs that are deleted with the one above them have each a
 * `deleted` of their own.
 */
export interface FedLog {
  readonly organizationId: string;
  readonly id: string;
  readonly fileId: string;
  readonly versionId: string;
  /** The kind of the log's file: `agent`. */
  readonly type: string;
  readonly change: 'made' | 'changed' | 'deleted';
  /** Before the write, and after it. A log without a `log_status` counts as complete. */
  readonly wasComplete: boolean;
  readonly isComplete: boolean;
  /** Of a log that was made: when it used its version, or another log of the same statement did. */
  readonly usedAt: Timestamp | null;
}

/** Whether this write completed the log. Exactly one write does, unless the log is opened again. */
export function completesLog({ wasComplete, isComplete }: FedLog): boolean {
  return !wasComplete && isComplete;
}

/**
 * Receives every write of every log exactly once. The writes of one log come in their order; between
 * two logs there is no order.
 */
export interface FeedConsumer {
  /** What the server's own log calls it: `search`. */
  readonly name: string;
  /**
   * Writes the rows that follow from these writes. `db` is the transaction that deletes them from the
   * feed, so these rows are written exactly once. All consumers and organizations share it: for an
   * effect outside the database, or slow work, write a row that asks for it, and do it later. When
   * `consume` throws, what all consumers wrote is undone, and all receive the same logs again later.
   *
   * @param db in a transaction.
   * @param logs of any organizations. A log may occur more than once, and may be deleted by now.
   */
  consume(db: Queries, logs: readonly FedLog[]): Promise<void>;
}
