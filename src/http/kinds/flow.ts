import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { flowLogUpdate } from '../../contract/kinds/flow.ts';
import { flowKind } from '../../files/kinds/flow.ts';
import { changeLog } from '../../logs/change-log.ts';
import type { KindRuntime } from '../../runtime/kinds/runtime-parts.ts';
import { logResponse } from '../document/components.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import type { HttpKind } from '../kind.ts';
import { fullLogBody } from '../routes/run-response.ts';

const operation = nameOperations(flowKind);

/** Flows in the API. */
export const httpFlow: HttpKind<'flow'> = { kind: flowKind, routes, replaces: ['update_log'] };

/** Logs of flows are changed by log id, without the id of the flow. */
function routes({ parts }: KindRuntime): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.patch(
      '/logs/:log_id',
      {
        schema: {
          ...operation('update_log'),
          params: Type.Object({ log_id: Type.String() }),
          body: flowLogUpdate,
          ...answers(200, logResponse(flowKind)),
        },
      },
      async ({ caller: { workspace }, params, body }) => {
        const target = { kind: flowKind, logId: params.log_id };
        const log = await changeLog(parts, workspace, target, body);
        return fullLogBody(workspace, log, { withTrace: false });
      },
    );
  };
}
