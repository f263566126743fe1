import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { agentContinueRequest } from '../../contract/call.ts';
import { agentKind } from '../../files/kinds/agent.ts';
import type { AgentRuntime } from '../../runtime/agent-runtime.ts';
import { continueRun } from '../../runtime/continue-run.ts';
import { logResponseOf } from '../components.ts';
import { readerSignal } from '../event-stream.ts';
import { answers } from '../openapi.ts';
import { sendRun } from '../run-response.ts';

/** What agents alone have. */
export function agentRoutes(runtime: AgentRuntime): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/continue',
      {
        schema: {
          operationId: 'agents_continue',
          tags: ['agents'],
          body: agentContinueRequest,
          ...answers(200, logResponseOf(agentKind)),
        },
      },
      async ({ caller: { workspace }, body }, reply) => {
        const run = await continueRun(runtime, workspace, body, readerSignal(reply));
        return sendRun(reply, workspace, run, body);
      },
    );
  };
}
