import { promptKind } from '../../files/kinds/prompt.ts';
import { checkModelCall, checkModelVersion } from '../models/check-model-call.ts';
import { missingKeys } from '../models/missing-keys.ts';
import { callableEndpoints } from '../models/model-request.ts';
import { defineRunnable } from '../runs/run.ts';
import { promptEvents } from './prompt/prompt-events.ts';
import { promptTools } from './prompt/prompt-tools.ts';
import { runPrompt } from './prompt/run-prompt.ts';
import type { RuntimeParts } from './runtime-parts.ts';

/** How prompts are run. */
export const runnablePrompt = defineRunnable<RuntimeParts, 'prompt'>({
  kind: promptKind,
  events: promptEvents,
  waitsForKeys: false,
  check: checkModelCall(callableEndpoints.prompt),
  checkVersion: checkModelVersion(callableEndpoints.prompt),
  tools: promptTools,
  missingKeys,
  steps: runPrompt,
});
