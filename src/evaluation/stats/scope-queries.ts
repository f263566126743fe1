import { sql } from 'kysely';
import type { EvaluationStatus } from '../../contract/evaluation.ts';
import type { EvaluatorDetails } from '../../contract/kinds/evaluator.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { Timestamp } from '../../kernel/clock.ts';
import { findEvaluationStatuses } from '../evaluations/evaluation-status-queries.ts';

/** What the statistics of an Evaluation are about. */
export interface StatsScope {
  readonly id: string;
  readonly name: string | null;
  /** Of the file that is evaluated; null while there is none. */
  readonly path: string | null;
  readonly status: EvaluationStatus;
  /** In the order in which they were added. */
  readonly evaluators: readonly AttachedEvaluator[];
  /** Newest first, by when they were added to this Evaluation. */
  readonly runs: readonly MemberRun[];
}

/** An evaluator of an Evaluation. */
export interface AttachedEvaluator {
  readonly id: string;
  readonly versionId: string;
  readonly path: string;
  /** True: the server judges, so only judgments of exactly this version count. */
  readonly orchestrated: boolean;
  readonly spec: EvaluatorDetails;
}

/** A Run in an Evaluation. */
export interface MemberRun {
  readonly id: string;
  readonly versionId: string | null;
  readonly datasetVersionId: string | null;
  readonly status: EvaluationStatus;
  readonly orchestrated: boolean;
  readonly isControl: boolean;
  readonly addedAt: Timestamp;
  readonly endedAt: Timestamp | null;
  /** Its places for logs, and how many of them have a log that can be judged. */
  readonly slots: number;
  readonly readySlots: number;
}

/** Undefined when the Evaluation does not exist, or it or its file was deleted. */
export async function findScope(
  workspace: Workspace,
  evaluationId: string,
): Promise<StatsScope | undefined> {
  const { organizationId, db } = workspace;
  const [statuses, evaluation, evaluators, runs] = await Promise.all([
    findEvaluationStatuses(workspace, [evaluationId]),
    sql<Pick<StatsScope, 'id' | 'name' | 'path'>>`SELECT e.id, e.name, f.path FROM evaluation e
      LEFT JOIN file f ON f.organization_id = e.organization_id AND f.id = e.file_id
      WHERE e.organization_id = ${organizationId} AND e.id = ${evaluationId}
        AND e.deleted_at IS NULL AND f.deleted_at IS NULL`.execute(db),
    sql<AttachedEvaluator>`
      SELECT e.evaluator_id AS id, e.evaluator_version_id AS "versionId", f.path, e.orchestrated,
        v.spec -> 'spec' AS spec
      FROM evaluation_evaluator e
      JOIN version v ON v.organization_id = e.organization_id AND v.id = e.evaluator_version_id
      JOIN file f ON f.organization_id = e.organization_id AND f.id = e.evaluator_id
      WHERE e.organization_id = ${organizationId} AND e.evaluation_id = ${evaluationId}
      ORDER BY e.number`.execute(db),
    sql<MemberRun>`
      SELECT r.id, r.version_id AS "versionId", r.dataset_version_id AS "datasetVersionId",
        r.status, r.orchestrated, m.is_control AS "isControl", m.added_at AS "addedAt",
        r.ended_at AS "endedAt", s.slots, s.ready AS "readySlots"
      FROM evaluation_member m
      JOIN evaluation_run r ON r.organization_id = m.organization_id AND r.id = m.run_id
      CROSS JOIN LATERAL (
        SELECT count(*) AS slots, count(*) FILTER (WHERE state = 'ready') AS ready
        FROM evaluation_slot WHERE organization_id = r.organization_id AND run_id = r.id) s
      WHERE m.organization_id = ${organizationId} AND m.evaluation_id = ${evaluationId}
      ORDER BY m.number DESC`.execute(db),
  ]);
  const [found] = evaluation.rows;
  const status = statuses.get(evaluationId) ?? 'pending';
  return found && { ...found, status, evaluators: evaluators.rows, runs: runs.rows };
}
