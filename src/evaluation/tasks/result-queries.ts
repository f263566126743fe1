import { sql } from 'kysely';
import { jsonList, type Workspace } from '../../database/workspace.ts';
import type { Timestamp } from '../../kernel/clock.ts';
import { logColumnNames, logColumns, logRow } from '../../logs/log-queries.ts';
import type { LogRecord } from '../../logs/log-record.ts';
import { upsertJudgments } from '../judgments/judgment-queries.ts';
import { type HeldTask, isLocked, lockedTasks } from './claim-queries.ts';

/** A log that is locked against its deletion. */
export interface LockedJudgedLog {
  readonly id: string;
  readonly sourceDatapointId: string | null;
  /** The database's time: servers whose clocks differ write judgments in one order. */
  readonly now: Timestamp;
}

/** Locks logs until the transaction ends, so that none is deleted. */
export async function lockJudgedLogs(
  { db, organizationId }: Workspace,
  ids: readonly string[],
): Promise<readonly LockedJudgedLog[]> {
  const { rows } = await sql<LockedJudgedLog>`/* hot */ SELECT id,
      source_datapoint_id AS "sourceDatapointId", clock_timestamp() AS now
    FROM log WHERE organization_id = ${organizationId} AND id = ANY(${[...ids]}::text[])
    ORDER BY id FOR KEY SHARE`.execute(db);
  return rows;
}

/** A task that is done. */
export interface DoneTask {
  readonly task: HeldTask;
  /** The log of the evaluator. */
  readonly evaluatorLog: LogRecord;
  /** The datapoint with which the log was judged. */
  readonly datapointId: string | null;
}

/**
 * Deletes tasks, adds their evaluator logs and makes these count. Tasks that are no longer held are
 * left out.
 */
export async function endTasks(
  { db, organizationId }: Workspace,
  done: readonly DoneTask[],
): Promise<void> {
  const columns = sql.raw(logColumns.map((name) => `"${name}"`).join(', '));
  const rows = jsonList(done.map(({ evaluatorLog }) => logRow(evaluatorLog)));
  const judgedWith = sql`(SELECT given.datapoint_id FROM unnest(
      ${done.map(({ evaluatorLog }) => evaluatorLog.id)}::text[],
      ${done.map(({ datapointId }) => datapointId)}::text[]) AS given (id, datapoint_id)
    WHERE given.id = e.id)`;
  await sql`/* hot */ WITH ended AS (
      DELETE FROM judgment_task t USING ${lockedTasks(done.map(({ task }) => task))}
      WHERE ${isLocked}
      RETURNING t.log_id, t.evaluator_version_id),
    made AS (
      INSERT INTO log (${sql.raw(logColumnNames)})
      SELECT ${organizationId}::text, ${columns} FROM json_populate_recordset(NULL::log, ${rows}::json)
      WHERE EXISTS (SELECT FROM ended
        WHERE ended.log_id = parent_id AND ended.evaluator_version_id = version_id)
      RETURNING *)
    ${upsertJudgments({ from: sql`made`, isCurrent: sql`true`, datapointId: judgedWith })}`.execute(
    db,
  );
}
