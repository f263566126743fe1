import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import type { EvaluationRunRow } from '../runs/lock-queries.ts';

/** Seconds for which a Run counts as active after its last log or judgment. */
const activeSeconds = 120;

/**
 * The statuses of Evaluations, by id. The first of these that applies:
 *
 * 1. `pending` without Runs;
 * 2. the status of the newest Run while it is open;
 * 3. `running` while another open Run has work for the server, or is active;
 * 4. `cancelled` when all Runs are; else `completed`.
 *
 * One abandoned Run must not keep an Evaluation running: the v5 SDK for Node waits for its end.
 */
export async function findEvaluationStatuses(
  { organizationId, db }: Workspace,
  evaluationIds: readonly string[],
): Promise<ReadonlyMap<string, EvaluationRunRow['status']>> {
  if (evaluationIds.length === 0) return new Map();
  const { rows } = await sql<{ id: string; status: EvaluationRunRow['status'] }>`
    WITH member AS (
      SELECT m.evaluation_id, m.number, m.added_at, r.id, r.status, r.orchestrated
      FROM evaluation_member m
      JOIN evaluation_run r ON r.organization_id = m.organization_id AND r.id = m.run_id
      WHERE m.organization_id = ${organizationId}
        AND m.evaluation_id = ANY(${[...evaluationIds]}::text[])),
    newest AS (
      SELECT DISTINCT ON (evaluation_id) evaluation_id, status FROM member
      ORDER BY evaluation_id, number DESC)
    SELECT asked.id, CASE
      WHEN newest.status IS NULL THEN 'pending'
      WHEN newest.status IN ('pending', 'running') THEN newest.status
      WHEN EXISTS (SELECT FROM member WHERE evaluation_id = asked.id
        AND status IN ('pending', 'running') AND (
          added_at > now() - make_interval(secs => ${activeSeconds})
          OR EXISTS (SELECT FROM evaluation_slot s
            WHERE s.organization_id = ${organizationId} AND s.run_id = member.id AND (
              member.orchestrated AND s.state <> 'ready'
              OR s.filled_at > now() - make_interval(secs => ${activeSeconds})
              OR EXISTS (SELECT FROM judgment_task t WHERE t.organization_id = ${organizationId}
                AND t.log_id = s.log_id AND t.for_run)
              OR EXISTS (SELECT FROM judgment j WHERE j.organization_id = ${organizationId}
                AND j.log_id = s.log_id
                AND j.written_at > now() - make_interval(secs => ${activeSeconds}))))))
        THEN 'running'
      WHEN NOT EXISTS (SELECT FROM member WHERE evaluation_id = asked.id
        AND status <> 'cancelled') THEN 'cancelled'
      ELSE 'completed' END AS status
    FROM unnest(${[...evaluationIds]}::text[]) AS asked (id)
    LEFT JOIN newest ON newest.evaluation_id = asked.id`.execute(db);
  return new Map(rows.map(({ id, status }) => [id, status]));
}
