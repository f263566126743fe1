import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import type { ComparedRuns } from '../compare/pair-queries.ts';
import { item } from '../stats/judgment-numbers-queries.ts';

/** The logs of two Runs that are about the same. */
export interface LogPair {
  readonly item: string;
  readonly datapointId: string | null;
  readonly runLogId: string;
  readonly baselineLogId: string;
}

/** The pairs of logs of two Runs, in the order of the dataset. Trials are paired in their order. */
export async function listLogPairs(
  { organizationId, db }: Workspace,
  { runId, baselineId }: ComparedRuns,
  most: number,
): Promise<readonly LogPair[]> {
  const { rows } = await sql<LogPair>`
    WITH placed AS (
      SELECT s.run_id, ${item} AS item, s.datapoint_id, s.log_id, s.position,
        row_number() OVER (PARTITION BY s.run_id, ${item} ORDER BY s.trial, s.position) AS trial
      FROM evaluation_slot s
      WHERE s.organization_id = ${organizationId} AND s.run_id IN (${runId}, ${baselineId})
        AND s.state = 'ready')
    SELECT r.item, r.datapoint_id AS "datapointId", r.log_id AS "runLogId",
      b.log_id AS "baselineLogId"
    FROM (SELECT * FROM placed WHERE run_id = ${runId}) r
    JOIN (SELECT * FROM placed WHERE run_id = ${baselineId}) b USING (item, trial)
    ORDER BY r.position LIMIT ${most}`.execute(db);
  return rows;
}

/** What a judge said of a pair, in one of the two orders. */
export interface PairVerdict {
  readonly runLogId: string;
  readonly baselineLogId: string;
  /** True: the log of the baseline was A. */
  readonly swapped: boolean;
  readonly judgment: string | null;
}

/** What a version of an evaluator has said of pairs before. The newest counts. */
export async function listPairVerdicts(
  { organizationId, db }: Workspace,
  evaluatorVersionId: string,
  runLogIds: readonly string[],
): Promise<readonly PairVerdict[]> {
  const { rows } = await sql<PairVerdict>`
    SELECT DISTINCT ON (parent_id, metadata ->> 'other', metadata ->> 'swapped')
      parent_id AS "runLogId", metadata ->> 'other' AS "baselineLogId",
      (metadata ->> 'swapped')::boolean AS swapped, judgment #>> '{}' AS judgment
    FROM log
    WHERE organization_id = ${organizationId} AND parent_id = ANY(${[...runLogIds]}::text[])
      AND version_id = ${evaluatorVersionId} AND metadata ? 'other' AND metadata ? 'swapped'
      AND error IS NULL AND judgment IS NOT NULL
    ORDER BY parent_id, metadata ->> 'other', metadata ->> 'swapped', created_at DESC, id DESC`.execute(
    db,
  );
  return rows;
}
