import type { Workspace } from '../../database/workspace.ts';
import { findVersionsById } from '../../files/file-queries.ts';
import { isOfKind } from '../../files/file-version.ts';
import { evaluatorKind } from '../../files/kinds/evaluator.ts';
import { getFile } from '../../files/read-files.ts';
import { evaluationNotFound } from '../errors.ts';
import type { Evaluation } from './evaluation.ts';
import {
  countEvaluations,
  type EvaluationRow,
  findEvaluation,
  listEvaluationRows,
} from './evaluation-queries.ts';
import { findEvaluationStatuses } from './evaluation-status-queries.ts';
import { listEvaluatorRows } from './evaluator-queries.ts';

/** @throws `evaluation_not_found`. */
export async function getEvaluation(workspace: Workspace, id: string): Promise<Evaluation> {
  const row = await findEvaluation(workspace, id);
  if (!row) throw evaluationNotFound(id);
  const [evaluation] = await withDetails(workspace, [row]);
  return evaluation as Evaluation;
}

/**
 * One page of the Evaluations of a file, newest first, and how many it has.
 *
 * @throws `file_not_found`.
 */
export async function listEvaluations(
  workspace: Workspace,
  fileId: string,
  page: { readonly page: number; readonly size: number },
): Promise<{ readonly records: readonly Evaluation[]; readonly total: number }> {
  await getFile(workspace, fileId);
  const [rows, total] = await Promise.all([
    listEvaluationRows(workspace, fileId, page),
    countEvaluations(workspace, fileId),
  ]);
  return { records: await withDetails(workspace, rows), total };
}

async function withDetails(
  workspace: Workspace,
  rows: readonly EvaluationRow[],
): Promise<readonly Evaluation[]> {
  const ids = rows.map(({ id }) => id);
  const [statuses, evaluators] = await Promise.all([
    findEvaluationStatuses(workspace, ids),
    listEvaluatorRows(workspace, ids),
  ]);
  const versions = await findVersionsById(
    workspace,
    evaluators.map(({ versionId }) => versionId),
  );
  const byEvaluation = Map.groupBy(evaluators, ({ evaluationId }) => evaluationId);
  return rows.map((row) => ({
    ...row,
    status: statuses.get(row.id) ?? 'pending',
    evaluators: (byEvaluation.get(row.id) ?? []).flatMap(({ versionId, ...evaluator }) => {
      const version = versions.get(versionId);
      return isOfKind(version, evaluatorKind) ? [{ ...evaluator, version }] : [];
    }),
  }));
}
