import type { EvaluatorReference } from '../../contract/evaluation.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { evaluatorKind } from '../../files/kinds/evaluator.ts';
import { isServerJudged } from '../../runtime/kinds/evaluator/judge.ts';
import type { EvaluatorRow } from './evaluator-queries.ts';

import { findReferredVersion } from './references.ts';

const evaluators = new Set([evaluatorKind.type]);

/**
 * The evaluators that a request names, and who judges: the server, unless the request says
 * otherwise or the evaluator is one of people or of another system.
 *
 * @throws what `findReferredVersion` throws, at `body.evaluators[i]`.
 */
export async function findEvaluators(
  workspace: Workspace,
  references: readonly EvaluatorReference[],
): Promise<readonly Omit<EvaluatorRow, 'evaluationId' | 'addedAt'>[]> {
  const found = new Map<string, Omit<EvaluatorRow, 'evaluationId' | 'addedAt'>>();
  for (const [index, reference] of references.entries()) {
    const loc = ['body', 'evaluators', index];
    const version = await findReferredVersion(workspace, evaluators, reference, loc);
    if (!found.has(version.versionId)) found.set(version.versionId, toRow(version, reference));
  }
  return [...found.values()];
}

function toRow(version: FileVersion<'evaluator'>, { orchestrated }: EvaluatorReference) {
  return {
    versionId: version.versionId,
    evaluatorId: version.id,
    orchestrated: isServerJudged(version) && orchestrated !== false,
    isAlwaysAwaited: orchestrated === false,
  };
}
