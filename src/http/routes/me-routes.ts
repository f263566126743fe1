import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Callers } from '../../accounts/callers.ts';
import { readMe } from '../../accounts/me.ts';
import {
  changeOwnAccount,
  endSession,
  listOwnSessions,
} from '../../accounts/sign-in/own-account.ts';
import type { Passwords } from '../../accounts/sign-in/passwords.ts';
import { meResponse, ownAccountChange, sessionResponse } from '../../contract/me.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import type { LinkUrl } from '../server/link-url.ts';
import { meBody } from '../wire/me.ts';

const operation = nameOperations({ collection: 'me' });

/** Who makes a request: `/v5/me`. */
export function meRoutes(
  { callers, passwords }: { readonly callers: Callers; readonly passwords: Passwords },
  urlOf: LinkUrl,
): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/',
      { schema: { ...operation('get'), ...answers(200, meResponse) } },
      async (request) => meBody(await readMe(request.caller), urlOf(request, '')),
    );

    app.patch(
      '/',
      {
        config: { unkeyed: true },
        schema: { ...operation('update'), body: ownAccountChange, ...answers(200, meResponse) },
      },
      async (request) => {
        await changeOwnAccount(passwords, request.caller, request.body);
        callers.changed();
        return meBody(await readMe(request.caller), urlOf(request, ''));
      },
    );

    app.get(
      '/sessions',
      { schema: { ...operation('list_sessions'), ...answers(200, Type.Array(sessionResponse)) } },
      async ({ caller }) =>
        (await listOwnSessions(caller.workspace)).map((session) => ({
          ...session,
          current: session.id === caller.id,
        })),
    );

    app.delete(
      '/sessions/:id',
      {
        schema: {
          ...operation('end_session'),
          params: Type.Object({ id: Type.String() }),
          ...answers(204, Type.Null()),
        },
      },
      async ({ caller, params: { id } }, reply) => {
        await endSession(caller.workspace, id);
        callers.changed();
        void reply.code(204);
        return null;
      },
    );
  };
}
