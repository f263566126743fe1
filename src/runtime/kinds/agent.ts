import { agentKind } from '../../files/kinds/agent.ts';
import { checkModelCall } from '../models/check-model-call.ts';
import { callableEndpoints } from '../models/model-request.ts';
import type { Runnable } from '../runs/runnable.ts';
import { offeredTools } from './agent/agent-tools.ts';
import { agentTurn } from './agent/run-agent.ts';

/** Agents as what can be called. */
export const runnableAgent: Runnable = {
  kind: agentKind,
  check: checkModelCall(callableEndpoints.agent),
  tools: offeredTools,
  steps: agentTurn,
};
