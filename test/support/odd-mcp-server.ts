import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { parseExactJson } from '../../src/kernel/exact-json.ts';
import { whenDone } from './when-done.ts';

interface Message {
  readonly id?: number | string;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** @returns the result; undefined when it has answered by itself. */
type Say = (
  message: Message,
  response: ServerResponse,
  headers: IncomingHttpHeaders,
  path: string,
) => unknown;

interface OddMcpServer {
  readonly url: string;
  /** The methods that it was asked, from the first on; `GET` and `DELETE` too. */
  readonly asked: readonly string[];
}

/** A server that says what its test wants; otherwise what the protocol does. */
export async function oddMcpServer(says: Readonly<Record<string, Say>>): Promise<OddMcpServer> {
  const asked: string[] = [];
  const http = createServer(async (request, response) => {
    const body = await text(request);
    const message: Message =
      body === '' ? { method: String(request.method) } : (parseExactJson(body) as Message);
    asked.push(message.method);
    const say = says[message.method] ?? usually[message.method];
    const result = say?.(message, response, request.headers, request.url ?? '');
    if (response.headersSent || response.destroyed) return;
    if (result === undefined && says[message.method]) return;
    if (result !== undefined) sendJson(response, { jsonrpc: '2.0', id: message.id, result });
    else if (message.id === undefined) response.writeHead(body === '' ? 405 : 202).end();
    else sendJson(response, { jsonrpc: '2.0', id: message.id, error: unknown });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  whenDone(() => {
    http.closeAllConnections();
    http.close();
  });
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`, asked };
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const unknown = { code: -32_601, message: 'Method not found' };

const usually: Readonly<Record<string, Say>> = {
  initialize: () => ({
    protocolVersion: '2025-11-25',
    capabilities: { tools: {} },
    serverInfo: { name: 'odd', version: '1' },
  }),
  'tools/list': () => ({ tools: [{ name: 'ask', inputSchema: { type: 'object' } }] }),
  'tools/call': () => ({ content: [{ type: 'text', text: 'Done.' }] }),
};
