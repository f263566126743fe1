import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { promptCallRequest } from '../../contract/call.ts';
import { versionQuery } from '../../contract/file.ts';
import { promptKind } from '../../files/kinds/prompt.ts';
import { getVersion } from '../../files/resolve-version.ts';
import { snippetsOf } from '../../files/snippets.ts';
import { populateTemplate } from '../../files/template/template.ts';
import { runnablePrompt } from '../../runtime/kinds/prompt.ts';
import type { Runtime } from '../../runtime/runs/runtime.ts';
import { answers, operationsOf } from '../document/openapi.ts';
import { callRoutes } from '../routes/call-routes.ts';
import { promptWire } from '../routes/run-response.ts';
import { wholeFileBody } from '../wire/file-bodies.ts';

const operation = operationsOf(promptKind);

/** Calls of prompts, and what prompts alone have. */
export function promptRoutes(runtime: Runtime): FastifyPluginAsyncTypebox {
  return async (app) => {
    await app.register(
      callRoutes(runtime, {
        runnable: runnablePrompt,
        request: promptCallRequest,
        response: Type.Ref('PromptCallResponse'),
        wire: promptWire,
      }),
    );

    app.post(
      '/:id/populate',
      {
        schema: {
          ...operation('populate'),
          params: Type.Object({ id: Type.String() }),
          querystring: versionQuery,
          body: Type.Record(Type.String(), Type.Unknown(), {
            description: 'The inputs: a value for each variable of the template.',
          }),
          ...answers(200, Type.Ref('PopulateTemplateResponse')),
        },
      },
      async ({ caller: { workspace }, params: { id }, query, body }) => {
        const version = await getVersion(workspace, promptKind, id, {
          versionId: query.version_id,
          environment: query.environment,
        });
        const snippets = await snippetsOf(workspace, version);
        const populated_template = populateTemplate(version.spec, body, snippets);
        return { ...(await wholeFileBody(workspace, version)), populated_template };
      },
    );
  };
}
