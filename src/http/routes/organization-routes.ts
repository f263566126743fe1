import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Callers } from '../../accounts/callers.ts';
import {
  deleteOrganization,
  readOrganization,
  rename,
} from '../../accounts/members/organization.ts';
import { organizationChange, organizationResponse } from '../../contract/members.ts';
import { answers, nameOperations } from '../document/openapi.ts';

const operation = nameOperations({ collection: 'organization' });

/** The organization of the key or session: `/v5/organization`. */
export function organizationRoutes(callers: Callers): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/',
      { schema: { ...operation('get'), ...answers(200, organizationResponse) } },
      async ({ caller }) => readOrganization(caller.workspace),
    );

    app.patch(
      '/',
      {
        schema: {
          ...operation('update'),
          body: organizationChange,
          ...answers(200, organizationResponse),
        },
      },
      async ({ caller, body }) => rename(caller.workspace, body.name),
    );

    app.delete(
      '/',
      {
        // Its answer would be kept among what it deletes.
        config: { unkeyed: true },
        schema: {
          ...operation('delete'),
          querystring: Type.Object({
            name: Type.String({
              description: 'The name of the organization, so that it is meant.',
            }),
          }),
          ...answers(204, Type.Null()),
        },
      },
      async ({ caller, query }, reply) => {
        await deleteOrganization(caller, query.name);
        callers.changed();
        void reply.code(204);
        return null;
      },
    );
  };
}
