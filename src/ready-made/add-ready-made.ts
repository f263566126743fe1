import { readFile } from 'node:fs/promises';
import type { EvaluatorDetails } from '../contract/kinds/evaluator.ts';
import { inTransaction, type Workspace } from '../database/workspace.ts';
import { evaluatorKind } from '../files/kinds/evaluator.ts';
import { insertNewFiles } from '../files/new-file-queries.ts';
import { specFingerprint } from '../files/upsert-version.ts';
import { type ReadyMadeEvaluator, readyMadeEvaluators } from './evaluators.ts';

/**
 * Adds those ready-made evaluators whose path is free, as files like any other. Files that are there
 * stay as they are, whatever people made of them. All are added, or none.
 *
 * @returns the paths of those that were added.
 */
export async function addReadyMade(workspace: Workspace): Promise<readonly string[]> {
  const files = await Promise.all(
    readyMadeEvaluators.map(async (evaluator) => {
      const spec = evaluatorKind.canonicalSpec({ spec: await evaluatorSpec(evaluator) });
      const { path, description } = evaluator;
      return { path, description, spec, fingerprint: specFingerprint(spec) };
    }),
  );
  return inTransaction(workspace, (workspace) => insertNewFiles(workspace, evaluatorKind, files));
}

/** The spec of an evaluator, with its code. */
export async function evaluatorSpec({
  spec,
  source,
}: ReadyMadeEvaluator): Promise<EvaluatorDetails> {
  if (spec.evaluator_type !== 'python') return spec;
  return { ...spec, code: await readFile(new URL(source ?? '', import.meta.url), 'utf8') };
}
