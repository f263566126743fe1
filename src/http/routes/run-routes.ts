import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Caller } from '../../accounts/callers.ts';
import { kindOf } from '../../files/kinds/index.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { LogRecord } from '../../logs/log-record.ts';
import { getLog } from '../../logs/read-logs.ts';
import type { VersionedLog } from '../../logs/versioned-log.ts';
import { versioned } from '../../logs/versioned-log.ts';
import type { KindRuntime } from '../../runtime/kinds/runtime-parts.ts';
import { cancelRun } from '../../runtime/runs/cancel-run.ts';
import { runEnded } from '../../runtime/runs/errors.ts';
import { answers } from '../document/openapi.ts';
import type { HttpKind } from '../kind.ts';
import { httpKinds } from '../kinds/index.ts';
import { numberedEvents } from '../server/event-stream.ts';
import type { EarlierAttempt } from '../server/keyed-run.ts';
import { fullLogBody, type RunWire, sendRunEvents } from './run-response.ts';

const params = Type.Object({ log_id: Type.String() });

/** Reads and cancels runs of every kind by the ids of their logs. */
export function runRoutes(runtime: KindRuntime): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/:log_id/events',
      {
        schema: {
          operationId: 'logs_events',
          tags: ['logs'],
          params,
          querystring: Type.Object({
            after: Type.Optional(
              Type.Integer({
                minimum: 0,
                maximum: 2_000_000_000,
                description: 'The number of the last event that you have; 0 for none.',
              }),
            ),
          }),
          headers: Type.Object({
            'last-event-id': Type.Optional(
              Type.Integer({
                minimum: 0,
                maximum: 2_000_000_000,
                description: 'The same, as browsers send it. It overrides `after`.',
              }),
            ),
          }),
          ...answers(200, { content: { 'text/event-stream': { schema: Type.String() } } }),
        },
      },
      async ({ caller: { workspace }, params: { log_id: logId }, query, headers }, reply) => {
        const { record } = await getLog(workspace, logId);
        const run = await runtime.findStream(workspace, logId);
        const after = headers['last-event-id'] ?? query.after ?? 0;
        const wire = { ...runWire(record), form: numberedEvents };
        return sendRunEvents(reply, wire, run, { after });
      },
    );

    app.post(
      '/:log_id/cancel',
      {
        config: { run: 'known' },
        schema: {
          operationId: 'logs_cancel',
          tags: ['logs'],
          params,
          ...answers(200, Type.Ref('LogResponse')),
        },
      },
      async ({ caller, params: { log_id: logId }, earlierAttempt }) => {
        const workspace = runtime.urgent(caller.workspace);
        const log = earlierAttempt
          ? await cancelOnce(runtime, workspace, logId, earlierAttempt)
          : await cancelRun(runtime, workspace, logId);
        return fullLogBody(workspace, log, { withTrace: true });
      },
    );
  };
}

function runWire({ type }: LogRecord): RunWire {
  const { call, runWire: wire = call?.wire }: HttpKind = httpKinds[kindOf(type).type];
  if (!wire) throw new Error(`Files of kind ${type} have no runs.`);
  return wire;
}

/**
 * Cancels a run for all requests with one key. When an equal request has already cancelled the run,
 * this one gets the same answer.
 *
 * @throws what {@link cancelRun} throws.
 */
async function cancelOnce(
  runtime: KindRuntime,
  workspace: Caller['workspace'],
  logId: string,
  { eventsBefore, noteBegun }: EarlierAttempt,
): Promise<VersionedLog> {
  if (eventsBefore === null) {
    const { run } = await getLog(workspace, logId);
    if (!run) throw runEnded(logId);
    await noteBegun(run.event_count);
  }
  try {
    return await cancelRun(runtime, workspace, logId);
  } catch (error) {
    if (!(error instanceof PlatformError) || error.code !== 'run_ended') throw error;
    const view = await getLog(workspace, logId);
    if (view.record.ended_as !== 'cancelled') throw error;
    return versioned(workspace, view);
  }
}
