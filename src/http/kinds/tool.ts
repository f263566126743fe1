import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { toolCallRequest } from '../../contract/call.ts';
import { toolVariableList } from '../../contract/tool-variables.ts';
import { toolKind } from '../../files/kinds/tool.ts';
import {
  removeToolVariable,
  setToolVariables,
  showToolVariables,
} from '../../files/secrets/tool-variables.ts';
import type { KindRuntime } from '../../runtime/kinds/runtime-parts.ts';
import { runnableTool } from '../../runtime/kinds/tool.ts';
import { logResponse } from '../document/components.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import type { HttpKind } from '../kind.ts';
import { wireWithoutEvents } from '../routes/run-response.ts';

const operation = nameOperations(toolKind);
const params = Type.Object({ id: Type.String() });

/** Tools in the API. Their calls have no streams. */
export const httpTool: HttpKind<'tool'> = {
  kind: toolKind,
  call: {
    runnable: runnableTool,
    request: toolCallRequest,
    response: logResponse(toolKind),
    wire: wireWithoutEvents,
  },
  routes,
};

/** Environment variables for the code of a tool. */
function routes({ parts: { secrets } }: KindRuntime): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/:id/environment-variables',
      {
        schema: {
          ...operation('get_environment_variables'),
          params,
          ...answers(200, toolVariableList),
        },
      },
      async ({ caller: { workspace }, params: { id } }) =>
        showToolVariables(workspace, secrets, id),
    );

    app.post(
      '/:id/environment-variables',
      {
        schema: {
          ...operation('add_environment_variable'),
          params,
          body: toolVariableList,
          ...answers(200, toolVariableList),
        },
      },
      async ({ caller: { workspace }, params: { id }, body }) =>
        setToolVariables(workspace, secrets, id, body),
    );

    app.delete(
      '/:id/environment-variables/:name',
      {
        schema: {
          ...operation('delete_environment_variable'),
          params: Type.Object({ ...params.properties, name: Type.String() }),
          ...answers(200, toolVariableList),
        },
      },
      async ({ caller: { workspace }, params: { id, name } }) =>
        removeToolVariable(workspace, secrets, id, name),
    );
  };
}
