import { type RawBuilder, sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';

/** What somebody said of a log; `value` is 1 or 0 for true and false. */
export interface CountedJudgment {
  readonly logId: string;
  readonly evaluatorId: string;
  /** Who judged; '' for the server and unnamed clients. */
  readonly judge: string;
  readonly value: number | null;
  readonly options: readonly string[] | null;
}

/** Whose judgments are compared, and of which logs. */
export interface Compared {
  readonly evaluatorId: string;
  /** Undefined: the people who judge with the evaluator are compared with each other. */
  readonly otherId: string | undefined;
  /** A Run whose logs are meant; undefined: all logs. */
  readonly runId: string | undefined;
}

/**
 * What was said of the logs that two judges, or both evaluators, have judged, without abstentions and
 * errors: for each log and judge, the newest judgment of any version.
 *
 * @param most how many judgments to read at most.
 */
export async function listCountedJudgments(
  { db, organizationId }: Workspace,
  { evaluatorId, otherId, runId }: Compared,
  most: number,
): Promise<readonly CountedJudgment[]> {
  const ids = [evaluatorId, otherId ?? evaluatorId];
  const compared = otherId === undefined ? sql`judge` : sql`evaluator_id`;
  // An evaluator that is compared with itself has judged each log twice.
  const isCompared = otherId === evaluatorId ? sql`true` : sql`lowest <> highest`;
  // Windows, not a subquery of the logs: Postgres may run such a subquery again for each row.
  const { rows } = await sql<CountedJudgment>`
    SELECT log_id AS "logId", evaluator_id AS "evaluatorId", judge, value, options
    FROM (SELECT newest.*, min(${compared}) OVER ofLog AS lowest, max(${compared}) OVER ofLog AS highest
      FROM (SELECT DISTINCT ON (log_id, evaluator_id, judge) log_id, evaluator_id, judge, value, options
        FROM judgment WHERE ${judgedBy(organizationId, ids, runId)}
        ORDER BY log_id, evaluator_id, judge, judged_at DESC) newest
      WINDOW ofLog AS (PARTITION BY log_id)) said
    WHERE ${isCompared} ORDER BY log_id, evaluator_id, judge LIMIT ${most}`.execute(db);
  return rows;
}

/** Who judged with an evaluator, and how many logs; '' for the server and unnamed clients. */
export async function countLogsOfJudges(
  { db, organizationId }: Workspace,
  { evaluatorId, runId }: Compared,
): Promise<readonly { readonly judge: string; readonly logs: number }[]> {
  const { rows } = await sql<{ judge: string; logs: number }>`
    SELECT judge, count(DISTINCT log_id)::int AS logs FROM judgment
    WHERE ${judgedBy(organizationId, [evaluatorId], runId)}
    GROUP BY judge ORDER BY logs DESC, judge`.execute(db);
  return rows;
}

function judgedBy(
  organizationId: string,
  evaluatorIds: readonly string[],
  runId: string | undefined,
): RawBuilder<unknown> {
  const ofRun =
    runId === undefined
      ? sql``
      : sql`AND log_id IN (SELECT log_id FROM evaluation_slot
          WHERE organization_id = ${organizationId} AND run_id = ${runId})`;
  return sql`organization_id = ${organizationId}
    AND evaluator_id = ANY(${[...evaluatorIds]}::text[]) AND outcome = 'judged' ${ofRun}`;
}
