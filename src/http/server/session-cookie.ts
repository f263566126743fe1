import type { FastifyReply, FastifyRequest } from 'fastify';
import { sessionLimits } from '../../accounts/sign-in/session-limits.ts';

/**
 * The cookie of a session. Scripts cannot read it, and other sites' forms do not send it. Over HTTPS its
 * name has the prefix `__Host-`: then no other host, and no page without HTTPS, can have set it.
 */
export class SessionCookie {
  readonly #publicUrl: string | undefined;

  /** @param publicUrl where people reach the server; undefined: each request tells. */
  constructor(publicUrl: string | undefined) {
    this.#publicUrl = publicUrl;
  }

  /** The token of a request's session; undefined when it has none. */
  read(request: FastifyRequest): string | undefined {
    const name = `${this.#nameFor(request)}=`;
    const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
    const token = pairs.find((pair) => pair.startsWith(name))?.slice(name.length);
    return token === '' ? undefined : token;
  }

  set(request: FastifyRequest, reply: FastifyReply, token: string): void {
    this.#send(request, reply, token, sessionLimits.days * 86_400);
  }

  clear(request: FastifyRequest, reply: FastifyReply): void {
    this.#send(request, reply, '', 0);
  }

  #send(request: FastifyRequest, reply: FastifyReply, token: string, seconds: number): void {
    const parts = [`${this.#nameFor(request)}=${token}`, 'Path=/', `Max-Age=${seconds}`];
    const secure = this.#isSecure(request) ? ['Secure'] : [];
    void reply.header('set-cookie', [...parts, 'HttpOnly', 'SameSite=Lax', ...secure].join('; '));
  }

  #nameFor(request: FastifyRequest): string {
    return this.#isSecure(request) ? '__Host-lw_session' : 'lw_session';
  }

  #isSecure({ protocol }: FastifyRequest): boolean {
    return this.#publicUrl?.startsWith('https:') ?? protocol === 'https';
  }
}
