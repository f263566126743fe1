import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { requiresPathOrId } from '../../contract/checked-by-code.ts';
import { upsertProperties } from '../../contract/file.ts';
import type { FileKind } from '../../files/kind.ts';
import { specToStore } from '../../files/spec-to-store.ts';
import { type StoreRequest, upsertVersion } from '../../files/upsert-version.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import { wholeFileBody } from '../../wire/file-bodies.ts';
import { fileResponse } from '../document/components.ts';
import { answers, nameOperations } from '../document/openapi.ts';

/** Stores a version, for kinds whose versions consist of their specs. */
export function upsertRoutes(kind: FileKind, secrets: SecretBox): FastifyPluginAsyncTypebox {
  const operation = nameOperations(kind);
  const upsertBody = Type.Object(
    { ...upsertProperties, ...kind.spec.properties },
    requiresPathOrId,
  );

  return async (app) => {
    app.post(
      '/',
      {
        schema: { ...operation('upsert'), body: upsertBody, ...answers(200, fileResponse(kind)) },
      },
      async ({ caller: { workspace }, body: given }) => {
        const body = given as Readonly<Record<string, unknown>> & UpsertBody;
        const spec = await specToStore(workspace, secrets, kind, body, body);
        const request = { ...readStoreRequest(body), spec };
        const version = await upsertVersion(workspace, kind, request);
        return wholeFileBody(workspace, version);
      },
    );
  };
}

/** The part of an upsert that all kinds share. */
export function readStoreRequest(body: UpsertBody): StoreRequest {
  return {
    path: body.path,
    id: body.id,
    versionName: body.version_name ?? undefined,
    versionDescription: body.version_description ?? undefined,
    description: body.description ?? undefined,
    tags: body.tags ?? undefined,
    readme: body.readme ?? undefined,
  };
}

/** The body with {@link upsertProperties}, of any kind. */
interface UpsertBody {
  readonly path?: string | null;
  readonly id?: string | null;
  readonly version_name?: string | null;
  readonly version_description?: string | null;
  readonly description?: string | null;
  readonly tags?: string[] | null;
  readonly readme?: string | null;
}
