import { promptKind } from '../files/kinds/prompt.ts';
import { checkModelCall } from './check-model-call.ts';
import { callableEndpoints } from './model-request.ts';
import { promptTools } from './prompt-tools.ts';
import { runPrompt } from './run-prompt.ts';
import type { Runnable } from './start-run.ts';

/** Prompts as what can be called. */
export const runnablePrompt: Runnable = {
  kind: promptKind,
  check: checkModelCall(callableEndpoints.prompt),
  tools: promptTools,
  begin: (run, request) =>
    runPrompt(run, {
      samples: request.num_samples ?? 1,
      logprobs: request.logprobs ?? undefined,
      suffix: request.suffix ?? undefined,
    }),
};
