import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { logListQuery } from '../contract/log.ts';
import { fileNotFound } from '../files/errors.ts';
import { findFile } from '../files/file-queries.ts';
import { getLog, listLogs, removeLogs } from '../logs/read-logs.ts';
import { versioned } from '../runtime/stored-run.ts';
import { answers } from './openapi.ts';
import { fullLogBody } from './run-response.ts';
import { logBodies, withVersions } from './wire/log-bodies.ts';

/** Logs of all kinds, by file or by id. */
export const readLogRoutes: FastifyPluginAsyncTypebox = async (app) => {
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
            records: Type.Array(Type.Ref('LogResponse')),
            page: Type.Integer(),
            size: Type.Integer(),
            total: Type.Integer(),
          }),
        ),
      },
    },
    async ({ caller: { workspace }, query }) => {
      const { file_id: fileId, page, size } = query;
      const file = await findFile(workspace, { by: 'id', value: fileId });
      if (!file) throw fileNotFound(fileId);
      const { views, total } = await listLogs(workspace, {
        fileId,
        versionId: query.version_id,
        page,
        size,
      });
      const records = await logBodies(workspace, await withVersions(workspace, views), {
        withTrace: query.include_trace_children,
      });
      return { records, page, size, total };
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
    async ({ caller: { workspace }, params: { id } }) => {
      const log = await versioned(workspace, await getLog(workspace, id));
      return fullLogBody(workspace, log, { withTrace: true, rawTurns: true });
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
      await removeLogs(workspace, query.id);
      return reply.code(204).send();
    },
  );
};
