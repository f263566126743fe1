import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { agentCallRequest, agentContinueRequest } from '../../contract/call.ts';
import { agentKind } from '../../files/kinds/agent.ts';
import { continueRun } from '../../runtime/continue-run.ts';
import { runnableAgent } from '../../runtime/runnable-agent.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { callRoutes } from '../call-routes.ts';
import { logResponseOf } from '../components.ts';
import { readerSignal } from '../event-stream.ts';
import { answers } from '../openapi.ts';
import { agentWire, sendRun } from '../run-response.ts';

/** Calls of agents, and what agents alone have. */
export function agentRoutes(runtime: Runtime): FastifyPluginAsyncTypebox {
  return async (app) => {
    await app.register(
      callRoutes(runtime, {
        runnable: runnableAgent,
        request: agentCallRequest,
        response: logResponseOf(agentKind),
        wire: agentWire,
      }),
    );

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
        return sendRun(reply, workspace, agentWire, run, body);
      },
    );
  };
}
