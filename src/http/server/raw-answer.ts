import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { newId } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import { frameworkRefusals, type Refusal } from './error-response.ts';
import { noRoute } from './no-route.ts';
import { logRequest } from './request-log.ts';
import type { RouteTable } from './route-table.ts';

/** The error of Node's parser for bytes that it cannot read. */
interface BrokenRequest {
  readonly code: string;
  readonly rawPacket?: unknown;
  readonly bytesParsed?: number;
}

/** The parts that an answer without a response object needs. */
interface RawParts {
  readonly routes: RouteTable;
  readonly logger: Logger;
}

/** Answers bytes that are no HTTP request, or an incomplete one, and closes the connection. */
export function sendBroken(
  { routes, logger }: RawParts,
  error: BrokenRequest,
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const unknown = unknownMethod(error);
  const status = brokenStatus[error.code] ?? 400;
  const { code, message } = frameworkRefusals[status] as Refusal;
  const answer = unknown ? noRoute(routes, unknown) : { status, code, detail: message };
  // Do not log the method: a method that Node does not know can be any text.
  logAnswer(logger, { method: null, ...answer }, writeAnswer(socket, answer));
}

/** Answers a CONNECT, for which Node has no response object, and closes the connection. */
export function sendNoTunnel({ routes, logger }: RawParts, url: string, socket: Socket): void {
  socket.on('error', () => socket.destroy());
  const answer = noRoute(routes, { method: 'CONNECT', url });
  logAnswer(logger, { method: 'CONNECT', ...answer }, writeAnswer(socket, answer));
}

/** Statuses of failures before there is a request, by the code of Node's error. */
const brokenStatus: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** The method and URL of a well-formed request whose method Node does not know. */
function unknownMethod({ code, rawPacket, bytesParsed = 0 }: BrokenRequest) {
  if (code !== 'HPE_INVALID_METHOD') return undefined;
  const line = /^([\w!#$%&'*+.^`|~-]+) (\/\S*) HTTP\/1\.[01]\r?\n/.exec(String(rawPacket));
  const [, method = '', url = ''] = line ?? [];
  // Ignore the line if more bytes were parsed: the packet then begins with another request, and the
  // line belongs to that request.
  return line && bytesParsed <= method.length ? { method, url } : undefined;
}

interface RawAnswer {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly allow?: string;
}

/** Writes an answer and returns the id that the request gets. */
function writeAnswer(socket: Socket, { status, code, detail, allow }: RawAnswer): string {
  const requestId = newId('req');
  const body = JSON.stringify({ detail, code, request_id: requestId });
  socket.write(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n` +
      `X-Request-Id: ${requestId}\r\n` +
      (allow === undefined ? '' : `Allow: ${allow}\r\n`) +
      `Content-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  socket.destroySoon();
  return requestId;
}

function logAnswer(
  logger: Logger,
  { method, status }: Pick<RawAnswer, 'status'> & { readonly method: string | null },
  requestId: string,
): void {
  logRequest(logger, { method, route: null, status, ms: null, request_id: requestId });
}
