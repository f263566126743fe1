import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { spanResponse, spansQuery, spansResponse } from '../../contract/spans.ts';
import { listSpans } from '../../logs/spans/list-spans.ts';
import { readSpan } from '../../logs/spans/read-span.ts';
import { answers } from '../document/openapi.ts';
import { spanBody } from '../wire/span.ts';

/** The parts of a trace: without their payloads by page, and with them one by one. */
export const spanRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/:log_id/spans',
    {
      schema: {
        operationId: 'logs_spans',
        tags: ['logs'],
        params: Type.Object({ log_id: Type.String() }),
        querystring: spansQuery,
        ...answers(200, spansResponse),
      },
    },
    async ({ caller: { workspace }, params: { log_id: logId }, query }) => {
      const { size, cursor, since } = query;
      const page = await listSpans(workspace, logId, { size, cursor, since });
      const { spans, nextCursor, changes, isOpen } = page;
      return { spans, next_cursor: nextCursor, changes, is_open: isOpen };
    },
  );

  app.get(
    '/:log_id/spans/:span_id',
    {
      schema: {
        operationId: 'logs_span',
        tags: ['logs'],
        params: Type.Object({ log_id: Type.String(), span_id: Type.String() }),
        ...answers(200, spanResponse),
      },
    },
    async ({ caller: { workspace }, params: { log_id: logId, span_id: id } }) =>
      spanBody(workspace, id, await readSpan(workspace, logId, id)),
  );
};
