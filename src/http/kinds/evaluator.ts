import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { versionQuery } from '../../contract/file.ts';
import { evaluatorCallRequest } from '../../contract/kinds/evaluator.ts';
import { evaluatorKind } from '../../files/kinds/evaluator.ts';
import { callEvaluator } from '../../runtime/kinds/evaluator/call-evaluator.ts';
import type { KindRuntime } from '../../runtime/kinds/runtime-parts.ts';
import { logResponse } from '../document/components.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import type { HttpKind } from '../kind.ts';
import { readInlineSpec } from '../routes/inline-spec.ts';
import { fullLogBody, wireWithoutEvents } from '../routes/run-response.ts';
import { readerSignal } from '../server/event-stream.ts';

const operation = nameOperations(evaluatorKind);

/** Evaluators in the API. */
export const httpEvaluator: HttpKind<'evaluator'> = {
  kind: evaluatorKind,
  runWire: wireWithoutEvents,
  routes,
};

/** `call`: judges a log at once, and stores the judgment on request. */
function routes({ parts }: KindRuntime): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/call',
      {
        schema: {
          ...operation('call'),
          querystring: versionQuery,
          body: evaluatorCallRequest,
          ...answers(200, logResponse(evaluatorKind)),
        },
      },
      async ({ caller: { workspace }, query, body }, reply) => {
        const selector = {
          versionId: query.version_id ?? body.version_id ?? undefined,
          environment: query.environment ?? body.environment ?? undefined,
        };
        const inlineSpec = await readInlineSpec(workspace, parts.secrets, evaluatorKind, body);
        const called = { selector, inlineSpec };
        const log = await callEvaluator(parts, workspace, called, body, readerSignal(reply));
        return fullLogBody(workspace, log, { withTrace: false, withJudgments: false });
      },
    );
  };
}
