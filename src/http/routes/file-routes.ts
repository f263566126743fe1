import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  aggregatesQuery,
  fileChange,
  fileListQuery,
  pageSchema,
  versionQuery,
} from '../../contract/file.ts';
import { withAggregates } from '../../evaluation/stats/evaluator-aggregates.ts';
import { changeFile, deleteFile } from '../../files/change-file.ts';
import type { FileKind } from '../../files/kind.ts';
import { listFiles } from '../../files/list-files.ts';
import { getVersion } from '../../files/resolve-version.ts';
import { fileBodyGroups, wholeFileBody } from '../../wire/file-bodies.ts';
import { fileResponse } from '../document/components.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import { sendList } from '../server/send-list.ts';

const params = Type.Object({ id: Type.String() });

/** Files: the routes of every kind, mounted below `/v5/{collection}`. */
export function fileRoutes(kind: FileKind): FastifyPluginAsyncTypebox {
  const operation = nameOperations(kind);
  const response = fileResponse(kind);
  const querystring = Type.Object({
    ...versionQuery.properties,
    ...(kind.log ? aggregatesQuery : {}),
    ...kind.details?.query,
  });

  return async (app) => {
    app.get(
      '/',
      {
        schema: {
          ...operation('list'),
          querystring: fileListQuery,
          ...answers(200, pageSchema(response)),
        },
      },
      async ({ caller, query }, reply) => {
        const { page, size } = query;
        const { records, total } = await listFiles(caller.workspace, {
          types: [kind.type],
          page,
          size,
          name: query.name,
          creator: query.user_filter,
          sortBy: query.sort_by,
          order: query.order,
        });
        return sendList(reply, {
          groups: fileBodyGroups(caller.workspace, records),
          rest: () => ({ page, size, total }),
        });
      },
    );

    app.get(
      '/:id',
      {
        schema: {
          ...operation('get'),
          params,
          querystring,
          ...answers(200, response),
        },
      },
      async ({ caller: { workspace }, params: { id }, query }) => {
        const version = await getVersion(workspace, kind, id, {
          versionId: query.version_id,
          environment: query.environment,
        });
        const body = await wholeFileBody(workspace, version, query);
        const [shown] = await withAggregates(workspace, [body], query);
        return shown;
      },
    );

    app.patch(
      '/:id',
      {
        schema: { ...operation('move'), params, body: fileChange, ...answers(200, response) },
      },
      async ({ caller: { workspace }, params: { id }, body }) => {
        const version = await changeFile(workspace, kind, id, {
          path: body.path ?? undefined,
          name: body.name ?? undefined,
          directoryId: body.directory_id ?? undefined,
          description: body.description ?? undefined,
          tags: body.tags ?? undefined,
          readme: body.readme ?? undefined,
        });
        return wholeFileBody(workspace, version);
      },
    );

    app.delete(
      '/:id',
      { schema: { ...operation('delete'), params, ...answers(204, Type.Null()) } },
      async ({ caller: { workspace }, params: { id } }, reply) => {
        await deleteFile(workspace, kind, id);
        void reply.code(204);
        return null;
      },
    );
  };
}
