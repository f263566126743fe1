import type { Workspace } from '../database/workspace.ts';
import type { LogRecord } from './log-record.ts';

/** How a log says to which Run of an Evaluation it belongs. */
export interface RunClaim {
  /** The Run that the request names. */
  readonly runId: string | null;
  /** The key of a v5 SDK's request; null for other clients. SDKs lose the ids of some Runs. */
  readonly sdkKeyId: string | null;
  /** The datapoint that a change of the log names. */
  readonly datapointId?: string | null;
}

/** A log before and after it was changed. */
export interface ChangedLog {
  readonly before: LogRecord;
  readonly after: LogRecord;
}

/** What evaluations do when logs are written, in the same transaction. */
export interface LogEvaluations {
  /** Whether a new log may concern evaluations. If not, `recorded` is not called. */
  concerns(workspace: Workspace, record: LogRecord, claim: RunClaim): boolean | Promise<boolean>;
  /**
   * Does the work of writing a log that concerns evaluations when it is its turn. Such writes of one
   * Run wait for each other: a thousand at once would take all connections, and time out there. The
   * writes of one organization do not wait for those of another.
   *
   * @param work not in a transaction.
   */
  inTurn<Result>(workspace: Workspace, work: () => Promise<Result>): Promise<Result>;
  /**
   * Called after a log was inserted: it takes its place in Runs, or counts as a judgment.
   *
   * @param workspace in a transaction.
   * @throws `evaluation_run_not_found`; `invalid` for a log that does not fit the Run.
   */
  recorded(workspace: Workspace, record: LogRecord, claim: RunClaim): Promise<void>;
  /** Called after a log was changed: the Runs that have it await new judgments. In a transaction. */
  changed(workspace: Workspace, log: ChangedLog, claim: RunClaim): Promise<void>;
  /**
   * Called before logs are deleted.
   *
   * @param workspace in a transaction that has locked them.
   * @param logIds all that are deleted, with those below and the evaluator logs that judge them.
   */
  deleting(workspace: Workspace, logIds: readonly string[]): Promise<void>;
}

/** The claim of a log that names no Run. */
export const noClaim: RunClaim = { runId: null, sdkKeyId: null };
