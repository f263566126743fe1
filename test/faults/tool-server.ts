import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { countedAnswer } from './conversation-check.ts';

/** A call that the tool received. */
export interface ToolUse {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** An MCP server with one tool, `count`, that records its callers. */
export interface ToolServer {
  readonly url: string;
  readonly uses: readonly ToolUse[];
  /** Called before each call is answered. */
  onUse: (use: ToolUse) => void;
  forget(): void;
  close(): Promise<void>;
}

interface RpcRequest {
  readonly id?: number;
  readonly method: string;
  readonly params?: { readonly arguments?: { readonly key?: string } };
}

const tool = {
  name: 'count',
  description: 'Counts its calls.',
  inputSchema: { type: 'object', properties: { key: { type: 'string' } }, required: ['key'] },
};

export async function startToolServer(): Promise<ToolServer> {
  const uses: ToolUse[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const self: ToolServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    uses,
    onUse: () => undefined,
    forget() {
      uses.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const asked = JSON.parse(await text(request)) as RpcRequest;
    if (asked.id === undefined) return void response.writeHead(202).end();
    const outcome = await toOutcome(asked);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id: asked.id, ...outcome }));
  }

  async function toOutcome({ method, params }: RpcRequest): Promise<object> {
    if (method === 'initialize') {
      const serverInfo = { name: 'counting', version: '1' };
      return { result: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo } };
    }
    if (method === 'tools/list') return { result: { tools: [tool] } };
    if (method !== 'tools/call') return { error: { code: -32_601, message: 'No such method.' } };
    const use = { key: params?.arguments?.key ?? '', at: Date.now() };
    uses.push(use);
    self.onUse(use);
    await sleep(use.key.length % 15);
    return { result: { content: [{ type: 'text', text: countedAnswer(use.key) }] } };
  }

  return self;
}
