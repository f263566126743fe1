import { runnableAgent } from './agent.ts';
import { runnablePrompt } from './prompt.ts';
import type { RunnableKind } from './runtime-parts.ts';
import { runnableTool } from './tool.ts';

/** The kinds that can be run, by the `type` of their files. */
export const runnables: Readonly<Record<string, RunnableKind>> = {
  agent: runnableAgent,
  prompt: runnablePrompt,
  tool: runnableTool,
};
