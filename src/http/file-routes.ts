import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  agentResponse,
  fileListQuery,
  moveRequest,
  pageOf,
  upsertProperties,
  versionQuery,
} from '../contract/file.ts';
import { listFileVersions } from '../files/file-queries.ts';
import type { FileKind } from '../files/kind.ts';
import { linkedFilesOf } from '../files/linked-files.ts';
import { deleteFile, moveFile } from '../files/move-file.ts';
import { getVersion } from '../files/resolve-version.ts';
import { upsertVersion } from '../files/upsert-version.ts';
import { answers, operationsOf } from './openapi.ts';
import { fileBody } from './wire/file.ts';

const params = Type.Object({ id: Type.String() });

/** Files as such: the routes every kind has. Mounted once per kind, under `/v5/{collection}`. */
export function fileRoutes(kind: FileKind): FastifyPluginAsyncTypebox {
  const operation = operationsOf(kind);
  const upsertBody = Type.Object({ ...upsertProperties, ...kind.spec.properties });

  return async (app) => {
    app.get(
      '/',
      {
        schema: {
          ...operation('list'),
          querystring: fileListQuery,
          ...answers(200, pageOf(agentResponse)),
        },
      },
      async ({ caller, query }) => {
        const { page, size } = query;
        const { records, total } = await listFileVersions(caller.workspace, {
          type: kind.type,
          page,
          size,
          name: query.name,
          creator: query.user_filter,
          sortBy: query.sort_by,
          order: query.order,
        });
        return { records: records.map((version) => fileBody(version)), page, size, total };
      },
    );

    app.post(
      '/',
      { schema: { ...operation('upsert'), body: upsertBody, ...answers(200, agentResponse) } },
      async ({ caller: { workspace }, body: given }) => {
        const body = given as Partial<Record<string, unknown>> & UpsertBody;
        const version = await upsertVersion(workspace, kind, {
          path: body.path,
          id: body.id,
          spec: body,
          versionName: body.version_name ?? undefined,
          versionDescription: body.version_description ?? undefined,
          description: body.description ?? undefined,
          tags: body.tags ?? undefined,
          readme: body.readme ?? undefined,
        });
        return fileBody(version, await linkedFilesOf(workspace, version));
      },
    );

    app.get(
      '/:id',
      {
        schema: {
          ...operation('get'),
          params,
          querystring: versionQuery,
          ...answers(200, agentResponse),
        },
      },
      async ({ caller: { workspace }, params: { id }, query }) => {
        const version = await getVersion(workspace, kind, id, {
          versionId: query.version_id,
          environment: query.environment,
        });
        return fileBody(version, await linkedFilesOf(workspace, version));
      },
    );

    app.patch(
      '/:id',
      {
        schema: { ...operation('move'), params, body: moveRequest, ...answers(200, agentResponse) },
      },
      async ({ caller: { workspace }, params: { id }, body }) => {
        const version = await moveFile(workspace, kind, id, {
          path: body.path ?? undefined,
          name: body.name ?? undefined,
          directoryId: body.directory_id ?? undefined,
        });
        return fileBody(version, await linkedFilesOf(workspace, version));
      },
    );

    app.delete(
      '/:id',
      { schema: { ...operation('delete'), params, ...answers(204, Type.Null()) } },
      async ({ caller: { workspace }, params: { id } }, reply) => {
        await deleteFile(workspace, kind, id);
        return reply.code(204).send();
      },
    );
  };
}

/** What {@link upsertProperties} says, for whichever kind. */
interface UpsertBody {
  readonly path?: string | null;
  readonly id?: string | null;
  readonly version_name?: string | null;
  readonly version_description?: string | null;
  readonly description?: string | null;
  readonly tags?: string[] | null;
  readonly readme?: string | null;
}
