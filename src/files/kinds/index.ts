import { type FileType, isFileType } from '../../contract/kinds/index.ts';
import type { FileKind } from '../kind.ts';
import { agentKind } from './agent.ts';
import { datasetKind } from './dataset.ts';
import { evaluatorKind } from './evaluator.ts';
import { flowKind } from './flow.ts';
import { promptKind } from './prompt.ts';
import { toolKind } from './tool.ts';

/** The kinds of file by their names, in the order the API documents them. */
const kinds: { readonly [K in FileType]: FileKind<K> } = {
  agent: agentKind,
  prompt: promptKind,
  tool: toolKind,
  flow: flowKind,
  evaluator: evaluatorKind,
  dataset: datasetKind,
};

/** Every kind of file, in the order the API documents them. */
export const fileKinds: readonly FileKind[] = Object.values(kinds);

/** The kind of a stored file. */
export function kindOf(type: string): FileKind {
  if (!isFileType(type)) throw new Error(`There is no kind of file named ${type}.`);
  return kinds[type];
}
