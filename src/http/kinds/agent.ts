import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Caller } from '../../accounts/callers.ts';
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
import { logResponse } from '../document/components.ts';
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

/** How answers show the runs of agents. */
export const agentWire: RunWire = {
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
    response: logResponse(agentKind),
    wire: agentWire,
  },
  routes,
};

/** `continue`: continues a suspended run with the results of the client's tools. */
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
          ...acceptedOr(logResponse(agentKind)),
        },
      },
      async (request, reply) => {
        const {
          caller: { workspace },
          body,
        } = request;
        const isAsync = wantsAnswerLater(request, body);
        const { earlierAttempt } = request;
        const before = earlierAttempt?.eventsBefore ?? undefined;
        const run =
          before === undefined
            ? await continueRun(runtime, workspace, body, {
                gone: readerSignal(reply),
                isRepeat: earlierAttempt?.isRepeat ?? false,
              })
            : await findContinued(runtime, workspace, body);
        if (before === undefined) await earlierAttempt?.noteBegun(run.before);
        if (isAsync) return sendAccepted(reply, workspace, agentWire, run, body);
        if (!body.stream) return sendRun(reply, workspace, agentWire, run, body);
        return sendRunEvents(reply, agentWire, run, { ...body, after: before, toFirstRest: true });
      },
    );
  };
}

/**
 * The run that an earlier request with the same key has continued.
 *
 * @throws `events_gone` (not_found) if the request asks for a stream that is no longer stored.
 */
async function findContinued(
  runtime: KindRuntime,
  workspace: Caller['workspace'],
  { log_id: logId, stream }: AgentContinueRequest,
): Promise<ReadableRun> {
  const { record } = await getLog(workspace, logId);
  // Use `find` with `save: false`: no events are stored, but `find` still streams how the run
  // ended.
  const isStored = stream && record.save;
  return isStored ? runtime.findStream(workspace, logId) : runtime.find(workspace, logId);
}
