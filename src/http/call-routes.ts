import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { TObject, TSchema } from 'typebox';
import type { CallRequest } from '../contract/call.ts';
import { versionQuery } from '../contract/file.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { type Runnable, startRun } from '../runtime/start-run.ts';
import { readerSignal } from './event-stream.ts';
import { inlineSpecOf } from './inline-spec.ts';
import { answers, operationsOf } from './openapi.ts';
import { type RunWire, sendRun } from './run-response.ts';

/** How the versions of a kind are called. */
export interface CallForm {
  readonly runnable: Runnable;
  readonly request: TObject;
  readonly response: TSchema;
  readonly wire: RunWire;
}

/** Running a version. */
export function callRoutes(
  runtime: Runtime,
  { runnable, request, response, wire }: CallForm,
): FastifyPluginAsyncTypebox {
  const operation = operationsOf(runnable.kind);
  return async (app) => {
    app.post(
      '/call',
      {
        schema: {
          ...operation('call'),
          querystring: versionQuery,
          body: request,
          ...answers(200, response),
        },
      },
      async ({ caller: { workspace }, query, body: given }, reply) => {
        const body = given as CallRequest;
        const selector = { versionId: query.version_id, environment: query.environment };
        const { secrets } = runtime.parts;
        const inlineSpec = await inlineSpecOf(workspace, secrets, runnable.kind, body);
        const called = { selector, inlineSpec };
        const gone = readerSignal(reply);
        // Everything that can still become a 4xx happens here, before the first byte.
        const run = await startRun(runtime, workspace, runnable, called, body, gone);
        return sendRun(reply, workspace, wire, run, body);
      },
    );
  };
}
