import { type RawBuilder, sql } from 'kysely';
import type { Queries } from '../../database/database.ts';
import type { Tables } from '../../database/tables.ts';
import { chainOf, deepestChain, isSampled, isTest } from '../judgments/traffic-queries.ts';
import { isReady } from '../ready-queries.ts';
import { evaluatorsOfRuns, isJudged } from './wanted-queries.ts';

/** What happened to a log, in one or more writes. */
export interface LogWrite {
  readonly organizationId: string;
  readonly id: string;
  readonly fileId: string;
  /** True: it was changed or deleted. False: it is new. */
  readonly isChanged: boolean;
  /** True: it was changed when it was complete. */
  readonly wasComplete: boolean;
}

/** A write that evaluations are to notice. */
export interface ConcernedWrite extends LogWrite {
  /** The log that this one replays and has not been compared with yet; null if there is none. */
  readonly replayedLogId: string | null;
}

/** Seconds that a judgment waits after a change, so that several changes are judged once. */
const pauseSeconds = 2;

/** The writes as rows `w` of a FROM clause. */
function rowsOf(writes: readonly LogWrite[]): RawBuilder<unknown> {
  return sql`unnest(${writes.map(({ organizationId }) => organizationId)}::text[],
    ${writes.map(({ id }) => id)}::text[], ${writes.map(({ fileId }) => fileId)}::text[],
    ${writes.map(({ isChanged }) => isChanged)}::boolean[],
    ${writes.map(({ wasComplete }) => wasComplete)}::boolean[])
    AS w (organization_id, log_id, file_id, is_changed, was_complete)`;
}

/** The condition that a row belongs to the log of a write `w`. */
const ofLog = (alias: string) =>
  sql`${sql.ref(`${alias}.organization_id`)} = w.organization_id AND ${sql.ref(`${alias}.log_id`)} = w.log_id`;

/**
 * Joins the slots `s` of the logs `w`. OFFSET 0 makes Postgres look them up by the logs: it would read
 * all slots of a new Run for each log, as long as it has no statistics of them.
 */
const withSlots = sql`CROSS JOIN LATERAL (SELECT * FROM evaluation_slot slot
  WHERE slot.organization_id = w.organization_id AND slot.log_id = w.log_id OFFSET 0) AS s`;

/**
 * The writes of logs that a Run has, that are monitored, or that are or were judged.
 *
 * It spans organizations, as all statements here do: the feed passes the logs of all.
 */
export async function findConcerned(
  db: Queries,
  writes: readonly LogWrite[],
): Promise<readonly ConcernedWrite[]> {
  if (writes.length === 0) return [];
  const { rows } =
    await sql<ConcernedWrite>`/* hot */ SELECT w.organization_id AS "organizationId", w.log_id AS id,
      w.file_id AS "fileId", w.is_changed AS "isChanged", w.was_complete AS "wasComplete",
      (SELECT s.replayed_log_id FROM evaluation_slot s WHERE ${ofLog('s')}
        AND s.replayed_log_id IS NOT NULL AND s.state = 'started' LIMIT 1) AS "replayedLogId"
    FROM ${rowsOf(writes)}
    WHERE EXISTS (SELECT FROM monitoring_evaluator m WHERE m.organization_id = w.organization_id
        AND m.file_id = w.file_id AND m.state = 'active')
      OR EXISTS (SELECT FROM evaluation_slot s WHERE ${ofLog('s')})
      OR w.is_changed AND (EXISTS (SELECT FROM judgment_task t WHERE ${ofLog('t')})
        OR EXISTS (SELECT FROM judgment j WHERE ${ofLog('j')} AND j.is_current))`.execute(db);
  return rows;
}

/** A Run, and those of some logs that it has. */
export interface RunOfLogs {
  readonly organizationId: string;
  readonly id: string;
  readonly status: Tables['evaluation_run']['status'];
  /** True: its logs are judged only when they change after they were complete. */
  readonly isClosed: boolean;
  readonly logIds: readonly string[];
}

/** Locks the Runs that have these logs for a change. */
export async function lockRunsOfLogs(
  db: Queries,
  writes: readonly LogWrite[],
): Promise<readonly RunOfLogs[]> {
  const { rows } = await sql<RunOfLogs>`/* hot */ WITH place AS MATERIALIZED (
      SELECT s.organization_id, s.run_id, array_agg(s.log_id) AS log_ids
      FROM ${rowsOf(writes)} ${withSlots}
      GROUP BY s.organization_id, s.run_id)
    SELECT r.organization_id AS "organizationId", r.id, r.status,
      r.is_closed AS "isClosed", place.log_ids AS "logIds"
    FROM place JOIN evaluation_run r ON r.organization_id = place.organization_id
      AND r.id = place.run_id
    ORDER BY r.organization_id, r.id FOR NO KEY UPDATE OF r`.execute(db);
  return rows;
}

/**
 * Sets the states of the slots that have these logs. The caller has locked the Runs.
 *
 * @returns how many slots have another state now.
 */
export async function updateSlots(db: Queries, writes: readonly LogWrite[]): Promise<number> {
  const state = sql`CASE WHEN ${isReady('l')} THEN 'ready' ELSE 'started' END`;
  const { numAffectedRows } =
    await sql`/* hot */ UPDATE evaluation_slot s SET state = ${state}, filled_at = now()
    FROM ${rowsOf(writes)} JOIN log l ON l.organization_id = w.organization_id AND l.id = w.log_id
    WHERE ${ofLog('s')} AND s.state <> ${state}`.execute(db);
  return Number(numAffectedRows);
}

/** Notes that the judgments of changed logs are about what the logs were before. */
export async function markJudgmentsOutdated(
  db: Queries,
  writes: readonly LogWrite[],
): Promise<void> {
  if (!writes.some(({ isChanged }) => isChanged)) return;
  await sql`UPDATE judgment j SET is_current = false FROM ${rowsOf(writes)}
    WHERE w.is_changed AND ${ofLog('j')} AND j.is_current`.execute(db);
}

/** Deletes tasks of logs that were deleted or opened again. */
export async function deleteTasksOfUnreadyLogs(
  db: Queries,
  writes: readonly LogWrite[],
): Promise<void> {
  if (!writes.some(({ isChanged }) => isChanged)) return;
  await sql`DELETE FROM judgment_task t USING ${rowsOf(writes)}
    WHERE w.is_changed AND ${ofLog('t')} AND NOT EXISTS (SELECT FROM log l
      WHERE l.organization_id = w.organization_id AND l.id = w.log_id AND ${isReady('l')})`.execute(
    db,
  );
}

/** A task that was added. */
export interface AddedTask {
  readonly organizationId: string;
  readonly logId: string;
}

/**
 * Adds the tasks on logs that are ready: for the evaluators of Runs that are not cancelled, and for
 * the monitoring evaluators of the log's file. A judgment that is being made of a log that has
 * changed is made anew. A Run that a client ended as completed wants only changed logs judged.
 *
 * @returns those that Runs want.
 */
export async function addTasksForLogs(
  db: Queries,
  writes: readonly LogWrite[],
): Promise<readonly AddedTask[]> {
  const member = sql`(m.organization_id, m.run_id) IN (SELECT organization_id, run_id FROM place)`;
  const { rows } = await sql<AddedTask & { forRun: boolean }>`/* hot */ WITH w AS MATERIALIZED (
      SELECT w.* FROM ${rowsOf(writes)}
      JOIN log l ON l.organization_id = w.organization_id AND l.id = w.log_id
      WHERE ${isReady('l')}),
    place AS MATERIALIZED (SELECT w.*, s.run_id, s.datapoint_id FROM w ${withSlots}
      WHERE s.state = 'ready'),
    re AS MATERIALIZED (${evaluatorsOfRuns(member)}),
    wanted AS (
      SELECT s.organization_id, s.log_id, s.is_changed, s.was_complete, re.evaluator_version_id,
        true AS for_run
      FROM place s
      JOIN evaluation_run r ON r.organization_id = s.organization_id AND r.id = s.run_id
        AND r.status <> 'cancelled'
        AND (r.status <> 'completed' OR NOT r.is_closed OR s.was_complete)
      JOIN re ON re.organization_id = s.organization_id AND re.run_id = s.run_id
      WHERE s.is_changed OR NOT ${isJudged}
      UNION ALL
      SELECT w.organization_id, w.log_id, w.is_changed, w.was_complete, monitor.version_id, false
      FROM w JOIN LATERAL (${monitorsOfLog}) monitor ON true)
    INSERT INTO judgment_task AS t (organization_id, log_id, evaluator_version_id, for_run,
      for_monitoring, due_at, lease_token)
    SELECT organization_id, log_id, evaluator_version_id, bool_or(for_run), bool_or(NOT for_run),
      now() + CASE WHEN bool_or(was_complete) THEN make_interval(secs => ${pauseSeconds})
        ELSE interval '0' END, bool_or(is_changed)::integer
    FROM wanted GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (organization_id, log_id, evaluator_version_id) DO UPDATE SET
      for_run = t.for_run OR excluded.for_run,
      for_monitoring = t.for_monitoring OR excluded.for_monitoring,
      due_at = CASE WHEN t.lease_owner IS NULL THEN least(t.due_at, excluded.due_at)
        WHEN ${isLogChanged} THEN excluded.due_at ELSE t.due_at END,
      lease_owner = CASE WHEN ${isLogChanged} THEN NULL ELSE t.lease_owner END,
      attempts = CASE WHEN ${isLogChanged} THEN 0 ELSE t.attempts END,
      lease_token = t.lease_token + excluded.lease_token
    RETURNING t.organization_id AS "organizationId", t.log_id AS "logId",
      t.for_run AS "forRun"`.execute(db);
  return rows.filter(({ forRun }) => forRun);
}

/** Of a task that is there already: whether its log has changed. A new token is 1 then, and else 0. */
const isLogChanged = sql`excluded.lease_token = 1`;

/**
 * The versions that monitor a log `w`: of the active monitors of its file those that the server runs
 * without a target, in the version that is deployed now, if the sample has the log.
 *
 * Nothing monitors tests. An evaluator does not judge a judgment that is, however indirectly, about
 * its own; nor does any judge the judgment of a judgment of a judgment.
 */
const monitorsOfLog = sql`SELECT DISTINCT v.id AS version_id
  FROM log l
  JOIN monitoring_evaluator m ON m.organization_id = l.organization_id AND m.file_id = l.file_id
    AND m.state = 'active'
  JOIN file f ON f.organization_id = m.organization_id AND f.id = m.evaluator_id
    AND f.deleted_at IS NULL
  LEFT JOIN deployment d ON d.organization_id = m.organization_id AND d.file_id = m.evaluator_id
    AND d.environment_id = m.environment_id
  JOIN version v ON v.organization_id = m.organization_id
    AND v.id = coalesce(m.version_id, d.version_id) AND v.deleted_at IS NULL
    AND v.spec -> 'spec' ->> 'evaluator_type' IN ('python', 'llm')
    AND v.spec -> 'spec' ->> 'arguments_type' = 'target_free'
  WHERE l.organization_id = w.organization_id AND l.id = w.log_id AND l.save
    AND ${isSampled('l', 'm')}
    AND NOT ${isTest('l')}
    AND NOT EXISTS (SELECT FROM ${chainOf('l')} AS link
      WHERE link.file_id = m.evaluator_id OR link.depth >= ${sql.raw(String(deepestChain))})`;
