import type { FileKind } from '../kind.ts';
import { agentKind } from './agent.ts';
import { datasetKind } from './dataset.ts';
import { evaluatorKind } from './evaluator.ts';
import { flowKind } from './flow.ts';
import { promptKind } from './prompt.ts';
import { toolKind } from './tool.ts';

/** Every kind of file, in the order the API documents them. */
export const fileKinds: readonly FileKind[] = [
  agentKind,
  promptKind,
  toolKind,
  flowKind,
  evaluatorKind,
  datasetKind,
];

/** The kind of a stored file. */
export function kindOf(type: string): FileKind {
  const kind = fileKinds.find((candidate) => candidate.type === type);
  if (!kind) throw new Error(`There is no kind of file named ${type}.`);
  return kind;
}
