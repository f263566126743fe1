import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type TSchema, Type } from 'typebox';
import { givenDefaultsField, versionQuery } from '../../contract/file.ts';
import { givenDefaults } from '../../files/given-defaults.ts';
import type { Fields, FileKind } from '../../files/kind.ts';
import { getVersion } from '../../files/resolve-version.ts';
import { printSpecText } from '../../files/text-format/print-spec-text.ts';
import { specOfText } from '../../files/text-format/spec-of-text.ts';
import { versionText } from '../../files/text-format/version-text.ts';
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
          querystring: Type.Object({ ...versionQuery.properties, ...textQuery.properties }),
          ...answers(200, fileText),
        },
      },
      async ({ caller: { workspace }, params: { id }, query }, reply) => {
        const version = await getVersion(workspace, kind, id, {
          versionId: query.version_id,
          environment: query.environment,
        });
        return reply
          .type('text/plain; charset=utf-8')
          .send(versionText(version, { givenDefaults: query.given_defaults }));
      },
    );

    app.post(
      '/serialize',
      {
        config: { unkeyed: true },
        schema: {
          ...operation('serialize_fields'),
          body: Type.Object({ [kind.type]: kind.spec }),
          querystring: textQuery,
          ...answers(200, fileText),
        },
      },
      async ({ body, query }, reply) => {
        const spec = (body as Readonly<Record<string, Fields>>)[kind.type] ?? {};
        return reply
          .type('text/plain; charset=utf-8')
          .send(printSpecText(kind, spec, { givenDefaults: query.given_defaults }));
      },
    );

    app.post(
      '/deserialize',
      {
        schema: {
          ...operation('deserialize'),
          body: Type.Object({ [kind.type]: Type.String({ maxLength: longestText }) }),
          querystring: givenDefaultsQuery,
          ...answers(200, fieldsOfText(kind)),
        },
      },
      async ({ caller: { workspace }, query, body }) => {
        const text = (body as Readonly<Record<string, string>>)[kind.type] ?? '';
        const spec = await specOfText(workspace, kind, text);
        return {
          ...specBody(kind, kind.canonicalSpec(spec)),
          ...(query.given_defaults ? { given_defaults: givenDefaults(kind, spec) } : {}),
        };
      },
    );
  };
}

/** Characters of the text of a file, images included. */
const longestText = 5_000_000;

const textQuery = Type.Object({
  given_defaults: Type.Boolean({
    default: false,
    description:
      'Leave out `temperature`, `top_p` and the penalties where their default was not written out. A text that has them is sent to the vendor with them.',
  }),
});

const givenDefaultsQuery = Type.Object({
  given_defaults: Type.Boolean({
    default: false,
    description: 'Add `given_defaults`: the defaults that the text writes out.',
  }),
});

/** The fields that a text says, and on request which defaults it writes out. */
function fieldsOfText({ spec }: FileKind): TSchema {
  return Type.Intersect([spec, Type.Object({ given_defaults: Type.Optional(givenDefaultsField) })]);
}

/** An answer that is not JSON. */
const fileText = {
  description: 'The text of the file.',
  content: { 'text/plain': { schema: Type.String() } },
};
