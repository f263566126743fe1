import { type RawBuilder, sql } from 'kysely';
import type { Queries } from '../../database/database.ts';
import type { Workspace } from '../../database/workspace.ts';
import { attachedEvaluators, countsFor } from '../attached-queries.ts';
import { reviewsPerLog } from '../reviews/reviews-per-log-queries.ts';

/** How long Runs wait for clients. */
export interface Patience {
  /**
   * Seconds since the last log or judgment after which external evaluators that may never judge are
   * no longer waited for.
   */
  readonly graceSeconds: number;
  /** Hours without a log or judgment after which a Run that waits for its client is cancelled. */
  readonly idleHours: number;
}

/** A Run in an organization. */
export interface RunKey {
  readonly organizationId: string;
  readonly id: string;
}

/** Sets pending Runs to running. The caller has locked them for a change. */
export async function beginRuns(
  { db, organizationId }: Workspace,
  runIds: readonly string[],
): Promise<void> {
  if (runIds.length === 0) return;
  await sql`UPDATE evaluation_run SET status = 'running'
    WHERE organization_id = ${organizationId} AND id = ANY(${[...runIds]}::text[])
      AND status = 'pending'`.execute(db);
}

/** Sets completed Runs to running. The caller has locked them for a change. */
export async function reopenCompleted(
  { db, organizationId }: Workspace,
  runIds: readonly string[],
): Promise<void> {
  await sql`UPDATE evaluation_run SET status = 'running', ended_at = NULL
    WHERE organization_id = ${organizationId} AND id = ANY(${[...runIds]}::text[])
      AND status = 'completed'`.execute(db);
}

/** Ends a Run. The caller has locked it for a change. */
export async function setEnded(
  { db, organizationId }: Workspace,
  runId: string,
  end: {
    readonly status: 'completed' | 'cancelled';
    readonly error: string | null;
    readonly isClosed: boolean;
  },
): Promise<void> {
  await sql`UPDATE evaluation_run SET status = ${end.status}, error = ${end.error},
      is_closed = ${end.isClosed}, ended_at = now()
    WHERE organization_id = ${organizationId} AND id = ${runId}`.execute(db);
}

/**
 * The open Runs in which nothing is left to do.
 *
 * @param among which Runs to look at; undefined: those of all organizations.
 */
export async function listFinishedRuns(
  db: Queries,
  among: { readonly organizationId: string; readonly ids: readonly string[] } | undefined,
  { graceSeconds }: Pick<Patience, 'graceSeconds'>,
): Promise<readonly RunKey[]> {
  const chosen = among
    ? sql`AND r.organization_id = ${among.organizationId} AND r.id = ANY(${[...among.ids]}::text[])`
    : sql``;
  // What people owe is asked before the tasks, which are looked up for every slot: a Run that waits for
  // people waits for days.
  const isSure = sql`ee.is_always_awaited OR ${isHuman}`;
  const { rows } =
    await sql<RunKey>`/* hot */ SELECT r.organization_id AS "organizationId", r.id FROM evaluation_run r
    WHERE r.status IN ('pending', 'running') ${chosen} AND CASE
      WHEN ${lacksLogs} THEN false
      WHEN NOT r.is_closed AND ${lacksJudgments(isSure)} THEN false
      WHEN NOT ${isPlanned} AND NOT ${hasSettled} THEN false
      WHEN ${hasTasks} THEN false
      WHEN r.is_closed THEN true
      WHEN ${lacksJudgments(sql`NOT (${isSure})`)}
        THEN ${lastActivity} < now() - make_interval(secs => ${graceSeconds})
      ELSE true END`.execute(db);
  return rows;
}

/** Why the server itself cancels a Run. */
export interface CancelReason extends RunKey {
  readonly reason: 'idle' | 'file_deleted' | 'unreachable' | 'too_expensive';
}

/** The open Runs that nobody can use or finish any more, in all organizations. What they cost aside. */
export async function listRunsToCancel(
  db: Queries,
  { idleHours }: Pick<Patience, 'idleHours'>,
): Promise<readonly CancelReason[]> {
  const { rows } = await sql<CancelReason>`/* hot */ SELECT "organizationId", id, reason FROM (
      SELECT r.organization_id AS "organizationId", r.id, CASE
        WHEN EXISTS (SELECT FROM file WHERE file.organization_id = r.organization_id
          AND file.id = r.file_id AND file.deleted_at IS NOT NULL) THEN 'file_deleted'
        WHEN NOT EXISTS (SELECT ${evaluations}) THEN 'unreachable'
        WHEN NOT r.orchestrated AND r.created_at < now() - ${idle(idleHours)}
          AND NOT EXISTS (SELECT ${evaluators} AND ${isHuman})
          AND ${lastActivity} < now() - ${idle(idleHours)} THEN 'idle' END AS reason
      FROM evaluation_run r WHERE r.status IN ('pending', 'running')) AS looked_at
    WHERE reason IS NOT NULL`.execute(db);
  return rows;
}

/** The open Runs that have cost more than they may, in all organizations. */
export async function listExpensiveRuns(db: Queries): Promise<readonly RunKey[]> {
  const { rows } =
    await sql<RunKey>`/* hot */ SELECT r.organization_id AS "organizationId", r.id FROM evaluation_run r
    WHERE r.status IN ('pending', 'running') AND ${isTooExpensive}`.execute(db);
  return rows;
}

/** Whether a Run has cost more than it may. */
export async function isOverBudget(
  { db, organizationId }: Workspace,
  runId: string,
): Promise<boolean> {
  const { rows } = await sql`/* hot */ SELECT FROM evaluation_run r
    WHERE r.organization_id = ${organizationId} AND r.id = ${runId} AND ${isTooExpensive}`.execute(
    db,
  );
  return rows.length > 0;
}

const idle = (hours: number) => sql`make_interval(secs => ${hours * 3_600})`;

/** The slots `s` of the Run `r`. */
const ofRun = sql`s.organization_id = r.organization_id AND s.run_id = r.id`;

/** `FROM … WHERE …`: the Evaluations that hold the Run `r`. */
const evaluations = sql`FROM evaluation_member m
  JOIN evaluation e ON e.organization_id = m.organization_id AND e.id = m.evaluation_id
  WHERE m.organization_id = r.organization_id AND m.run_id = r.id AND e.deleted_at IS NULL`;

/** `FROM … WHERE …`: the evaluators `ee` of the Run `r` that are not deleted, and their versions `v`. */
const evaluators = attachedEvaluators(
  sql`m.organization_id = r.organization_id AND m.run_id = r.id`,
);

/** Whether a log is missing, or one that is there cannot be judged yet. */
const lacksLogs = sql`EXISTS (SELECT FROM evaluation_slot s WHERE ${ofRun} AND s.state <> 'ready'
  AND (s.state = 'started' OR NOT r.is_closed))`;

/** Whether the server is to judge a log of the Run `r`. */
const hasTasks = sql`EXISTS (SELECT FROM evaluation_slot s
  JOIN judgment_task t ON t.organization_id = s.organization_id AND t.log_id = s.log_id
  WHERE ${ofRun} AND s.state = 'ready' AND t.for_run AND EXISTS (SELECT ${evaluators}
    AND ee.orchestrated AND ee.evaluator_version_id = t.evaluator_version_id))`;

const isHuman = sql`v.spec -> 'spec' ->> 'evaluator_type' = 'human'`;

/** Whether it is known which logs the Run `r` wants. Without a dataset clients bring what they like. */
const isPlanned = sql`(r.dataset_version_id IS NOT NULL OR r.options ?| ARRAY['logs', 'replay'])`;

/** Whether a Run without a dataset has logs, and the last was added on purpose or a while ago. */
const hasSettled = sql`coalesce((SELECT s.origin IN ('added', 'existing')
    OR s.filled_at < now() - interval '10 s'
  FROM evaluation_slot s WHERE ${ofRun} ORDER BY s.filled_at DESC NULLS LAST LIMIT 1), false)`;

/**
 * Whether a judgment is missing of evaluators that clients or people run. What people say counts for
 * all attached versions of their evaluator: they are asked once for each log.
 *
 * @param which the condition on the evaluators `ee`.
 */
function lacksJudgments(which: RawBuilder<unknown>): RawBuilder<unknown> {
  const isMarked = sql`EXISTS (SELECT FROM log WHERE log.organization_id = s.organization_id
    AND log.parent_id = s.log_id AND log.file_id = ee.evaluator_id AND log.marked_completed)`;
  return sql`(EXISTS (SELECT ${evaluators} AND NOT ee.orchestrated AND (${which})
      AND EXISTS (SELECT FROM evaluation_slot s WHERE ${ofRun} AND s.state = 'ready'
        AND NOT EXISTS (SELECT FROM judgment j WHERE j.organization_id = s.organization_id
          AND j.log_id = s.log_id AND j.evaluator_id = ee.evaluator_id
          AND (${isHuman} OR ${countsFor('ee')}))
        AND NOT (${isHuman} AND ${isMarked})))
    OR EXISTS (SELECT ${evaluators} AND ${isHuman} AND (${which}) AND ${reviewsPerLog('v')} > 1
      AND EXISTS (SELECT FROM evaluation_slot s WHERE ${ofRun} AND s.state = 'ready'
        AND (SELECT count(DISTINCT j.judge) FROM judgment j
          WHERE j.organization_id = s.organization_id AND j.log_id = s.log_id
            AND j.evaluator_id = ee.evaluator_id) < ${reviewsPerLog('v')}
        AND NOT ${isMarked})))`;
}

/** When the last log or judgment of the Run `r` came, or the last evaluator. */
const lastActivity = sql`greatest(r.created_at,
  (SELECT max(s.filled_at) FROM evaluation_slot s WHERE ${ofRun}),
  (SELECT max(j.written_at) FROM evaluation_slot s JOIN judgment j
    ON j.organization_id = s.organization_id AND j.log_id = s.log_id WHERE ${ofRun}),
  (SELECT max(greatest(m.added_at, ee.added_at)) ${evaluators}))`;

/** US dollars that the logs and judgments of the Run `r` are known to have cost. */
const spent = sql`SELECT coalesce(sum(coalesce(made.cost, 0) + coalesce(judged.cost, 0)), 0)
  FROM evaluation_slot s
  CROSS JOIN LATERAL (SELECT sum(coalesce(log.prompt_cost, 0) + coalesce(log.output_cost, 0)) AS cost
    FROM log WHERE log.organization_id = s.organization_id AND s.origin = 'generated'
      AND (log.id = s.log_id OR log.trace_id = s.log_id)) AS made
  CROSS JOIN LATERAL (SELECT sum(j.cost) AS cost FROM judgment j
    WHERE j.organization_id = s.organization_id AND j.log_id = s.log_id) AS judged
  WHERE ${ofRun} AND s.log_id IS NOT NULL`;

/** Whether the Run `r` has a limit of costs, and exceeds it. */
const isTooExpensive = sql`r.options ? 'max_cost'
  AND (${spent}) > (r.options ->> 'max_cost')::double precision`;
