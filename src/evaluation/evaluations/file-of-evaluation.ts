import { isDuplicate } from '../../database/violations.ts';
import { type Workspace, withSavepoint } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import { evaluationNameTaken } from '../errors.ts';
import type { Evaluation } from './evaluation.ts';
import { findEvaluationNamed, lockEvaluation, setFile } from './evaluation-queries.ts';

/** @throws `invalid` at `loc` for another file than the Evaluation's; one without a file fits all. */
export function requireFileOf(
  evaluation: Pick<Evaluation, 'fileId'>,
  fileId: string,
  loc: readonly (string | number)[],
): void {
  if (evaluation.fileId === null || evaluation.fileId === fileId) return;
  throw invalid(loc, `This evaluation is of file \`${evaluation.fileId}\`, not of \`${fileId}\`.`);
}

/**
 * Gives an Evaluation its file, unless it has one.
 *
 * @param workspace in a transaction that has locked the Evaluation.
 * @throws `evaluation_name_taken` (conflict) when another Evaluation of the file has its name;
 *   `invalid` when it got another file meanwhile.
 */
export async function takeFile(
  workspace: Workspace,
  { id, name }: Pick<Evaluation, 'id' | 'name'>,
  fileId: string,
): Promise<void> {
  const locked = await lockEvaluation(workspace, id);
  if (!locked) return;
  requireFileOf(locked, fileId, ['body']);
  if (locked.fileId !== null) return;
  await withUniqueName(workspace, { fileId, name }, () => setFile(workspace, id, fileId));
}

/**
 * Stores the name and file of an Evaluation.
 *
 * @throws `evaluation_name_taken` (conflict), with the id of the Evaluation that has the name.
 */
export async function withUniqueName(
  workspace: Workspace,
  { fileId, name }: Pick<Evaluation, 'fileId' | 'name'>,
  store: () => Promise<void>,
): Promise<void> {
  try {
    await withSavepoint(workspace, store);
  } catch (error) {
    if (!isDuplicate(error, 'evaluation_name_key') || fileId === null || name === null) throw error;
    const taken = await findEvaluationNamed(workspace, fileId, name);
    throw evaluationNameTaken(name, taken?.id ?? null);
  }
}
