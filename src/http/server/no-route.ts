import type { FastifyReply, FastifyRequest } from 'fastify';
import { clipText } from '../../kernel/text.ts';
import { plain } from './error-response.ts';
import { methodsAt, type RouteTable } from './route-table.ts';

/** The answer where there is no route. */
interface NoRoute {
  readonly status: 404 | 405;
  readonly code: string;
  readonly detail: string;
  /** The methods of the address: `GET, HEAD`. */
  readonly allow?: string;
}

/** The refusal of a method that an address does not have, or of an address that does not exist. */
export function noRoute(
  routes: RouteTable,
  { method, url }: { readonly method: string; readonly url: string },
): NoRoute {
  const path = clipText(url.split('?', 1).join(), 200);
  const allow = methodsAt(routes, url).join(', ');
  if (allow === '') {
    const detail = plain(`There is no route ${method} ${path}.`);
    return { status: 404, code: 'route_not_found', detail };
  }
  const detail = plain(`The route ${path} does not accept ${method}. It accepts ${allow}.`);
  return { status: 405, code: 'method_not_allowed', detail, allow };
}

/** Answers a request without a route. Its body is not read. */
export function sendNoRoute(
  routes: RouteTable,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { status, code, detail, allow } = noRoute(routes, request);
  if (allow !== undefined) void reply.header('allow', allow);
  return reply.code(status).send({ detail, code, request_id: request.id });
}
