import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';

/** What a task needs to know of its log. */
export interface TaskLog {
  readonly id: string;
  /** False: its payloads were not stored. */
  readonly save: boolean;
  /** True: it has a slot in a Run that is not cancelled. */
  readonly isInRun: boolean;
  /** True: an active monitor of its file names the evaluator. */
  readonly isMonitored: boolean;
  /** The datapoint of its slot in a Run, of an open Run if possible; or the one that it names. */
  readonly datapointId: string | null;
}

/** The logs of tasks of one evaluator. Those that were deleted are left out. */
export async function listTaskLogs(
  { db, organizationId }: Workspace,
  evaluatorId: string,
  logIds: readonly string[],
): Promise<readonly TaskLog[]> {
  const { rows } = await sql<TaskLog>`/* hot */ SELECT l.id, l.save,
      EXISTS (SELECT FROM evaluation_slot s
        JOIN evaluation_run r ON r.organization_id = s.organization_id AND r.id = s.run_id
        WHERE s.organization_id = l.organization_id AND s.log_id = l.id
          AND r.status <> 'cancelled') AS "isInRun",
      EXISTS (SELECT FROM monitoring_evaluator m WHERE m.organization_id = l.organization_id
        AND m.file_id = l.file_id AND m.evaluator_id = ${evaluatorId} AND m.state = 'active')
        AS "isMonitored", coalesce(slot.datapoint_id, l.source_datapoint_id) AS "datapointId"
    FROM log l
    LEFT JOIN LATERAL (SELECT s.datapoint_id FROM evaluation_slot s
      JOIN evaluation_run r ON r.organization_id = s.organization_id AND r.id = s.run_id
      WHERE s.organization_id = l.organization_id AND s.log_id = l.id
        AND s.datapoint_id IS NOT NULL
      ORDER BY r.status IN ('pending', 'running') DESC, r.id DESC LIMIT 1) slot ON true
    WHERE l.organization_id = ${organizationId} AND l.id = ANY(${[...logIds]}::text[])`.execute(db);
  return rows;
}
