import type { Caller } from '../accounts/authenticate.ts';
import type { AgentSpec, WithAgentSpec } from '../contract/kinds/agent.ts';
import { agentKind } from '../files/kinds/agent.ts';
import { specOfText } from '../files/text-format/spec-of-text.ts';

/**
 * A request with its inline agent as fields, in whichever form it came: whatever comes after does not
 * know that there are two.
 *
 * @throws `invalid` for a text that cannot be read, with lines and columns.
 */
export async function withAgentSpec<Body extends { agent?: AgentSpec | string | null }>(
  workspace: Caller['workspace'],
  body: Body,
): Promise<WithAgentSpec<Body>> {
  const { agent } = body;
  if (typeof agent !== 'string') return { ...body, agent };
  return { ...body, agent: (await specOfText(workspace, agentKind, agent)) as AgentSpec };
}
