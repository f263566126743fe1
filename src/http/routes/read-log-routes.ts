import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Caller } from '../../accounts/authenticate.ts';
import { type LogListQuery, logListQuery, logPageProperties } from '../../contract/log-list.ts';
import { getFile, hasVersion } from '../../files/read-files.ts';
import { jsonWithRepeats } from '../../kernel/json-with-repeats.ts';
import { writeCursor } from '../../logs/list/list-cursor.ts';
import { listLogs } from '../../logs/list/list-logs.ts';
import type { LogParts } from '../../logs/log-parts.ts';
import { getLog, removeLogs } from '../../logs/read-logs.ts';
import { findVersionedLogs, versioned } from '../../logs/versioned-log.ts';
import { logBodies } from '../../wire/log-bodies.ts';
import { summaryBodies } from '../../wire/log-summary.ts';
import { answers } from '../document/openapi.ts';
import { readListOptions } from './log-list-options.ts';
import { fullLogBody } from './run-response.ts';

type Workspace = Caller['workspace'];

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
      async ({ caller: { workspace }, query }) => {
        const options = readListOptions(query);
        const file = await getFile(workspace, query.file_id);
        const { page, size, version_id: versionId } = query;
        if (versionId !== undefined && !(await hasVersion(workspace, file, versionId))) {
          return { records: [], page, size, total: 0, total_is_exact: true, next_cursor: null };
        }
        const { ids, total, isTotalExact, end } = await listLogs(workspace, options);
        return {
          records:
            query.view === 'summary'
              ? await summaryBodies(workspace, file, ids)
              : await fullBodies(workspace, query, ids),
          page,
          size,
          total,
          total_is_exact: isTotalExact,
          next_cursor: end ? writeCursor(end) : null,
        };
      },
    );

    app.get(
      '/:id',
      {
        schema: {
          operationId: 'logs_get',
          tags: ['logs'],
          params: Type.Object({ id: Type.String() }),
          ...answers(200, Type.Ref('LogResponse')),
        },
      },
      async ({ caller: { workspace }, params: { id } }, reply) => {
        const written = new Map<string, Record<string, unknown>>();
        const body = await wholeLogBody(workspace, id, written);
        // Serialize each file once: in a trace of thousands of logs, half of the text would be files.
        return reply
          .type('application/json; charset=utf-8')
          .send(jsonWithRepeats(body, written.values()));
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

/**
 * A log with all of its data, and all logs below it.
 *
 * @param written collects the bodies of versions, each of which may occur many times.
 * @throws `log_not_found` (not_found).
 */
export async function wholeLogBody(
  workspace: Workspace,
  id: string,
  written = new Map<string, Record<string, unknown>>(),
): Promise<Record<string, unknown>> {
  const log = await versioned(workspace, await getLog(workspace, id));
  return fullLogBody(workspace, log, { withTrace: true, rawTurns: true, written });
}

async function fullBodies(workspace: Workspace, query: LogListQuery, ids: readonly string[]) {
  const logs = await findVersionedLogs(workspace, ids);
  return logBodies(workspace, logs, {
    withTrace: query.include_trace_children,
    withJudged: query.include_parent,
  });
}
