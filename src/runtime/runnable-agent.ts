import { agentKind } from '../files/kinds/agent.ts';
import { offeredTools } from './agent-tools.ts';
import { checkModelCall } from './check-model-call.ts';
import { callableEndpoints } from './model-request.ts';
import { agentTurn } from './run-agent.ts';
import type { Runnable } from './runnable.ts';

/** Agents as what can be called. */
export const runnableAgent: Runnable = {
  kind: agentKind,
  check: checkModelCall(callableEndpoints.agent),
  tools: offeredTools,
  steps: agentTurn,
};
