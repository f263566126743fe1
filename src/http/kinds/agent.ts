import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Caller } from '../../accounts/authenticate.ts';
import {
  type AgentContinueRequest,
  agentCallRequest,
  agentContinueRequest,
} from '../../contract/call.ts';
import { agentKind } from '../../files/kinds/agent.ts';
import { getLog } from '../../logs/read-logs.ts';
import type { ReadableRun } from '../../runtime/events/readable-run.ts';
import { continueRun } from '../../runtime/kinds/agent/continue-run.ts';
import { runnableAgent } from '../../runtime/kinds/agent.ts';
import type { KindRuntime } from '../../runtime/kinds/runtime-parts.ts';
import { logResponseOf } from '../document/components.ts';
import { acceptedOr } from '../document/openapi.ts';
import type { HttpKind } from '../kind.ts';
import {
  type RunWire,
  sendAccepted,
  sendRun,
  sendRunEvents,
  wantsAnswerLater,
} from '../routes/run-response.ts';
import { numberedEvents, readerSignal } from '../server/event-stream.ts';
import { brokenOffBody, streamEventBody } from '../wire/stream-event.ts';

const wire: RunWire = {
  event: streamEventBody,
  brokenOff: brokenOffBody,
  log: undefined,
  form: numberedEvents,
};

/** Agents in the API. */
export const httpAgent: HttpKind<'agent'> = {
  kind: agentKind,
  call: {
    runnable: runnableAgent,
    request: agentCallRequest,
    response: logResponseOf(agentKind),
    wire,
  },
  routes,
};

/** `continue`: goes on with a suspended run, with the results of the tools that the client runs. */
function routes(runtime: KindRuntime): FastifyPluginAsyncTypebox {
  return async (app) => {
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
        const before = goingOn?.eventsBefore ?? undefined;
        const run =
          before === undefined
            ? await continueRun(runtime, workspace, body, {
                gone: readerSignal(reply),
                isRepeat: goingOn?.isRepeat ?? false,
              })
            : await goneOnWith(runtime, workspace, body);
        if (before === undefined) await goingOn?.begun(run.before);
        if (isAsync) return sendAccepted(reply, workspace, wire, run, body);
        if (!body.stream) return sendRun(reply, workspace, wire, run, body);
        return sendRunEvents(reply, wire, run, { ...body, after: before, toFirstRest: true });
      },
    );
  };
}

/**
 * The run that an earlier request with the same key has continued.
 *
 * @throws `events_gone` (not_found) if its stream is requested but no longer stored.
 */
async function goneOnWith(
  runtime: KindRuntime,
  workspace: Caller['workspace'],
  { log_id: logId, stream }: AgentContinueRequest,
): Promise<ReadableRun> {
  const { record } = await getLog(workspace, logId);
  // With `save: false` no events are stored, but `find` still streams how the run ended.
  const isTold = stream && record.save;
  return isTold ? runtime.findStream(workspace, logId) : runtime.find(workspace, logId);
}
