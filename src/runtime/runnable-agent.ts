import { agentKind } from '../files/kinds/agent.ts';
import { offeredTools } from './agent-tools.ts';
import { checkModelCall } from './check-model-call.ts';
import { callableEndpoints } from './model-request.ts';
import type { Run } from './run.ts';
import { runAgent } from './run-agent.ts';
import type { Running, RunOutcome } from './run-event.ts';
import type { Runnable } from './runnable.ts';

/** Agents as what can be called. */
export const runnableAgent: Runnable = {
  kind: agentKind,
  check: checkModelCall(callableEndpoints.agent),
  tools: offeredTools,
  steps: agentTurn,
};

/** An agent's turn: from the call on, from a continue on, or from where it was left behind. */
async function* agentTurn(run: Run): Running<RunOutcome> {
  if (run.eventCount === 0) yield { type: 'agent_turn_start' };
  return yield* runAgent(run);
}
