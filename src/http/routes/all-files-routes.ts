import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { filesQuery, retrieveQuery, retrieveRequest } from '../../contract/all-files.ts';
import { pageSchema } from '../../contract/file.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { kindOf } from '../../files/kinds/index.ts';
import { listFiles } from '../../files/list-files.ts';
import { retrieveFile } from '../../files/retrieve-file.ts';
import { versionText } from '../../files/text-format/version-text.ts';
import { fileBodyGroups, wholeFileBody } from '../../wire/file-bodies.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import { sendList } from '../server/send-list.ts';

const operation = nameOperations({ collection: 'files' });
const file = Type.Ref('FileResponse');

/** Files of all kinds together: `/v5/files`. */
export const allFilesRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      schema: { ...operation('list'), querystring: filesQuery, ...answers(200, pageSchema(file)) },
    },
    async ({ caller: { workspace }, query }, reply) => {
      const { page, size } = query;
      if (query.template) return { records: [], page, size, total: 0 };
      const { records, total } = await listFiles(workspace, {
        types: query.type,
        page,
        size,
        name: query.name,
        directory: query.path,
        environment: query.environment,
        sortBy: query.sort_by,
        order: query.order,
      });
      return sendList(reply, {
        groups: fileBodyGroups(workspace, records, {
          finish: (bodies, versions) =>
            bodies.map((body, place) => ({
              ...body,
              ...rawContent(versions[place] as FileVersion, query),
            })),
        }),
        rest: () => ({ page, size, total }),
      });
    },
  );

  app.post(
    '/retrieve-by-path',
    {
      schema: {
        ...operation('retrieve_by_path'),
        querystring: retrieveQuery,
        body: retrieveRequest,
        ...answers(200, file),
      },
    },
    async ({ caller: { workspace }, query, body }) => {
      const version = await retrieveFile(workspace, body.path, query.environment);
      return { ...(await wholeFileBody(workspace, version)), ...rawContent(version, query) };
    },
  );
};

/** The version as a text file, if the query asks for it and its kind has such a form. */
function rawContent(
  version: FileVersion,
  { include_raw_file_content: isWanted }: { readonly include_raw_file_content: boolean },
): { readonly raw_file_content?: string } {
  return isWanted && kindOf(version.type).text ? { raw_file_content: versionText(version) } : {};
}
