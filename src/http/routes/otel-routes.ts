import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { importedTraces, otelTraces } from '../../contract/otel-traces.ts';
import { importTraces } from '../../otel/import-traces.ts';
import type { RuntimeParts } from '../../runtime/kinds/runtime-parts.ts';
import { answers } from '../document/openapi.ts';
import { parseJsonBody } from '../server/json-body.ts';

/** Receives the spans of the decorators of v5 clients. */
export function otelRoutes(parts: RuntimeParts, bodyValues: number): FastifyPluginAsyncTypebox {
  return async (app) => {
    // Any content type: these clients send JSON as `text/plain`, or without a type.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      '*',
      { parseAs: 'buffer' },
      async (request: FastifyRequest, body: Buffer) => parseJsonBody(request, body, bodyValues),
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
          // Log this, because these clients ignore `partialSuccess`.
          parts.logger.warn({ request_id: id, ...partialSuccess }, 'Spans were rejected.');
        }
        return imported;
      },
    );
  };
}
