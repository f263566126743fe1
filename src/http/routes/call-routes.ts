import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { TObject, TSchema } from 'typebox';
import type { CallRequest } from '../../contract/call.ts';
import { versionQuery } from '../../contract/file.ts';
import type { KindRuntime, RunnableKind } from '../../runtime/kinds/runtime-parts.ts';
import { startRun } from '../../runtime/runs/start-run.ts';
import { acceptedOr, nameOperations } from '../document/openapi.ts';
import { readerSignal } from '../server/event-stream.ts';
import { readInlineSpec } from './inline-spec.ts';
import { type RunWire, sendAccepted, sendRun, wantsAnswerLater } from './run-response.ts';

/** How the versions of a kind are called. */
export interface CallForm {
  readonly runnable: RunnableKind;
  readonly request: TObject;
  readonly response: TSchema;
  readonly wire: RunWire;
}

/** Runs a version. */
export function callRoutes(
  runtime: KindRuntime,
  { runnable, request, response, wire }: CallForm,
): FastifyPluginAsyncTypebox {
  const operation = nameOperations(runnable.kind);
  return async (app) => {
    app.post(
      '/call',
      {
        config: { run: 'new' },
        schema: {
          ...operation('call'),
          querystring: versionQuery,
          body: request,
          ...acceptedOr(response),
        },
      },
      async (request, reply) => {
        const {
          caller: { workspace },
          query,
        } = request;
        const body = request.body as CallRequest;
        const isAsync = wantsAnswerLater(request, body);
        const selector = { versionId: query.version_id, environment: query.environment };
        const { secrets } = runtime.parts;
        const inlineSpec = await readInlineSpec(workspace, secrets, runnable.kind, body);
        const called = { runnable, selector, inlineSpec };
        const gone = readerSignal(reply);
        // Refuse the request here or never: the status is fixed once a stream has started.
        const run = await startRun(runtime, workspace, called, body, gone);
        if (isAsync) return sendAccepted(reply, workspace, wire, run, body);
        return sendRun(reply, workspace, wire, run, body);
      },
    );
  };
}
