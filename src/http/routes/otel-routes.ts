import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { importedTraces, otelTraces } from '../../contract/otel-traces.ts';
import { importTraces } from '../../otel/import-traces.ts';
import type { RuntimeParts } from '../../runtime/kinds/runtime-parts.ts';
import { answers } from '../document/openapi.ts';
import { parseJsonBody } from '../server/json-body.ts';

/** Where the decorators of v5 clients send what they saw. */
export function otelRoutes(parts: RuntimeParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    // These clients send JSON as text, or do not say at all what they send.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_: unknown, body: Buffer) =>
      parseJsonBody(body),
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
      async ({ caller: { workspace }, body, id }) => {
        const imported = await importTraces(parts, workspace, body);
        const { partialSuccess } = imported;
        if (partialSuccess) {
          // The clients do not look at it.
          parts.logger.warn({ request_id: id, ...partialSuccess }, 'Spans were rejected.');
        }
        return imported;
      },
    );
  };
}
