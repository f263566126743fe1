import { agentKind } from '../files/kinds/agent.ts';
import { offeredTools } from './agent-tools.ts';
import { checkModelCall } from './check-model-call.ts';
import { callableEndpoints } from './model-request.ts';
import type { Run } from './run.ts';
import { runAgent } from './run-agent.ts';
import type { Happening, RunOutcome } from './run-event.ts';
import type { Runnable } from './start-run.ts';

/** Agents as what can be called. */
export const runnableAgent: Runnable = {
  kind: agentKind,
  check: checkModelCall(callableEndpoints.agent),
  tools: offeredTools,
  begin: (run) => agentTurn(run, 'agent_turn_start'),
};

/** A turn of an agent, from a call or a continue on. */
export async function* agentTurn(
  run: Run,
  first: 'agent_turn_start' | 'agent_turn_continue',
): AsyncGenerator<Happening, RunOutcome> {
  yield { type: first };
  return yield* runAgent(run);
}
