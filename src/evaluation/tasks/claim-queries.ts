import { type RawBuilder, sql } from 'kysely';
import type { EvaluatorDetails } from '../../contract/kinds/evaluator.ts';
import type { Database } from '../../database/database.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { Timestamp } from '../../kernel/clock.ts';
import type { LeaseHolder } from '../../runtime/leases/lease.ts';

/** Tasks that are due, of one evaluator version. */
export interface TaskQueue {
  readonly organizationId: string;
  readonly versionId: string;
  /** True: Runs wait for them. False: only monitoring does. */
  readonly forRun: boolean;
  /** Since when the first of them is due. */
  readonly dueAt: Timestamp;
  /** Null when the version does not exist. */
  readonly evaluatorType: EvaluatorDetails['evaluator_type'] | null;
  /** False: the evaluator was deleted. */
  readonly isWanted: boolean;
}

/** The condition of the index of due tasks. It is always true. */
const inDueOrder = sql`due_at > '-infinity'`;

/** The most pairs of an organization and an evaluator version that one look finds. */
const mostQueues = 1_000;

/**
 * The queues that have tasks which are due. When there are no tasks, it reads one entry of an index.
 *
 * It spans organizations, as all claims do: a process judges for many.
 */
export async function listTaskQueues({ db }: Pick<Database, 'db'>): Promise<readonly TaskQueue[]> {
  const { rows } = await sql<TaskQueue>`/* hot */ WITH RECURSIVE pair AS (
      (SELECT organization_id, evaluator_version_id FROM judgment_task WHERE ${inDueOrder}
        ORDER BY organization_id, evaluator_version_id LIMIT 1)
      UNION ALL
      SELECT following.* FROM pair CROSS JOIN LATERAL (
        SELECT organization_id, evaluator_version_id FROM judgment_task
        WHERE (organization_id, evaluator_version_id)
          > (pair.organization_id, pair.evaluator_version_id) AND ${inDueOrder}
        ORDER BY organization_id, evaluator_version_id LIMIT 1) following)
    SELECT pair.organization_id AS "organizationId", pair.evaluator_version_id AS "versionId",
      head.for_run AS "forRun", head.due_at AS "dueAt",
      v.spec -> 'spec' ->> 'evaluator_type' AS "evaluatorType",
      coalesce(v.deleted_at IS NULL AND f.deleted_at IS NULL AND f.id IS NOT NULL, false)
        AS "isWanted"
    FROM (SELECT * FROM pair LIMIT ${mostQueues}) pair
    CROSS JOIN (VALUES (true), (false)) AS kind (for_run)
    CROSS JOIN LATERAL (SELECT for_run, due_at FROM judgment_task t
      WHERE t.organization_id = pair.organization_id
        AND t.evaluator_version_id = pair.evaluator_version_id AND t.for_run = kind.for_run
        AND ${inDueOrder}
      ORDER BY due_at LIMIT 1) head
    LEFT JOIN version v ON v.organization_id = pair.organization_id
      AND v.id = pair.evaluator_version_id
    LEFT JOIN file f ON f.organization_id = v.organization_id AND f.id = v.file_id
    WHERE head.due_at <= now()`.execute(db);
  return rows;
}

/** What names a task, and the right to end it. */
export interface HeldTask {
  readonly organizationId: string;
  readonly logId: string;
  readonly versionId: string;
  /** Rises with each claim and each change of the log. */
  readonly token: number;
}

/** A task that this process has claimed. */
export interface ClaimedTask extends HeldTask {
  readonly forRun: boolean;
  readonly forMonitoring: boolean;
  /** How often it was claimed, this time included. */
  readonly attempts: number;
}

/** Claims tasks of a queue that are due, the oldest first. Those that others are claiming are left out. */
export async function claimTasks(
  { db }: Pick<Database, 'db'>,
  { organizationId, versionId, forRun }: TaskQueue,
  { owner, leaseSeconds }: LeaseHolder,
  most: number,
): Promise<readonly ClaimedTask[]> {
  const { rows } = await sql<ClaimedTask>`/* hot */ WITH due AS MATERIALIZED (
      SELECT log_id FROM judgment_task
      WHERE organization_id = ${organizationId} AND evaluator_version_id = ${versionId}
        AND for_run = ${forRun} AND due_at <= now() AND ${inDueOrder}
      ORDER BY due_at LIMIT ${most} FOR UPDATE SKIP LOCKED)
    UPDATE judgment_task t SET lease_owner = ${owner}, lease_token = lease_token + 1,
      attempts = attempts + 1, due_at = now() + make_interval(secs => ${leaseSeconds})
    FROM due
    WHERE t.organization_id = ${organizationId} AND t.evaluator_version_id = ${versionId}
      AND t.log_id = due.log_id
    RETURNING t.organization_id AS "organizationId", t.log_id AS "logId",
      t.evaluator_version_id AS "versionId", t.lease_token AS token, t.for_run AS "forRun",
      t.for_monitoring AS "forMonitoring", t.attempts`.execute(db);
  return rows;
}

/**
 * Renews the leases of tasks.
 *
 * @returns those that are still held: they were neither taken by another process nor deleted, and
 *   their logs have not changed.
 */
export async function renewTasks(
  { db }: Pick<Database, 'db'>,
  tasks: readonly HeldTask[],
  leaseSeconds: number,
): Promise<readonly HeldTask[]> {
  const { rows } = await sql<HeldTask>`/* hot */ UPDATE judgment_task t
    SET due_at = now() + make_interval(secs => ${leaseSeconds})
    FROM ${lockedTasks(tasks)} WHERE ${isLocked} RETURNING ${heldColumns}`.execute(db);
  return rows;
}

/** Those of these tasks that are still held, and whose evaluators were not deleted. */
export async function listHeldTasks(
  { db }: Pick<Database, 'db'>,
  tasks: readonly HeldTask[],
): Promise<readonly HeldTask[]> {
  const { rows } =
    await sql<HeldTask>`/* hot */ WITH held AS MATERIALIZED (SELECT * FROM ${heldTasks(tasks)}),
    wanted AS MATERIALIZED (
      SELECT pair.* FROM (SELECT DISTINCT organization_id, evaluator_version_id FROM held) pair
      JOIN version v ON v.organization_id = pair.organization_id
        AND v.id = pair.evaluator_version_id AND v.deleted_at IS NULL
      JOIN file f ON f.organization_id = v.organization_id AND f.id = v.file_id
        AND f.deleted_at IS NULL)
    SELECT ${heldColumns} FROM judgment_task t JOIN held ON ${isHeld}
    WHERE (t.organization_id, t.evaluator_version_id)
      IN (SELECT organization_id, evaluator_version_id FROM wanted)`.execute(db);
  return rows;
}

/**
 * Gives tasks back. Results that come later under these leases are not written.
 *
 * @param afterSeconds after how many seconds they can be claimed again.
 * @param wasAttempt false: the attempt does not count, because the server stops.
 */
export async function releaseTasks(
  { db }: Pick<Database, 'db'>,
  tasks: readonly HeldTask[],
  { afterSeconds, wasAttempt }: { readonly afterSeconds: number; readonly wasAttempt: boolean },
): Promise<void> {
  if (tasks.length === 0) return;
  await sql`UPDATE judgment_task t SET lease_owner = NULL, lease_token = lease_token + 1,
      due_at = now() + make_interval(secs => ${afterSeconds}),
      attempts = attempts - ${wasAttempt ? 0 : 1}
    FROM ${lockedTasks(tasks)} WHERE ${isLocked}`.execute(db);
}

/** Deletes tasks that are held, because nobody wants them. */
export async function deleteTasks(
  { db }: Pick<Database, 'db'>,
  tasks: readonly HeldTask[],
): Promise<void> {
  if (tasks.length === 0) return;
  await sql`DELETE FROM judgment_task t USING ${lockedTasks(tasks)} WHERE ${isLocked}`.execute(db);
}

/** The most tasks that one statement deletes. */
const mostDeleted = 10_000;

/**
 * Deletes the tasks of an evaluator version that was deleted, a part at a time.
 *
 * @returns the logs that they were about.
 */
export async function deleteQueue(
  { db, organizationId }: Workspace,
  versionId: string,
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`DELETE FROM judgment_task
    WHERE organization_id = ${organizationId} AND evaluator_version_id = ${versionId}
      AND log_id IN (SELECT log_id FROM judgment_task
        WHERE organization_id = ${organizationId} AND evaluator_version_id = ${versionId}
        ORDER BY log_id LIMIT ${mostDeleted} FOR UPDATE)
    RETURNING log_id AS id`.execute(db);
  return rows.map(({ id }) => id);
}

/**
 * Those of these tasks that are still held, as rows `locked` of a FROM clause. They are locked in the
 * order of their keys, in which the intake changes tasks too: two other orders would deadlock.
 */
export function lockedTasks(tasks: readonly HeldTask[]): RawBuilder<unknown> {
  return sql`(SELECT t.organization_id, t.log_id, t.evaluator_version_id FROM judgment_task t
    JOIN ${heldTasks(tasks)} ON ${isHeld} ORDER BY 1, 2, 3 FOR UPDATE OF t) AS locked`;
}

/** The condition that a task `t` is the one of a row `locked`. */
export const isLocked = sql`t.organization_id = locked.organization_id AND t.log_id = locked.log_id
  AND t.evaluator_version_id = locked.evaluator_version_id`;

/** Tasks as rows `held` of a FROM clause. */
function heldTasks(tasks: readonly HeldTask[]): RawBuilder<unknown> {
  return sql`unnest(${tasks.map(({ organizationId }) => organizationId)}::text[],
    ${tasks.map(({ logId }) => logId)}::text[], ${tasks.map(({ versionId }) => versionId)}::text[],
    ${tasks.map(({ token }) => token)}::integer[])
    AS held (organization_id, log_id, evaluator_version_id, token)`;
}

/** The condition that a task `t` is the one of a row `held`, under the same lease. */
const isHeld = sql`t.organization_id = held.organization_id AND t.log_id = held.log_id
  AND t.evaluator_version_id = held.evaluator_version_id AND t.lease_token = held.token`;

const heldColumns = sql`t.organization_id AS "organizationId", t.log_id AS "logId",
  t.evaluator_version_id AS "versionId", t.lease_token AS token`;
