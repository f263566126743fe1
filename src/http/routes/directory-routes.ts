import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import {
  directoryMove,
  directoryRequest,
  directoryResponse,
  directoryWithContent,
} from '../../contract/directory.ts';
import {
  createDirectory,
  deleteDirectory,
  getDirectory,
  getDirectoryTree,
} from '../../files/directories/directories.ts';
import type { DirectoryLocation } from '../../files/directories/directory-place.ts';
import { moveDirectory } from '../../files/directories/move-directory.ts';
import { fileBodyGroups } from '../../wire/file-bodies.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import { sendList } from '../server/send-list.ts';
import { directoryBody } from '../wire/directory.ts';

const params = Type.Object({ id: Type.String() });
const operation = nameOperations({ collection: 'directories' });

/** The tree of directories: `/v5/directories`. */
export const directoryRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    { schema: { ...operation('list'), ...answers(200, Type.Array(directoryResponse)) } },
    async ({ caller }) => (await getDirectoryTree(caller.workspace)).map(directoryBody),
  );

  app.post(
    '/',
    {
      schema: {
        ...operation('create'),
        body: directoryRequest,
        ...answers(201, directoryResponse),
      },
    },
    async ({ caller, body }, reply) => {
      const directory = await createDirectory(caller.workspace, readLocation(body));
      void reply.code(201);
      return directoryBody(directory);
    },
  );

  app.get(
    '/:id',
    { schema: { ...operation('get'), params, ...answers(200, directoryWithContent) } },
    async ({ caller: { workspace }, params: { id } }, reply) => {
      const { directory, subdirectories, files, deployments, parents } = await getDirectory(
        workspace,
        id,
      );
      return sendList(reply, {
        field: 'files',
        groups: fileBodyGroups(workspace, files),
        rest: () => ({
          ...directoryBody(directory),
          subdirectories: subdirectories.map(directoryBody),
          deployments,
          parents: parents.map(directoryBody),
        }),
      });
    },
  );

  app.patch(
    '/:id',
    {
      schema: {
        ...operation('update'),
        params,
        body: directoryMove,
        ...answers(200, directoryResponse),
      },
    },
    async ({ caller, params, body }) =>
      directoryBody(await moveDirectory(caller.workspace, params.id, readLocation(body))),
  );

  app.delete(
    '/:id',
    { schema: { ...operation('delete'), params, ...answers(204, Type.Null()) } },
    async ({ caller, params }, reply) => {
      await deleteDirectory(caller.workspace, params.id);
      void reply.code(204);
      return null;
    },
  );
};

function readLocation({
  path,
  name,
  parent_id,
}: Static<typeof directoryRequest>): DirectoryLocation {
  return {
    path: path ?? undefined,
    name: name ?? undefined,
    parentId: parent_id ?? undefined,
  };
}
