import type { Workspace } from '../../database/workspace.ts';
import { findVersionsById } from '../../files/file-queries.ts';
import { type FileVersion, isOfKind } from '../../files/file-version.ts';
import { datasetKind } from '../../files/kinds/dataset.ts';
import { sumCosts } from '../cost-queries.ts';
import { evaluationNotFound, evaluationRunNotFound } from '../errors.ts';
import { findEvaluation } from './evaluation-queries.ts';
import type { EvaluationRun } from './evaluation-run.ts';
import { loadProgress } from './run-progress.ts';
import { listMemberRows, type MemberRow } from './run-queries.ts';

/**
 * The Runs of an Evaluation, newest first.
 *
 * @throws `evaluation_not_found`.
 */
export async function listRuns(
  workspace: Workspace,
  evaluationId: string,
): Promise<readonly EvaluationRun[]> {
  await requireEvaluation(workspace, evaluationId);
  return withDetails(workspace, await listMemberRows(workspace, evaluationId));
}

/**
 * A Run of an Evaluation.
 *
 * @throws `evaluation_not_found`, `evaluation_run_not_found`.
 */
export async function getRun(
  workspace: Workspace,
  evaluationId: string,
  runId: string,
): Promise<EvaluationRun> {
  await requireEvaluation(workspace, evaluationId);
  const rows = await listMemberRows(workspace, evaluationId, [runId]);
  const [run] = await withDetails(workspace, rows);
  if (!run) throw evaluationRunNotFound(runId);
  return run;
}

/** @throws `evaluation_not_found`; `evaluation_run_not_found` when the Evaluation does not have it. */
export async function requireRun(
  workspace: Workspace,
  evaluationId: string,
  runId: string,
): Promise<void> {
  await requireEvaluation(workspace, evaluationId);
  const [row] = await listMemberRows(workspace, evaluationId, [runId]);
  if (!row) throw evaluationRunNotFound(runId);
}

/** @throws `evaluation_not_found`. */
export async function requireEvaluation(workspace: Workspace, id: string): Promise<void> {
  if (!(await findEvaluation(workspace, id))) throw evaluationNotFound(id);
}

async function withDetails(
  workspace: Workspace,
  rows: readonly MemberRow[],
): Promise<readonly EvaluationRun[]> {
  const ids = rows.map(({ id }) => id);
  const [versions, progress, costs] = await Promise.all([
    findVersionsById(
      workspace,
      rows.flatMap(({ versionId, datasetVersionId }) => [
        ...(versionId ? [versionId] : []),
        ...(datasetVersionId ? [datasetVersionId] : []),
      ]),
    ),
    loadProgress(workspace, rows),
    sumCosts(workspace, ids),
  ]);
  return rows.flatMap(({ versionId, datasetVersionId, ...run }) => {
    const [own, cost] = [progress.get(run.id), costs.get(run.id)];
    if (!own || !cost) return [];
    const dataset = versions.get(datasetVersionId ?? '');
    const version: FileVersion | null = versions.get(versionId ?? '') ?? null;
    return [
      {
        ...run,
        version,
        dataset: isOfKind(dataset, datasetKind) ? dataset : null,
        progress: own,
        cost,
      },
    ];
  });
}
