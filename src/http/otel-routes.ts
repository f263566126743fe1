import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { importedTraces, otelTraces } from '../contract/otel-traces.ts';
import { importTraces } from '../otel/import-traces.ts';
import type { RuntimeParts } from '../runtime/runtime-parts.ts';
import { readJsonBody } from './json-body.ts';
import { answers } from './openapi.ts';

/** Where the decorators of v5 clients send what they saw. */
export function otelRoutes(parts: RuntimeParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    // These clients send JSON as text, or do not say at all what they send.
    app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_: unknown, body: Buffer) =>
      readJsonBody(body),
    );

    app.post(
      '/v1/traces',
      {
        schema: {
          operationId: 'import_otel_traces',
          tags: ['logs'],
          body: otelTraces,
          ...answers(200, importedTraces),
        },
      },
      async ({ caller: { workspace }, body }) => ({
        records: await importTraces(parts, workspace, body),
      }),
    );
  };
}
