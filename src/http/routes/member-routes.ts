import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Caller, Callers } from '../../accounts/callers.ts';
import type { Member } from '../../accounts/members/member-queries.ts';
import {
  changeRole,
  getMember,
  listMembers,
  removeMember,
} from '../../accounts/members/members.ts';
import { makeResetLink } from '../../accounts/sign-in/own-account.ts';
import { memberResponse, newLink, roleChange } from '../../contract/members.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import type { LinkUrl } from '../server/link-url.ts';
import { memberBody } from '../wire/accounts.ts';

const operation = nameOperations({ collection: 'members' });
const params = Type.Object({ id: Type.String() });

/** The people of an organization: `/v5/members`. */
export function memberRoutes(callers: Callers, urlOf: LinkUrl): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/',
      { schema: { ...operation('list'), ...answers(200, Type.Array(memberResponse)) } },
      async ({ caller }) =>
        (await listMembers(caller.workspace)).map((member) => seenBy(caller, member)),
    );

    app.get(
      '/:id',
      { schema: { ...operation('get'), params, ...answers(200, memberResponse) } },
      async ({ caller, params: { id } }) => seenBy(caller, await getMember(caller.workspace, id)),
    );

    app.patch(
      '/:id',
      {
        schema: {
          ...operation('update'),
          params,
          body: roleChange,
          ...answers(200, memberResponse),
        },
      },
      async ({ caller, params: { id }, body }) => {
        const member = await changeRole(caller, id, body.role);
        callers.changed();
        return seenBy(caller, member);
      },
    );

    app.delete(
      '/:id',
      { schema: { ...operation('delete'), params, ...answers(204, Type.Null()) } },
      async ({ caller, params: { id } }, reply) => {
        await removeMember(caller, id);
        callers.changed();
        void reply.code(204);
        return null;
      },
    );

    app.post(
      '/:id/reset',
      {
        config: { unkeyed: true },
        schema: { ...operation('reset'), params, ...answers(201, newLink) },
      },
      async (request, reply) => {
        const { path, expiresAt } = await makeResetLink(request.caller, request.params.id);
        void reply.code(201);
        return { url: urlOf(request, path), expires_at: expiresAt };
      },
    );
  };
}

/** Email addresses are for those who manage members, and for their owners. */
function seenBy({ scopes, workspace }: Caller, member: Member) {
  return memberBody(member, scopes.has('admin') || member.id === workspace.memberId);
}
