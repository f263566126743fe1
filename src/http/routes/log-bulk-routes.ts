import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  logDeletionRequest,
  logDeletionResponse,
  logExportQuery,
  mostDeleted,
} from '../../contract/log-bulk.ts';
import { deleteMatching } from '../../logs/list/delete-matching.ts';
import { eachLog } from '../../logs/list/each-log.ts';
import { mayMatch } from '../../logs/list/filter-files.ts';
import type { LogParts } from '../../logs/log-parts.ts';
import { answers } from '../document/openapi.ts';
import { exportForms } from '../wire/log-export.ts';
import { readLogFilter } from './log-list-options.ts';

/** Deletes and exports the logs that match a filter. */
export const logBulkRoutes =
  (parts: LogParts): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/logs/delete',
      {
        schema: {
          operationId: 'logs_delete_matching',
          tags: ['logs'],
          body: logDeletionRequest,
          ...answers(200, logDeletionResponse),
        },
      },
      async ({ caller: { workspace }, body }) => {
        const filter = readLogFilter(body.filter, ['body', 'filter']);
        if (!(await mayMatch(workspace, filter))) return { deleted: 0, is_done: true };
        const { deleted, isDone } = await deleteMatching(parts, workspace, filter, mostDeleted);
        return { deleted, is_done: isDone };
      },
    );

    app.get(
      '/log-export',
      {
        schema: {
          operationId: 'logs_export',
          tags: ['logs'],
          querystring: logExportQuery,
          ...answers(200, {
            content: {
              'application/x-ndjson': { schema: Type.String() },
              'text/csv': { schema: Type.String() },
            },
          }),
        },
      },
      async ({ caller: { workspace }, query }, reply) => {
        const filter = { ...readLogFilter(query), among: query.ids };
        const isPossible = await mayMatch(workspace, filter);
        const { contentType, fileName, write } = exportForms[query.format];
        const groups = isPossible ? eachLog(workspace, filter, query.order) : none();
        // A failure after the first piece cuts the connection: the status is sent.
        return reply
          .type(contentType)
          .header('content-disposition', `attachment; filename="${fileName}"`)
          .send(Readable.from(write(workspace, groups), { highWaterMark: 1 }));
      },
    );
  };

async function* none(): AsyncGenerator<never> {}
