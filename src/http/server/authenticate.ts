import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticate, Caller } from '../../accounts/authenticate.ts';
import type { Door } from './door.ts';
import { readerSignal } from './event-stream.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who makes the request; set before any handler below `/v5` runs. */
    caller: Caller;
  }
}

/** A hook that finds the caller by the key of a request: `X-API-KEY`, or a bearer token. */
export function authenticateWith(authenticate: Authenticate, door: Door) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const header = request.headers['x-api-key'];
    const key =
      typeof header === 'string' && header !== '' ? header : bearer(request.headers.authorization);
    const caller = await authenticate(key, () => door.tryKey(request));
    door.requireRoom(caller.keyId);
    const onlyReads = request.method === 'GET' || request.method === 'HEAD';
    request.caller = onlyReads ? caller.reading(readerSignal(reply)) : caller;
  };
}

function bearer(authorization: string | undefined): string | undefined {
  return /^bearer (.+)$/i.exec(authorization ?? '')?.[1];
}
