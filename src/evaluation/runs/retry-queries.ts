import { type RawBuilder, sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import { emptied } from './reservation-queries.ts';

/**
 * Empties slots that the server has filled, so that it makes new logs for them. The old logs stay. A
 * call in progress goes on.
 *
 * @param workspace in a transaction that has locked the Run for a change.
 * @param which `errors`: those whose logs have an error.
 */
export async function emptyGeneratedSlots(
  { db, organizationId }: Workspace,
  runId: string,
  which: 'errors' | 'all',
): Promise<void> {
  const chosen = which === 'all' ? sql`` : sql`AND log.error IS NOT NULL`;
  await sql`UPDATE evaluation_slot s SET ${emptied} FROM log
    WHERE s.organization_id = ${organizationId} AND s.run_id = ${runId} AND s.origin = 'generated'
      AND s.lease_expires_at IS NULL AND log.organization_id = s.organization_id
      AND log.id = s.log_id AND log.log_status IS DISTINCT FROM 'incomplete' ${chosen}
      AND NOT EXISTS (SELECT FROM run WHERE run.organization_id = log.organization_id
        AND run.log_id = log.id)`.execute(db);
}

/**
 * Makes judgments of the server outdated, so that tasks are added for them. They count until the new
 * ones are there.
 *
 * @param workspace in a transaction that has locked the Run for a change.
 * @param which.errors true: only judgments that are errors.
 * @param which.evaluators the versions; undefined: all.
 */
export async function outdateJudgments(
  { db, organizationId }: Workspace,
  runId: string,
  which: { readonly errors: boolean; readonly evaluators: readonly string[] | undefined },
): Promise<void> {
  const conditions: readonly RawBuilder<unknown>[] = [
    ...(which.errors ? [sql`AND j.outcome = 'error'`] : []),
    ...(which.evaluators
      ? [sql`AND j.evaluator_version_id = ANY(${[...which.evaluators]}::text[])`]
      : []),
  ];
  await sql`UPDATE judgment j SET is_current = false FROM evaluation_slot s
    WHERE s.organization_id = ${organizationId} AND s.run_id = ${runId} AND s.state = 'ready'
      AND j.organization_id = s.organization_id AND j.log_id = s.log_id AND j.judge = ''
      AND j.is_current ${sql.join(conditions, sql` `)}`.execute(db);
}

/** Opens a Run again, also one that was cancelled. */
export async function reopenRun({ db, organizationId }: Workspace, runId: string): Promise<void> {
  await sql`UPDATE evaluation_run SET status = 'running', ended_at = NULL, error = NULL,
      is_closed = false
    WHERE organization_id = ${organizationId} AND id = ${runId}`.execute(db);
}

/** Those of some evaluator versions that no Evaluation of a Run has. */
export async function listUnattached(
  { db, organizationId }: Workspace,
  runId: string,
  versionIds: readonly string[],
): Promise<readonly string[]> {
  if (versionIds.length === 0) return [];
  const { rows } = await sql<{ id: string }>`SELECT id FROM unnest(${[...versionIds]}::text[]) AS id
    WHERE NOT EXISTS (SELECT FROM evaluation_member m
      JOIN evaluation_evaluator ee ON ee.organization_id = m.organization_id
        AND ee.evaluation_id = m.evaluation_id
      WHERE m.organization_id = ${organizationId} AND m.run_id = ${runId}
        AND ee.evaluator_version_id = id)`.execute(db);
  return rows.map(({ id }) => id);
}
