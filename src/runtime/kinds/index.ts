import type { Runnables } from '../runs/run.ts';
import { runnableAgent } from './agent.ts';
import { runnableEvaluator } from './evaluator.ts';
import { runnablePrompt } from './prompt.ts';
import type { RuntimeParts } from './runtime-parts.ts';
import { runnableTool } from './tool.ts';

/** The kinds that can be run, by the `type` of their files. */
export const runnables: Runnables<RuntimeParts> = {
  agent: runnableAgent,
  prompt: runnablePrompt,
  tool: runnableTool,
  evaluator: runnableEvaluator,
};
