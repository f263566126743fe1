import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { agentCallRequest, agentContinueRequest } from '../../contract/call.ts';
import { agentKind } from '../../files/kinds/agent.ts';
import { continueRun } from '../../runtime/continue-run.ts';
import { lastContinue } from '../../runtime/event-queries.ts';
import { runnableAgent } from '../../runtime/runnable-agent.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { callRoutes } from '../call-routes.ts';
import { logResponseOf } from '../components.ts';
import { readerSignal } from '../event-stream.ts';
import { acceptedOr } from '../openapi.ts';
import {
  agentWire,
  sendAccepted,
  sendRun,
  sendRunEvents,
  wantsAnswerLater,
} from '../run-response.ts';

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
        config: { run: 'known' },
        schema: {
          operationId: 'agents_continue',
          tags: ['agents'],
          body: agentContinueRequest,
          ...acceptedOr(logResponseOf(agentKind)),
        },
      },
      async (request, reply) => {
        const {
          caller: { workspace },
          body,
        } = request;
        const isAsync = wantsAnswerLater(request, body);
        const { goingOn } = request;
        const after = goingOn?.eventsBefore ?? undefined;
        const run =
          after === undefined
            ? await continueRun(runtime, workspace, body, readerSignal(reply))
            : runtime.find(workspace, body.log_id);
        await goingOn?.begun(Math.max(0, (await lastContinue(workspace, body.log_id)) - 1));
        if (isAsync) return sendAccepted(reply, workspace, agentWire, run, body);
        if (!body.stream) return sendRun(reply, workspace, agentWire, run, body);
        return sendRunEvents(reply, agentWire, run, { ...body, after, toFirstRest: true });
      },
    );
  };
}
