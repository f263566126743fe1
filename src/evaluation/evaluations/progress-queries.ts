import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import { attachedEvaluators } from '../attached-queries.ts';

/** Who gives a judgment. */
export type Judge = 'server' | 'client' | 'people';

/** The slots of a Run, and how many have a log that is ready, has an error or waits for its client. */
export interface LogCounts {
  readonly runId: string;
  readonly slots: number;
  readonly ready: number;
  /** Calls that wait for answers to tool calls of the client. */
  readonly suspended: number;
  readonly failed: number;
}

/** The judgments of the logs of a Run by one evaluator. */
export interface JudgmentCounts {
  readonly runId: string;
  readonly judge: Judge;
  readonly done: number;
  /** How many of them are of logs that are ready. */
  readonly doneOfReady: number;
  readonly failed: number;
}

/** Counts the slots of Runs. */
export async function countLogs(
  { organizationId, db }: Workspace,
  runIds: readonly string[],
): Promise<readonly LogCounts[]> {
  const { rows } = await sql<LogCounts>`/* hot */ SELECT s.run_id AS "runId", count(*) AS slots,
      count(*) FILTER (WHERE s.state = 'ready') AS ready,
      count(*) FILTER (WHERE run.state = 'suspended') AS suspended,
      count(*) FILTER (WHERE s.state = 'ready' AND l.error IS NOT NULL) AS failed
    FROM evaluation_slot s
    LEFT JOIN log l ON l.organization_id = ${organizationId} AND l.id = s.log_id
    LEFT JOIN run ON s.state = 'started' AND run.organization_id = ${organizationId}
      AND run.log_id = s.log_id
    WHERE s.organization_id = ${organizationId} AND s.run_id = ANY(${[...runIds]}::text[])
    GROUP BY s.run_id`.execute(db);
  return rows;
}

/**
 * Counts the judgments of Runs, for each evaluator of the Evaluations that hold them. A judgment of
 * the server counts for its version, one of people for the evaluator's file, and one of a client for
 * the file, unless its version is attached, too. Deleted evaluators are left out: nobody waits for
 * them.
 */
export async function countRunJudgments(
  { organizationId, db }: Workspace,
  runIds: readonly string[],
): Promise<readonly JudgmentCounts[]> {
  const member = sql`m.organization_id = ${organizationId} AND m.run_id = ANY(${[...runIds]}::text[])`;
  const { rows } = await sql<JudgmentCounts>`/* hot */ WITH wanted AS (
      SELECT m.run_id, ee.evaluator_version_id, ee.evaluator_id,
        bool_or(ee.orchestrated) AS by_server,
        v.spec -> 'spec' ->> 'evaluator_type' = 'human' AS by_people
      ${attachedEvaluators(member)}
      GROUP BY m.run_id, ee.evaluator_version_id, ee.evaluator_id, v.organization_id, v.id)
    SELECT w.run_id AS "runId",
      CASE WHEN w.by_server THEN 'server' WHEN w.by_people THEN 'people' ELSE 'client' END AS judge,
      count(DISTINCT j.log_id) AS done,
      count(DISTINCT j.log_id) FILTER (WHERE s.state = 'ready') AS "doneOfReady",
      count(DISTINCT j.log_id) FILTER (WHERE j.outcome = 'error') AS failed
    FROM wanted w
    LEFT JOIN evaluation_slot s ON s.organization_id = ${organizationId} AND s.run_id = w.run_id
      AND s.log_id IS NOT NULL
    LEFT JOIN judgment j ON j.organization_id = ${organizationId} AND j.log_id = s.log_id
      AND j.evaluator_id = w.evaluator_id
      AND (j.evaluator_version_id = w.evaluator_version_id OR w.by_people
        OR NOT w.by_server AND NOT EXISTS (SELECT FROM wanted other WHERE other.run_id = w.run_id
          AND other.evaluator_version_id = j.evaluator_version_id))
    GROUP BY w.run_id, w.evaluator_version_id, w.by_server, w.by_people`.execute(db);
  return rows;
}
