import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';
import { openWorkspace, type Workspace } from '../../database/workspace.ts';
import type { JudgmentLog } from './count-judgments.ts';

/** An evaluator whose logs are not all counted yet. */
interface Backlog {
  readonly workspace: Workspace;
  readonly evaluatorId: string;
  readonly createdAt: string | null;
  readonly logId: string | null;
}

/** Whether an evaluator's logs are to be counted, by any server. */
export async function hasBacklog({ db }: Pick<Database, 'db'>): Promise<boolean> {
  const { rows } = await sql`SELECT FROM judgment_backlog LIMIT 1`.execute(db);
  return rows.length > 0;
}

/**
 * Locks an evaluator whose logs are to be counted, one that no other server is working on.
 *
 * It spans organizations, because a server counts for all.
 *
 * @param db in a transaction.
 */
export async function lockBacklog(db: Database['db']): Promise<Backlog | undefined> {
  const { rows } = await sql<Omit<Backlog, 'workspace'> & { organizationId: string }>`
    SELECT organization_id AS "organizationId", evaluator_id AS "evaluatorId",
      created_at AS "createdAt", log_id AS "logId"
    FROM judgment_backlog WHERE due_at <= now() ORDER BY organization_id, evaluator_id LIMIT 1
    FOR UPDATE SKIP LOCKED`.execute(db);
  const [row] = rows;
  return row && { ...row, workspace: openWorkspace({ db }, row.organizationId) };
}

/** The next logs of an evaluator that do not count, oldest first. Some count no more. */
export async function listBacklogLogs(
  { workspace: { db, organizationId }, evaluatorId, createdAt, logId }: Backlog,
  most: number,
): Promise<readonly (JudgmentLog & { readonly created_at: string })[]> {
  const { rows } = await sql<JudgmentLog & { created_at: string }>`SELECT id, parent_id, created_at
    FROM log WHERE organization_id = ${organizationId} AND file_id = ${evaluatorId}
      AND (created_at, id) > (coalesce(${createdAt}::timestamptz, '-infinity'), coalesce(${logId}, ''))
      AND NOT EXISTS (SELECT FROM judgment WHERE judgment.organization_id = log.organization_id
        AND judgment.evaluator_log_id = log.id)
    ORDER BY created_at, id LIMIT ${most}`.execute(db);
  return rows;
}

/** Notes the last log that was counted. */
export async function updateBacklog(
  { workspace: { db, organizationId }, evaluatorId }: Backlog,
  last: { readonly created_at: string; readonly id: string },
): Promise<void> {
  await sql`UPDATE judgment_backlog SET created_at = ${last.created_at}, log_id = ${last.id}
    WHERE organization_id = ${organizationId} AND evaluator_id = ${evaluatorId}`.execute(db);
}

/** Hours after which no server of the release before is expected to run, nor clocks to differ. */
const upgradeHours = 1;

/**
 * Notes that all logs of an evaluator are counted. Those that servers of the release before may have
 * written since the migration are read once more when these have stopped.
 */
export async function endBacklog({
  workspace: { db, organizationId },
  evaluatorId,
}: Backlog): Promise<void> {
  const isOfEvaluator = sql`organization_id = ${organizationId} AND evaluator_id = ${evaluatorId}`;
  const upgrade = sql`make_interval(hours => ${upgradeHours})`;
  await sql`WITH over AS (DELETE FROM judgment_backlog
      WHERE ${isOfEvaluator} AND added_at + ${upgrade} <= now())
    UPDATE judgment_backlog SET due_at = added_at + ${upgrade}, created_at = added_at - ${upgrade},
      log_id = ''
    WHERE ${isOfEvaluator} AND added_at + ${upgrade} > now()`.execute(db);
}
