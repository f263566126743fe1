import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import { attachedEvaluators } from '../attached-queries.ts';
import { evaluatorsOfRuns, isJudged } from './wanted-queries.ts';

/**
 * Adds the tasks that Runs lack: for each ready slot, the server-judged evaluators of all Evaluations
 * that hold the Run, unless a judgment can be used again: that of an evaluator which needs no target,
 * or was given the same datapoint, when the log has not changed since. Cancelled Runs get none.
 *
 * @param workspace in a transaction that has locked the Runs for a change.
 */
export async function addTasks(
  { db, organizationId }: Workspace,
  runIds: readonly string[],
): Promise<void> {
  if (runIds.length === 0) return;
  const member = sql`m.organization_id = ${organizationId} AND m.run_id = ANY(${[...runIds]}::text[])`;
  await sql`WITH re AS MATERIALIZED (${evaluatorsOfRuns(member)})
    INSERT INTO judgment_task (organization_id, log_id, evaluator_version_id, for_run,
      for_monitoring, due_at)
    SELECT DISTINCT s.organization_id, s.log_id, re.evaluator_version_id, true, false, now()
    FROM re
    JOIN evaluation_run r ON r.organization_id = re.organization_id AND r.id = re.run_id
      AND r.status <> 'cancelled'
    JOIN evaluation_slot s ON s.organization_id = re.organization_id AND s.run_id = re.run_id
    WHERE s.state = 'ready' AND NOT ${isJudged}
    ORDER BY 1, 2, 3
    ON CONFLICT (organization_id, log_id, evaluator_version_id) DO UPDATE SET for_run = true
      WHERE NOT judgment_task.for_run`.execute(db);
}

/**
 * Deletes tasks on logs of these Runs that neither an open Run nor a monitor wants. A judgment that
 * is being made is not written then.
 *
 * @param workspace in a transaction that has locked the Runs for a change.
 */
export async function dropTasks(
  { db, organizationId }: Workspace,
  runIds: readonly string[],
): Promise<void> {
  if (runIds.length === 0) return;
  const ofSlot = sql`m.organization_id = s.organization_id AND m.run_id = s.run_id`;
  await sql`WITH unwanted AS (
      SELECT t.organization_id, t.log_id, t.evaluator_version_id FROM judgment_task t
      WHERE t.organization_id = ${organizationId} AND t.for_run
        AND t.log_id IN (SELECT log_id FROM evaluation_slot
          WHERE organization_id = ${organizationId} AND run_id = ANY(${[...runIds]}::text[]))
        AND NOT EXISTS (SELECT FROM evaluation_slot s
          JOIN evaluation_run r ON r.organization_id = s.organization_id AND r.id = s.run_id
            AND r.status IN ('pending', 'running')
          WHERE s.organization_id = t.organization_id AND s.log_id = t.log_id
            AND EXISTS (SELECT ${attachedEvaluators(ofSlot)} AND ee.orchestrated
              AND ee.evaluator_version_id = t.evaluator_version_id))
      ORDER BY t.log_id, t.evaluator_version_id FOR UPDATE),
    kept AS (
      UPDATE judgment_task t SET for_run = false FROM unwanted
      WHERE t.organization_id = unwanted.organization_id AND t.log_id = unwanted.log_id
        AND t.evaluator_version_id = unwanted.evaluator_version_id AND t.for_monitoring)
    DELETE FROM judgment_task t USING unwanted
    WHERE t.organization_id = unwanted.organization_id AND t.log_id = unwanted.log_id
      AND t.evaluator_version_id = unwanted.evaluator_version_id AND NOT t.for_monitoring`.execute(
    db,
  );
}
