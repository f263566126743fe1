import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { versionQuery } from '../contract/file.ts';
import {
  agentLogCreated,
  agentLogRequest,
  agentLogResponse,
  agentLogUpdate,
  logListQuery,
} from '../contract/log.ts';
import { fileNotFound } from '../files/errors.ts';
import { findFile, findVersionsById } from '../files/file-queries.ts';
import { agentKind } from '../files/kinds/agent.ts';
import { requireFile } from '../files/resolve-version.ts';
import { getLog, listLogs, removeLogs } from '../logs/read-logs.ts';
import type { AgentRuntime } from '../runtime/agent-runtime.ts';
import { changeLog, recordLog } from '../runtime/record-log.ts';
import { versioned } from '../runtime/stored-run.ts';
import { withAgentSpec } from './inline-spec.ts';
import { answers } from './openapi.ts';
import { fullLogBody, traceOf } from './run-response.ts';
import { logBody } from './wire/log.ts';

/** Recording runs of agents that were made elsewhere, and changing their logs. */
export function agentLogRoutes({ parts }: AgentRuntime): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/log',
      {
        schema: {
          operationId: 'agents_log',
          tags: ['agents'],
          querystring: versionQuery,
          body: agentLogRequest,
          ...answers(200, agentLogCreated),
        },
      },
      async ({ caller: { workspace }, query, body }) => {
        const selector = { versionId: query.version_id, environment: query.environment };
        const request = await withAgentSpec(workspace, body);
        const log = await recordLog(parts, workspace, agentKind, selector, request);
        return {
          id: log.id,
          agent_id: log.file_id,
          version_id: log.version_id,
          log_status: log.log_status,
        };
      },
    );

    app.patch(
      '/:id/log/:log_id',
      {
        schema: {
          operationId: 'agents_update_log',
          tags: ['agents'],
          params: Type.Object({ id: Type.String(), log_id: Type.String() }),
          body: agentLogUpdate,
          ...answers(200, agentLogResponse),
        },
      },
      async ({ caller: { workspace }, params, body }) => {
        await requireFile(workspace, agentKind, params.id);
        const target = { kind: agentKind, fileId: params.id, logId: params.log_id };
        const log = await changeLog(parts, workspace, target, body);
        return fullLogBody(workspace, log, { withTrace: false });
      },
    );
  };
}

/** Logs of all kinds, by file or by id. */
export const logRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      schema: {
        operationId: 'logs_list',
        tags: ['logs'],
        querystring: logListQuery,
        ...answers(
          200,
          Type.Object({
            records: Type.Array(agentLogResponse),
            page: Type.Integer(),
            size: Type.Integer(),
            total: Type.Integer(),
          }),
        ),
      },
    },
    async ({ caller: { workspace }, query }) => {
      const { file_id: fileId, page, size } = query;
      const file = await findFile(workspace, { by: 'id', value: fileId });
      if (!file) throw fileNotFound(fileId);
      const { views, total } = await listLogs(workspace, {
        fileId,
        versionId: query.version_id,
        page,
        size,
      });
      const versions = await findVersionsById(
        workspace,
        views.map(({ record }) => record.version_id),
      );
      const ids = views.map(({ record }) => record.id);
      const trace = query.include_trace_children ? await traceOf(workspace, ids) : undefined;
      const records = views.flatMap((view) => {
        const version = versions.get(view.record.version_id);
        return version ? [logBody({ view, version }, { trace })] : [];
      });
      return { records, page, size, total };
    },
  );

  app.get(
    '/:id',
    {
      schema: {
        operationId: 'logs_get',
        tags: ['logs'],
        params: Type.Object({ id: Type.String() }),
        ...answers(200, agentLogResponse),
      },
    },
    async ({ caller: { workspace }, params: { id } }) => {
      const log = await versioned(workspace, await getLog(workspace, id));
      return fullLogBody(workspace, log, { withTrace: true, rawTurns: true });
    },
  );

  app.delete(
    '/',
    {
      schema: {
        operationId: 'logs_delete',
        tags: ['logs'],
        querystring: Type.Object({
          id: Type.Array(Type.String(), { minItems: 1, maxItems: 1_000 }),
        }),
        ...answers(204, Type.Null()),
      },
    },
    async ({ caller: { workspace }, query }, reply) => {
      await removeLogs(workspace, query.id);
      return reply.code(204).send();
    },
  );
};
