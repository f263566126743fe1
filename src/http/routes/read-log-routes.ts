import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Caller } from '../../accounts/callers.ts';
import { type LogListQuery, logListQuery, logPageProperties } from '../../contract/log-list.ts';
import { mostHeld, readableBatches } from '../../kernel/readable-batches.ts';
import { mayMatch } from '../../logs/list/filter-files.ts';
import { writeCursor } from '../../logs/list/list-cursor.ts';
import { listLogs } from '../../logs/list/list-logs.ts';
import type { LogParts } from '../../logs/log-parts.ts';
import { getLog, logSizes, removeLogs } from '../../logs/read-logs.ts';
import { findVersionedLogs, versioned } from '../../logs/versioned-log.ts';
import { logBodies } from '../../wire/log-bodies.ts';
import { summaryBodies } from '../../wire/log-summary.ts';
import { traceTexts } from '../../wire/trace-texts.ts';
import { answers } from '../document/openapi.ts';
import { sendList, sendTexts, WrittenRecord } from '../server/send-list.ts';
import { readListOptions } from './log-list-options.ts';
import { fullLogBody } from './run-response.ts';

type Workspace = Caller['workspace'];

/** After how many bytes a page of logs ends, whatever its size. */
const mostListed = 32 * 1024 * 1024;

/** Logs of all kinds, by file or by id. */
export const readLogRoutes =
  (parts: LogParts): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/',
      {
        schema: {
          operationId: 'logs_list',
          tags: ['logs'],
          querystring: logListQuery,
          ...answers(
            200,
            Type.Object({
              records: Type.Array(Type.Union([Type.Ref('LogResponse'), Type.Ref('LogSummary')])),
              ...logPageProperties,
            }),
          ),
        },
      },
      async ({ caller: { workspace }, query }, reply) => {
        const options = readListOptions(query);
        const { page, size } = query;
        if (!(await mayMatch(workspace, options.filter))) {
          return { records: [], page, size, total: 0, total_is_exact: true, next_cursor: null };
        }
        const { positions, total, isTotalExact, isLast } = await listLogs(workspace, options);
        const ids = positions.map(({ id }) => id);
        return sendList<{ readonly id: string }>(reply, {
          groups:
            query.view === 'summary'
              ? [() => summaryBodies(workspace, ids, { withJudgments: true })]
              : await fullBodies(workspace, query, ids),
          rest: (cutAfter) => {
            const cut = cutAfter && positions.find(({ id }) => id === cutAfter.id);
            const end = cut ?? (isLast ? undefined : positions.at(-1));
            return {
              page,
              size,
              total,
              total_is_exact: isTotalExact,
              next_cursor: end ? writeCursor(end, options.sort) : null,
            };
          },
          mostBytes: mostListed,
        });
      },
    );

    app.get(
      '/:id',
      {
        schema: {
          operationId: 'logs_get',
          tags: ['logs'],
          params: Type.Object({ id: Type.String() }),
          querystring: Type.Object({ include_trace_children: Type.Boolean({ default: true }) }),
          ...answers(200, Type.Ref('LogResponse')),
        },
      },
      async ({ caller: { workspace }, params: { id }, query }, reply) => {
        const log = await versioned(workspace, await getLog(workspace, id));
        if (!query.include_trace_children) {
          return fullLogBody(workspace, log, { withTrace: false, rawTurns: true });
        }
        return sendTexts(reply, await traceTexts(workspace, log));
      },
    );

    app.delete(
      '/',
      {
        schema: {
          operationId: 'logs_delete',
          tags: ['logs'],
          querystring: Type.Object({
            id: Type.Array(Type.String(), { minItems: 1, maxItems: 1_000 }),
          }),
          ...answers(204, Type.Null()),
        },
      },
      async ({ caller: { workspace }, query }, reply) => {
        await removeLogs(parts, workspace, query.id);
        void reply.code(204);
        return null;
      },
    );
  };

/** The bodies of logs, in groups that fit into memory; a trace that does not is written in pieces. */
async function fullBodies(workspace: Workspace, query: LogListQuery, ids: readonly string[]) {
  const { include_trace_children: withTrace, include_parent: withJudged } = query;
  const sizes = await logSizes(workspace, ids, { withTrace });
  const large = new Set(sizes.filter(({ bytes }) => bytes > mostHeld).map(({ id }) => id));
  return readableBatches(sizes).map((batch) => async (): Promise<readonly ListedLog[]> => {
    const logs = await findVersionedLogs(workspace, batch);
    const [log] = logs;
    if (withTrace && log && large.has(log.view.record.id)) {
      const { pieces } = await traceTexts(workspace, log, { withJudged });
      return [new WrittenRecord(log.view.record.id, pieces)];
    }
    const bodies = await logBodies(workspace, logs, { withTrace, withJudged });
    return bodies.map((body) => ({ ...body, id: String(body['id']) }));
  });
}

type ListedLog = { readonly id: string } | WrittenRecord;
