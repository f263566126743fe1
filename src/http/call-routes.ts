import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { agentCallRequest } from '../contract/call.ts';
import { versionQuery } from '../contract/file.ts';
import { agentKind } from '../files/kinds/agent.ts';
import type { AgentRuntime } from '../runtime/agent-runtime.ts';
import { startRun } from '../runtime/start-run.ts';
import { logResponseOf } from './components.ts';
import { readerSignal } from './event-stream.ts';
import { inlineSpecOf } from './inline-spec.ts';
import { answers } from './openapi.ts';
import { sendRun } from './run-response.ts';

/** Running a version. */
export function callRoutes(runtime: AgentRuntime): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/call',
      {
        schema: {
          operationId: 'agents_call',
          tags: ['agents'],
          querystring: versionQuery,
          body: agentCallRequest,
          ...answers(200, logResponseOf(agentKind)),
        },
      },
      async ({ caller: { workspace }, query, body }, reply) => {
        const selector = { versionId: query.version_id, environment: query.environment };
        const inlineSpec = await inlineSpecOf(workspace, agentKind, body);
        // Everything that can still become a 4xx happens here, before the first byte.
        const run = await startRun(
          runtime,
          workspace,
          { selector, inlineSpec },
          body,
          readerSignal(reply),
        );
        return sendRun(reply, workspace, run, body);
      },
    );
  };
}
