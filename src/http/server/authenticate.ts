import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller, Callers } from '../../accounts/callers.ts';
import { requireAllowed, ruleOfRequest } from './authorize.ts';
import type { Door } from './door.ts';
import { readerSignal } from './event-stream.ts';
import { requireSameOrigin } from './same-origin.ts';
import type { SessionCookie } from './session-cookie.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who makes the request; set before any handler runs of a route that is not open. */
    caller: Caller;
  }
}

/** What tells who makes a request. */
export interface Credentials {
  readonly callers: Callers;
  readonly door: Door;
  readonly cookie: SessionCookie;
  readonly publicUrl: string | undefined;
}

/**
 * A hook that finds the caller of a request, and requires what the rule of the route asks for. A key,
 * as `X-API-KEY` or bearer token, is looked at alone; without one, the session of a browser counts.
 */
export function authenticateWith(credentials: Credentials) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const rule = ruleOfRequest(request);
    if (rule.caller === 'none') return;
    const onlyReads = request.method === 'GET' || request.method === 'HEAD';
    const caller = await callerOf(request, credentials, onlyReads);
    credentials.door.requireRoom(caller.id);
    requireAllowed(rule, caller);
    request.caller = onlyReads ? caller.reading(readerSignal(reply)) : caller;
  };
}

async function callerOf(
  request: FastifyRequest,
  { callers, door, cookie, publicUrl }: Credentials,
  onlyReads: boolean,
): Promise<Caller> {
  const key = keyOf(request);
  const token = key === undefined ? cookie.read(request) : undefined;
  const trySecret = () => door.tryKey(request);
  if (token === undefined) return callers.byKey(key, trySecret);
  if (!onlyReads) requireSameOrigin(request, publicUrl);
  return callers.bySession(token, trySecret);
}

/** The key of a request. Other credentials, such as those for a proxy in front of us, are passed over. */
function keyOf({ headers }: FastifyRequest): string | undefined {
  const { 'x-api-key': key, authorization } = headers;
  if (typeof key === 'string' && key !== '') return key;
  return /^bearer (.+)$/i.exec(authorization ?? '')?.[1];
}
