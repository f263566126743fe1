import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { monitoringUpdate } from '../../contract/monitoring.ts';
import type { FileKind } from '../../files/kind.ts';
import { updateMonitoring } from '../../files/monitoring.ts';
import { getVersion } from '../../files/resolve-version.ts';
import { wholeFileBody } from '../../wire/file-bodies.ts';
import { fileResponse } from '../document/components.ts';
import { answers, nameOperations } from '../document/openapi.ts';

/** Sets the evaluators that monitor the logs of a file, for kinds that have logs. */
export function monitoringRoutes(kind: FileKind): FastifyPluginAsyncTypebox {
  const operation = nameOperations(kind);

  return async (app) => {
    app.post(
      '/:id/evaluators',
      {
        schema: {
          ...operation('update_monitoring'),
          params: Type.Object({ id: Type.String() }),
          body: monitoringUpdate,
          ...answers(200, fileResponse(kind)),
        },
      },
      async ({ caller: { workspace }, params: { id }, body }) => {
        await updateMonitoring(workspace, kind, id, body);
        return wholeFileBody(workspace, await getVersion(workspace, kind, id, {}));
      },
    );
  };
}
