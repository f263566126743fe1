import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { StandIn } from './stand-in.ts';

/** A message of JSON-RPC. Without an id it is a notification, which gets no answer. */
interface Message {
  readonly id?: number | string;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

const weatherTool = {
  name: 'get_weather',
  description: 'The weather of a city, now.',
  inputSchema: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
  },
};

/**
 * Starts an MCP server that uses Streamable HTTP. It has one tool and keeps no state: no sessions,
 * no streams.
 */
export async function startToolServer(): Promise<StandIn> {
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const { id, method, params } = (await json(request)) as Message;
    if (id === undefined) return void response.writeHead(202).end();
    const result = results[method]?.(params ?? {});
    const outcome = result ? { result } : { error: { code: -32_601, message: 'Method not found' } };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...outcome }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/mcp`, stop: () => server.close().closeAllConnections() };
}

/** The result of each method. */
const results: Readonly<Record<string, (params: Readonly<Record<string, unknown>>) => object>> = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'weather', version: '1' },
  }),
  'tools/list': () => ({ tools: [weatherTool] }),
  'tools/call': ({ arguments: input }) => {
    const { city } = input as { readonly city: string };
    return { content: [{ type: 'text', text: `${city}: light rain, 12 °C` }] };
  },
};
