import { promptKind } from '../files/kinds/prompt.ts';
import { checkModelCall } from './check-model-call.ts';
import { callableEndpoints } from './model-request.ts';
import { promptTools } from './prompt-tools.ts';
import { runPrompt } from './run-prompt.ts';
import type { Runnable } from './runnable.ts';

/** Prompts as what can be called. */
export const runnablePrompt: Runnable = {
  kind: promptKind,
  check: checkModelCall(callableEndpoints.prompt),
  tools: promptTools,
  steps: runPrompt,
};
