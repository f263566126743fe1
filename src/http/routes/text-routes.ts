import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { versionQuery } from '../../contract/file.ts';
import type { Fields, FileKind } from '../../files/kind.ts';
import { getVersion } from '../../files/resolve-version.ts';
import { withoutSealedHeaders } from '../../files/secrets/mcp-headers.ts';
import { printSpecText } from '../../files/text-format/print-spec-text.ts';
import { specOfText } from '../../files/text-format/spec-of-text.ts';
import { specBody } from '../../wire/file.ts';
import { answers, nameOperations } from '../document/openapi.ts';

/** Writes versions as text files and reads them, for kinds that have such a form. */
export function textRoutes(kind: FileKind): FastifyPluginAsyncTypebox {
  const operation = nameOperations(kind);

  return async (app) => {
    app.get(
      '/:id/serialize',
      {
        schema: {
          ...operation('serialize'),
          params: Type.Object({ id: Type.String() }),
          querystring: versionQuery,
          ...answers(200, fileText),
        },
      },
      async ({ caller: { workspace }, params: { id }, query }, reply) => {
        const version = await getVersion(workspace, kind, id, {
          versionId: query.version_id,
          environment: query.environment,
        });
        const text = printSpecText(kind, withoutSealedHeaders(kind, version.spec));
        return reply.type('text/plain; charset=utf-8').send(text);
      },
    );

    app.post(
      '/serialize',
      {
        config: { unkeyed: true },
        schema: {
          ...operation('serialize_fields'),
          body: Type.Object({ [kind.type]: kind.spec }),
          ...answers(200, fileText),
        },
      },
      async ({ body }, reply) => {
        const spec = (body as Readonly<Record<string, Fields>>)[kind.type] ?? {};
        return reply.type('text/plain; charset=utf-8').send(printSpecText(kind, spec));
      },
    );

    app.post(
      '/deserialize',
      {
        schema: {
          ...operation('deserialize'),
          body: Type.Object({ [kind.type]: Type.String({ maxLength: longestText }) }),
          ...answers(200, kind.spec),
        },
      },
      async ({ caller: { workspace }, body }) => {
        const text = (body as Readonly<Record<string, string>>)[kind.type] ?? '';
        const spec = await specOfText(workspace, kind, text);
        return specBody(kind, kind.canonicalSpec(spec));
      },
    );
  };
}

/** Characters of the text of a file, images included. */
const longestText = 5_000_000;

/** An answer that is not JSON. */
const fileText = {
  description: 'The text of the file.',
  content: { 'text/plain': { schema: Type.String() } },
};
