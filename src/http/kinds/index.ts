import type { FileType } from '../../contract/kinds/index.ts';
import type { HttpKind } from '../kind.ts';
import { httpAgent } from './agent.ts';
import { httpDataset } from './dataset.ts';
import { httpEvaluator } from './evaluator.ts';
import { httpFlow } from './flow.ts';
import { httpPrompt } from './prompt.ts';
import { httpTool } from './tool.ts';

/** All kinds by name, in the order in which the document lists their own routes. */
export const httpKinds: { readonly [K in FileType]: HttpKind<K> } = {
  agent: httpAgent,
  prompt: httpPrompt,
  flow: httpFlow,
  tool: httpTool,
  evaluator: httpEvaluator,
  dataset: httpDataset,
};
