import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { versionQuery } from '../../contract/file.ts';
import { statusProperties } from '../../contract/log.ts';
import type { FileKind, LogForm } from '../../files/kind.ts';
import { requireFile } from '../../files/resolve-version.ts';
import { changeLog } from '../../logs/change-log.ts';
import type { LogRecord } from '../../logs/log-record.ts';
import { recordLog } from '../../logs/record-log.ts';
import type { RuntimeParts } from '../../runtime/kinds/runtime-parts.ts';
import { createdStatus } from '../../wire/log.ts';
import { logResponse } from '../document/components.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import { isSdk } from '../server/sdk-client.ts';
import { readInlineSpec } from './inline-spec.ts';
import { fullLogBody } from './run-response.ts';

/** Records runs of your own code, and changes their logs, for kinds that have logs. */
export function logRoutes(
  kind: FileKind,
  form: LogForm,
  parts: RuntimeParts,
): FastifyPluginAsyncTypebox {
  const operation = nameOperations(kind);
  const { request, update } = form;

  return async (app) => {
    app.post(
      '/log',
      {
        schema: {
          ...operation('log'),
          querystring: versionQuery,
          body: request,
          ...answers(200, logCreated(kind, form)),
        },
      },
      async ({ caller: { workspace, keyId }, query, body, headers }) => {
        const selector = { versionId: query.version_id, environment: query.environment };
        const inlineSpec = await readInlineSpec(workspace, parts.secrets, kind, body);
        const sdkKeyId = isSdk(headers) ? keyId : null;
        const version = { selector, inlineSpec, sdkKeyId };
        const log = await recordLog(parts, workspace, kind, version, body);
        return createdBody(kind, form, log);
      },
    );

    if (!update) return;
    app.patch(
      '/:id/log/:log_id',
      {
        schema: {
          ...operation('update_log'),
          params: Type.Object({ id: Type.String(), log_id: Type.String() }),
          body: update,
          ...answers(200, logResponse(kind)),
        },
      },
      async ({ caller: { workspace }, params, body }) => {
        await requireFile(workspace, kind, params.id);
        const target = { kind, fileId: params.id, logId: params.log_id };
        const log = await changeLog(parts, workspace, target, body);
        return fullLogBody(workspace, log, { withTrace: false });
      },
    );
  };
}

/**
 * The answer to a new log: the ids of the log and its file or, for a judgment, of the judged log.
 */
function logCreated({ type }: FileKind, { isJudgment }: LogForm) {
  return Type.Object(
    {
      id: Type.String(),
      [isJudgment ? 'parent_id' : `${type}_id`]: Type.String(),
      version_id: Type.String(),
      ...statusProperties,
    },
    { additionalProperties: true },
  );
}

function createdBody({ type }: FileKind, form: LogForm, log: LogRecord): Record<string, unknown> {
  return {
    id: log.id,
    [`${type}_id`]: log.file_id,
    ...(log.parent_id === null ? {} : { parent_id: log.parent_id }),
    version_id: log.version_id,
    ...createdStatus(form, log.log_status),
  };
}
