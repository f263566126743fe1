import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { promptCallRequest } from '../../contract/call.ts';
import { chatMessage } from '../../contract/chat.ts';
import { versionQuery } from '../../contract/file.ts';
import { logResponseProperties } from '../../contract/log.ts';
import { nullable } from '../../contract/nullable.ts';
import { providerName } from '../../contract/providers.ts';
import { time } from '../../contract/time.ts';
import { promptKind } from '../../files/kinds/prompt.ts';
import { getVersion } from '../../files/resolve-version.ts';
import { loadSnippets } from '../../files/snippets.ts';
import { populateTemplate } from '../../files/template/template.ts';
import { runnablePrompt } from '../../runtime/kinds/prompt.ts';
import { wholeFileBody } from '../../wire/file-bodies.ts';
import { fileSchema, logSchema, open } from '../document/components.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import type { HttpKind } from '../kind.ts';
import { bareEvents } from '../server/event-stream.ts';
import { promptCallBody, promptEventBody } from '../wire/prompt-call.ts';

const operation = nameOperations(promptKind);

const template = Type.Union([Type.String(), Type.Array(chatMessage)]);

/** One sample of a call of a prompt. */
const promptSample = Type.Object(
  {
    index: Type.Integer({ minimum: 0 }),
    created_at: time,
    provider: nullable(providerName),
    model: nullable(Type.String({ description: 'The model that answered.' })),
    ...Type.Pick(Type.Object(logResponseProperties), [
      'output',
      'output_message',
      'error',
      'prompt_tokens',
      'reasoning_tokens',
      'output_tokens',
      'prompt_cost',
      'output_cost',
      'finish_reason',
      'provider_latency',
    ]).properties,
  },
  { ...open, title: 'PromptCallLogResponse' },
);

/** Prompts in the API. */
export const httpPrompt: HttpKind<'prompt'> = {
  kind: promptKind,
  call: {
    runnable: runnablePrompt,
    request: promptCallRequest,
    response: Type.Ref('PromptCallResponse'),
    wire: {
      event: promptEventBody,
      brokenOff: (id, error) => ({ index: 0, id, output: '', error }),
      log: promptCallBody,
      form: bareEvents,
    },
  },
  routes,
  components: {
    PromptCallResponse: Type.Object(
      { ...logSchema(promptKind).properties, logs: Type.Array(promptSample) },
      open,
    ),
    PopulateTemplateResponse: Type.Object(
      { ...fileSchema(promptKind).properties, populated_template: nullable(template) },
      open,
    ),
  },
};

/** `populate`: fills in the template of a prompt without calling its model. */
function routes(): FastifyPluginAsyncTypebox {
  return async (app) => {
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
        const snippets = await loadSnippets(workspace, version);
        const populated_template = await populateTemplate(version.spec, body, {
          snippets,
          organizationId: workspace.organizationId,
        });
        return { ...(await wholeFileBody(workspace, version)), populated_template };
      },
    );
  };
}
