import { promptKind } from '../../files/kinds/prompt.ts';
import { checkModelCall } from '../models/check-model-call.ts';
import { callableEndpoints } from '../models/model-request.ts';
import type { Runnable } from '../runs/runnable.ts';
import { promptTools } from './prompt/prompt-tools.ts';
import { runPrompt } from './prompt/run-prompt.ts';

/** Prompts as what can be called. */
export const runnablePrompt: Runnable = {
  kind: promptKind,
  check: checkModelCall(callableEndpoints.prompt),
  tools: promptTools,
  steps: runPrompt,
};
