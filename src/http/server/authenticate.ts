import type { FastifyRequest } from 'fastify';
import type { Authenticate, Caller } from '../../accounts/authenticate.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who makes the request; set before any handler below `/v5` runs. */
    caller: Caller;
  }
}

/** A hook that finds the caller by the key of a request: `X-API-KEY`, or a bearer token. */
export function authenticateWith(authenticate: Authenticate) {
  return async (request: FastifyRequest): Promise<void> => {
    const header = request.headers['x-api-key'];
    const key =
      typeof header === 'string' && header !== '' ? header : bearer(request.headers.authorization);
    request.caller = await authenticate(key);
  };
}

function bearer(authorization: string | undefined): string | undefined {
  return /^bearer (.+)$/i.exec(authorization ?? '')?.[1];
}
