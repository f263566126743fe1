import { agentKind } from '../../files/kinds/agent.ts';
import { checkModelCall, checkModelVersion } from '../models/check-model-call.ts';
import { missingKeys } from '../models/missing-keys.ts';
import { callableEndpoints } from '../models/model-request.ts';
import { defineRunnable } from '../runs/run.ts';
import { agentEvents } from './agent/agent-events.ts';
import { agentTools } from './agent/agent-tools.ts';
import { runAgent } from './agent/run-agent.ts';
import type { RuntimeParts } from './runtime-parts.ts';

/** How agents are run. */
export const runnableAgent = defineRunnable<RuntimeParts, 'agent'>({
  kind: agentKind,
  events: agentEvents,
  waitsForKeys: true,
  check: checkModelCall(callableEndpoints.agent),
  checkVersion: checkModelVersion(callableEndpoints.agent),
  tools: agentTools,
  missingKeys,
  steps: runAgent,
});
