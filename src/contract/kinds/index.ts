import type { Static } from 'typebox';
import { agentSpec } from './agent.ts';
import { datasetSpec } from './dataset.ts';
import { evaluatorSpec } from './evaluator.ts';
import { flowSpec } from './flow.ts';
import { promptSpec } from './prompt.ts';
import { toolSpec } from './tool.ts';

/** What defines a version of each kind of file, by the kind's name, in the order that v5 lists them. */
export const specs = {
  prompt: promptSpec,
  tool: toolSpec,
  dataset: datasetSpec,
  evaluator: evaluatorSpec,
  flow: flowSpec,
  agent: agentSpec,
} as const;

/** The name of a kind of file: `agent`. */
export type FileType = keyof typeof specs;

/** The fields that define a version of a kind: `SpecOf<'agent'>` is an `AgentSpec`. */
export type SpecOf<K extends FileType> = Readonly<Static<(typeof specs)[K]>>;

/** The names of all kinds. */
export const fileTypes = Object.keys(specs) as readonly FileType[];

/** Whether a word is the name of a kind. */
export function isFileType(type: string): type is FileType {
  return Object.hasOwn(specs, type);
}
