import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import type { Timestamp } from '../../kernel/clock.ts';

/** An evaluator in an Evaluation, as it is stored. */
export interface EvaluatorRow {
  readonly evaluationId: string;
  readonly versionId: string;
  readonly evaluatorId: string;
  /** True: the server judges. */
  readonly orchestrated: boolean;
  /** True: the request said `orchestrated: false`, so its judgments are awaited without a limit. */
  readonly isAlwaysAwaited: boolean;
  readonly addedAt: Timestamp;
}

/** The evaluators of Evaluations, in the order in which they were added. */
export async function listEvaluatorRows(
  { organizationId, db }: Workspace,
  evaluationIds: readonly string[],
): Promise<readonly EvaluatorRow[]> {
  if (evaluationIds.length === 0) return [];
  return db
    .selectFrom('evaluation_evaluator')
    .select([
      'evaluation_id as evaluationId',
      'evaluator_version_id as versionId',
      'evaluator_id as evaluatorId',
      'orchestrated',
      'is_always_awaited as isAlwaysAwaited',
      'added_at as addedAt',
    ])
    .where('organization_id', '=', organizationId)
    .where('evaluation_id', 'in', [...evaluationIds])
    .orderBy('number')
    .execute();
}

/** Adds evaluators in this order. Those that are there already stay as they are. */
export async function insertEvaluators(
  { organizationId, db }: Workspace,
  evaluationId: string,
  evaluators: readonly Omit<EvaluatorRow, 'evaluationId' | 'addedAt'>[],
): Promise<void> {
  if (evaluators.length === 0) return;
  await db
    .insertInto('evaluation_evaluator')
    .values(
      evaluators.map(({ versionId, evaluatorId, orchestrated, isAlwaysAwaited }) => ({
        organization_id: organizationId,
        evaluation_id: evaluationId,
        evaluator_version_id: versionId,
        evaluator_id: evaluatorId,
        orchestrated,
        is_always_awaited: isAlwaysAwaited,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** @returns false when the Evaluation does not have it. */
export async function deleteEvaluator(
  { organizationId, db }: Workspace,
  evaluationId: string,
  versionId: string,
): Promise<boolean> {
  const { rows } = await sql`DELETE FROM evaluation_evaluator
    WHERE organization_id = ${organizationId} AND evaluation_id = ${evaluationId}
      AND evaluator_version_id = ${versionId} RETURNING evaluation_id`.execute(db);
  return rows.length > 0;
}
