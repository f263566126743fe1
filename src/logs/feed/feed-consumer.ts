import type { Queries } from '../../database/database.ts';
import type { Timestamp } from '../../kernel/clock.ts';

/**
 * What one write did to one log.
 *
 * `changed` means that the write completed the log, opened it again, or changed the inputs, messages,
 * output, output message, error or metadata of a complete log. Logs that are deleted with their parent have a
 * `deleted` each.
 */
export interface FedLog {
  readonly organizationId: string;
  readonly id: string;
  readonly fileId: string;
  readonly versionId: string;
  /** The type of the log's file: `agent`. */
  readonly type: string;
  readonly change: 'made' | 'changed' | 'deleted';
  /**
   * True: the write made or completed the log, opened it again, or changed the inputs, messages,
   * output, output message or error of a complete log. False: only its metadata changed.
   */
  readonly contentChanged: boolean;
  /** The state before and after the write. A log without a `log_status` counts as complete. */
  readonly wasComplete: boolean;
  readonly isComplete: boolean;
  /**
   * For `made`: when the log used its version, or a later time at which another log of the same
   * statement did. Null for other changes.
   */
  readonly usedAt: Timestamp | null;
}

/**
 * Whether this write completed the log. Only one write of a log does, unless the log is opened
 * again.
 */
export function completesLog({ wasComplete, isComplete }: FedLog): boolean {
  return !wasComplete && isComplete;
}

/**
 * Receives every write of every log exactly once. The writes of one log arrive in order; there is
 * no order between two logs.
 */
export interface FeedConsumer {
  /** The name in the server's own log: `search`. */
  readonly name: string;
  /**
   * Writes the rows that follow from these writes of logs. The same transaction removes the writes
   * from the feed, so the rows are written exactly once.
   *
   * All consumers and organizations share the transaction. For slow work, or an effect outside the
   * database, write a row that asks for it, and do the work later. When `consume` throws, the rows
   * of all consumers are undone, and all consumers receive the same writes again later.
   *
   * @param db the transaction.
   * @param logs writes in any organizations. A log may occur more than once, and may be deleted by
   *   now.
   */
  consume(db: Queries, logs: readonly FedLog[]): Promise<void>;
}
