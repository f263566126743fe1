import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { Type } from 'typebox';
import type { Callers } from '../../accounts/callers.ts';
import { isClaimed, setUp } from '../../accounts/first-start/claim.ts';
import { listKeys } from '../../accounts/keys/manage-keys.ts';
import { readMe } from '../../accounts/me.ts';
import {
  acceptInvitation,
  readInvitation,
  readReset,
  resetPassword,
} from '../../accounts/sign-in/by-link.ts';
import { endSession } from '../../accounts/sign-in/own-account.ts';
import { type From, type SignInParts, signIn } from '../../accounts/sign-in/sign-in.ts';
import { meResponse } from '../../contract/me.ts';
import {
  invitationAcceptance,
  openInvitation,
  openReset,
  passwordReset,
  setupRequest,
  setupResponse,
  signInRequest,
  signInState,
} from '../../contract/sign-in.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import type { Credentials } from '../server/authenticate.ts';
import { networkOf } from '../server/door.ts';
import type { LinkUrl } from '../server/link-url.ts';
import { refuseOtherSites } from '../server/same-origin.ts';
import { madeKeyBody } from '../wire/accounts.ts';
import { meBody } from '../wire/me.ts';

const operation = nameOperations({ collection: 'auth' });
const params = Type.Object({
  token: Type.String({ description: 'What follows `#` in the link.' }),
});

/** Whoever is not signed in yet: `/v5/auth`. The answers set the cookie of the session. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a list of routes, each of them short
export function signInRoutes(
  parts: SignInParts,
  credentials: Credentials,
  urlOf: LinkUrl,
): FastifyPluginAsyncTypebox {
  const { callers, cookie, door, publicUrl } = credentials;

  /** Makes the cookie hold a new session, and ends the one that it held. */
  async function enter(request: FastifyRequest, reply: FastifyReply, token: string) {
    await leave(request, credentials);
    cookie.set(request, reply, token);
    const caller = await callers.bySession(token);
    return { caller, me: meBody(await readMe(caller), urlOf(request, '')) };
  }

  return async (app) => {
    app.addHook('onRequest', async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      if (request.method !== 'GET') refuseOtherSites(request, publicUrl);
    });

    await app.register(stateRoute(parts.database, door.page));
    await app.register(resetLinkRoute(parts.database, door));

    app.post(
      '/sign-in',
      { schema: { ...operation('sign_in'), body: signInRequest, ...answers(200, meResponse) } },
      async (request, reply) => {
        const token = await signIn(parts, request.body, from(request));
        return (await enter(request, reply, token)).me;
      },
    );

    app.post(
      '/sign-out',
      { schema: { ...operation('sign_out'), ...answers(204, Type.Null()) } },
      async (request, reply) => {
        await leave(request, credentials);
        cookie.clear(request, reply);
        void reply.code(204);
        return null;
      },
    );

    app.get(
      '/invitation/:token',
      { schema: { ...operation('get_invitation'), params, ...answers(200, openInvitation) } },
      async (request) => {
        const noteRight = door.tryKey(request);
        const invitation = await readInvitation(parts.database, request.params.token);
        noteRight();
        const { member, organizationName, expiresAt } = invitation;
        const { email_address, role } = member;
        const organization = { name: organizationName };
        return { organization, email_address, role, expires_at: expiresAt };
      },
    );

    app.post(
      '/invitation/:token',
      {
        schema: {
          ...operation('accept_invitation'),
          params,
          body: invitationAcceptance,
          ...answers(200, meResponse),
        },
      },
      async (request, reply) => {
        const { params, body } = request;
        const noteRight = door.tryKey(request);
        const token = await acceptInvitation(parts, params.token, body, from(request));
        noteRight();
        return (await enter(request, reply, token)).me;
      },
    );

    app.post(
      '/reset/:token',
      {
        schema: {
          ...operation('reset_password'),
          params,
          body: passwordReset,
          ...answers(200, meResponse),
        },
      },
      async (request, reply) => {
        const { params, body } = request;
        const noteRight = door.tryKey(request);
        const token = await resetPassword(parts, params.token, body, from(request));
        noteRight();
        callers.changed();
        return (await enter(request, reply, token)).me;
      },
    );

    app.post(
      '/setup',
      { schema: { ...operation('set_up'), body: setupRequest, ...answers(201, setupResponse) } },
      async (request, reply) => {
        const noteRight = door.tryKey(request);
        const { token, apiKey } = await setUp(parts, request.body, from(request));
        noteRight();
        const { caller, me } = await enter(request, reply, token);
        const [stored] = await listKeys({ ...caller, scopes: new Set() });
        void reply.code(201);
        return { ...me, ...(stored ? { api_key: madeKeyBody({ stored, key: apiKey }) } : {}) };
      },
    );
  };
}

/** Tells who is not signed in whether anybody can be. */
function stateRoute(
  database: SignInParts['database'],
  limit: onRequestAsyncHookHandler,
): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/',
      { onRequest: limit, schema: { ...operation('get'), ...answers(200, signInState) } },
      async () => ({ claimed: await isClaimed(database) }),
    );
  };
}

/** Tells whom a link for a new password is for. */
function resetLinkRoute(
  database: SignInParts['database'],
  door: Credentials['door'],
): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/reset/:token',
      { schema: { ...operation('get_reset'), params, ...answers(200, openReset) } },
      async (request) => {
        const noteRight = door.tryKey(request);
        const reset = await readReset(database, request.params.token);
        noteRight();
        return reset;
      },
    );
  };
}

/** Ends the session that the cookie of a request holds, if it does. */
async function leave(
  request: FastifyRequest,
  { cookie, callers, door }: Pick<Credentials, 'cookie' | 'callers' | 'door'>,
): Promise<void> {
  const token = cookie.read(request);
  if (token === undefined) return;
  const caller = await knownCaller(callers, token, () => door.tryKey(request));
  if (!caller) return;
  await endSession(caller.workspace, caller.id);
  callers.changed();
}

async function knownCaller(callers: Callers, token: string, trySecret: () => () => void) {
  try {
    return await callers.bySession(token, trySecret);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'unauthenticated') return undefined;
    throw error;
  }
}

function from({ ip, headers }: FastifyRequest): From {
  return { address: networkOf(ip), userAgent: headers['user-agent'] };
}
