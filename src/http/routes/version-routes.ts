import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  aggregatesQuery,
  commitRequest,
  expectedVersionQuery,
  fileEnvironment,
  versionStatusQuery,
  versionUpdate,
} from '../../contract/file.ts';
import { withAggregates } from '../../evaluation/stats/evaluator-aggregates.ts';
import {
  deployVersion,
  listFileEnvironments,
  removeDeployment,
} from '../../files/deploy-version.ts';
import { deleteVersion, editVersion } from '../../files/edit-version.ts';
import type { FileKind } from '../../files/kind.ts';
import { getVersions } from '../../files/read-files.ts';
import { fileBodies, fileBodyGroups, wholeFileBody } from '../../wire/file-bodies.ts';
import { fileResponse } from '../document/components.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import { sendList } from '../server/send-list.ts';

const id = Type.String();
const ofFile = Type.Object({ id });
const ofVersion = Type.Object({ id, version_id: id });
const ofEnvironment = Type.Object({ id, environment_id: id });
const deployQuery = Type.Object({
  version_id: Type.String({ minLength: 1 }),
  ...expectedVersionQuery,
});

/** The versions of a file and their deployments, for every kind. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a list of routes, each of them short
export function versionRoutes(kind: FileKind): FastifyPluginAsyncTypebox {
  const operation = nameOperations(kind);
  const response = fileResponse(kind);
  const listQuery = Type.Object({
    ...aggregatesQuery,
    ...versionStatusQuery,
    ...kind.details?.versionsQuery,
  });

  // biome-ignore lint/complexity/noExcessiveLinesPerFunction: as above
  return async (app) => {
    app.get(
      '/:id/versions',
      {
        schema: {
          ...operation('list_versions'),
          params: ofFile,
          querystring: listQuery,
          ...answers(200, Type.Object({ records: Type.Array(response) })),
        },
      },
      async ({ caller: { workspace }, params, query }, reply) => {
        const versions = await getVersions(workspace, kind, params.id);
        // Every version is committed, so the lists of the other states are empty.
        const isListed = query.status === undefined || query.status === 'committed';
        return sendList(reply, {
          groups: fileBodyGroups(workspace, isListed ? versions : [], {
            query,
            finish: (bodies) => withAggregates(workspace, bodies, query),
          }),
          rest: () => ({}),
        });
      },
    );

    app.patch(
      '/:id/versions/:version_id',
      {
        schema: {
          ...operation('update_version'),
          params: ofVersion,
          body: versionUpdate,
          ...answers(200, response),
        },
      },
      async ({ caller: { workspace }, params, body }) => {
        const target = { fileId: params.id, versionId: params.version_id };
        const version = await editVersion(workspace, kind, target, {
          name: body.name ?? undefined,
          description: body.description ?? undefined,
        });
        return wholeFileBody(workspace, version);
      },
    );

    app.post(
      '/:id/versions/:version_id/commit',
      {
        schema: {
          ...operation('commit_version'),
          deprecated: true,
          params: ofVersion,
          body: commitRequest,
          ...answers(200, response),
        },
      },
      async ({ caller: { workspace }, params, body }) => {
        const target = { fileId: params.id, versionId: params.version_id };
        const details = { description: body.commit_message };
        return wholeFileBody(workspace, await editVersion(workspace, kind, target, details));
      },
    );

    app.delete(
      '/:id/versions/:version_id',
      {
        schema: { ...operation('delete_version'), params: ofVersion, ...answers(204, Type.Null()) },
      },
      async ({ caller: { workspace }, params }, reply) => {
        await deleteVersion(workspace, kind, { fileId: params.id, versionId: params.version_id });
        void reply.code(204);
        return null;
      },
    );

    app.get(
      '/:id/environments',
      {
        schema: {
          ...operation('list_environments'),
          params: ofFile,
          ...answers(200, Type.Array(fileEnvironment)),
        },
      },
      async ({ caller: { workspace }, params }) => {
        const environments = await listFileEnvironments(workspace, kind, params.id);
        const versions = environments.flatMap(({ deployed }) => deployed?.version ?? []);
        const files = (await fileBodies(workspace, versions)).values();
        return environments.map(({ environment, deployed }) => {
          if (!deployed) return environment;
          const { version, ...since } = deployed;
          return { ...environment, file: files.next().value, ...since };
        });
      },
    );

    app.post(
      '/:id/environments/:environment_id',
      {
        schema: {
          ...operation('deploy'),
          params: ofEnvironment,
          querystring: deployQuery,
          ...answers(200, response),
        },
      },
      async ({ caller: { workspace, scopes }, params, query }) => {
        const { id: fileId, environment_id: environment } = params;
        const expected = expectedVersion(query);
        const target = { fileId, environment, versionId: query.version_id, expected };
        const by = { isAdmin: scopes.has('admin') };
        const version = await deployVersion(workspace, kind, target, by);
        return wholeFileBody(workspace, version);
      },
    );

    app.delete(
      '/:id/environments/:environment_id',
      {
        schema: {
          ...operation('remove_deployment'),
          params: ofEnvironment,
          querystring: Type.Object(expectedVersionQuery),
          ...answers(204, Type.Null()),
        },
      },
      async ({ caller: { workspace, scopes }, params, query }, reply) => {
        const { id, environment_id: environment } = params;
        const by = { isAdmin: scopes.has('admin'), expected: expectedVersion(query) };
        await removeDeployment(workspace, kind, id, { environment, ...by });
        void reply.code(204);
        return null;
      },
    );
  };
}

/** What a request expects to be deployed: a version, null for none, undefined for anything. */
function expectedVersion({ expected_version_id: id }: { readonly expected_version_id?: string }) {
  return id === 'none' ? null : id;
}
