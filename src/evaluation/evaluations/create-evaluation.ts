import type { EvaluationRequest } from '../../contract/evaluation.ts';
import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { soughtName } from '../../files/name.ts';
import { invalid } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { evaluatedKinds } from './evaluated-kinds.ts';
import type { Evaluation } from './evaluation.ts';
import { insertEvaluation } from './evaluation-queries.ts';
import { insertEvaluators } from './evaluator-queries.ts';
import { findEvaluators } from './evaluators.ts';
import { withUniqueName } from './file-of-evaluation.ts';
import { getEvaluation } from './read-evaluations.ts';
import { findReferredFile } from './references.ts';

/**
 * Creates an Evaluation.
 *
 * @throws `evaluation_name_taken` (conflict) when the file has one of this name; what
 *   `findReferredFile` and `findReferredVersion` throw.
 */
export async function createEvaluation(
  workspace: Workspace,
  request: EvaluationRequest,
): Promise<Evaluation> {
  const name = readName(request.name);
  const file = request.file
    ? await findReferredFile(workspace, evaluatedKinds, request.file, ['body', 'file'])
    : null;
  const evaluators = await findEvaluators(workspace, request.evaluators);
  const id = newId('evr');
  return inTransaction(workspace, async (workspace) => {
    const fileId = file?.id ?? null;
    await withUniqueName(workspace, { fileId, name }, () =>
      insertEvaluation(workspace, { id, fileId, name }),
    );
    await insertEvaluators(workspace, id, evaluators);
    return getEvaluation(workspace, id);
  });
}

function readName(given: string | null | undefined): string | null {
  if (given == null) return null;
  const name = soughtName(given, ['body', 'name']);
  if (name === '') throw invalid(['body', 'name'], 'The name is empty.');
  return name;
}
