import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { logForkRequest } from '../../contract/fork.ts';
import { agentKind } from '../../files/kinds/agent.ts';
import { forkRun } from '../../runtime/kinds/agent/fork-run.ts';
import type { KindRuntime } from '../../runtime/kinds/runtime-parts.ts';
import { logResponse } from '../document/components.ts';
import { acceptedOr } from '../document/openapi.ts';
import { agentWire as wire } from '../kinds/agent.ts';
import { readerSignal } from '../server/event-stream.ts';
import { sendAccepted, sendRun, wantsAnswerLater } from './run-response.ts';

/** Runs an agent again from a turn of a log. Only agents have turns that go on from each other. */
export function forkRoutes(runtime: KindRuntime): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/:log_id/fork',
      {
        config: { run: 'new' },
        schema: {
          operationId: 'logs_fork',
          tags: ['logs'],
          params: Type.Object({ log_id: Type.String() }),
          body: logForkRequest,
          ...acceptedOr(logResponse(agentKind)),
        },
      },
      async (request, reply) => {
        const { caller, params, body } = request;
        const { workspace } = caller;
        const isAsync = wantsAnswerLater(request, body);
        const options = { request: body, gone: readerSignal(reply) };
        const run = await forkRun(runtime, workspace, params.log_id, options);
        if (isAsync) return sendAccepted(reply, workspace, wire, run, body);
        return sendRun(reply, workspace, wire, run, body);
      },
    );
  };
}
