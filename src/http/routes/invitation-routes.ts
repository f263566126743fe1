import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { NewLink } from '../../accounts/links/links.ts';
import {
  invite,
  listInvitations,
  renewInvitation,
  withdrawInvitation,
} from '../../accounts/members/invitations.ts';
import { invitationRequest, invitationResponse, newInvitation } from '../../contract/members.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import type { LinkUrl } from '../server/link-url.ts';
import { invitationBody } from '../wire/accounts.ts';

const operation = nameOperations({ collection: 'invitations' });
const params = Type.Object({ id: Type.String() });

/** Links with which people become members: `/v5/invitations`. No mail is sent. */
export function invitationRoutes(urlOf: LinkUrl): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/',
      { schema: { ...operation('list'), ...answers(200, Type.Array(invitationResponse)) } },
      async ({ caller }) => (await listInvitations(caller.workspace)).map(invitationBody),
    );

    app.post(
      '/',
      {
        config: { unkeyed: true },
        schema: { ...operation('create'), body: invitationRequest, ...answers(201, newInvitation) },
      },
      async (request, reply) => {
        const link = await invite(request.caller, request.body);
        void reply.code(201);
        return newInvitationBody(link, urlOf(request, link.path));
      },
    );

    app.post(
      '/:id/renew',
      {
        config: { unkeyed: true },
        schema: { ...operation('renew'), params, ...answers(200, newInvitation) },
      },
      async (request) => {
        const link = await renewInvitation(request.caller, request.params.id);
        return newInvitationBody(link, urlOf(request, link.path));
      },
    );

    app.delete(
      '/:id',
      { schema: { ...operation('delete'), params, ...answers(204, Type.Null()) } },
      async ({ caller, params: { id } }, reply) => {
        await withdrawInvitation(caller, id);
        void reply.code(204);
        return null;
      },
    );
  };
}

function newInvitationBody({ id, expiresAt }: NewLink, url: string) {
  return { id, url, expires_at: expiresAt };
}
