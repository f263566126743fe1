import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { freePort } from './free-port.ts';
import { whenDone } from './when-done.ts';

/** A server of tools that listens on this machine. */
export interface TestMcpServer {
  readonly url: string;
}

interface EverythingServer extends TestMcpServer {
  /** The number of its requests so far. */
  readonly posts: () => number;
  kill(): Promise<void>;
}

/** The protocol's own example server, as a process that can be killed. */
export async function everythingServer(): Promise<EverythingServer> {
  const program = fileURLToPath(
    import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'),
  );
  const port = await freePort();
  const child: ChildProcess = spawn(process.execPath, [program, 'streamableHttp'], {
    env: { PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  whenDone(kill);
  let told = '';
  child.stdout?.on('data', (text: Buffer) => {
    told += text.toString();
  });
  if (child.stderr) await once(child.stderr, 'data');
  const posts = () => told.split('Received MCP POST').length - 1;
  return { url: `http://127.0.0.1:${port}/mcp`, posts, kill };
}

interface OwnMcpServer extends TestMcpServer {
  /** The headers of every request, from the first on. */
  readonly seen: readonly IncomingHttpHeaders[];
  /** The number of sessions so far. */
  readonly sessions: () => number;
  /**
   * Forgets all sessions, like a server that was restarted.
   *
   * @param restartMs milliseconds that it then takes to begin a session.
   */
  forget(restartMs?: number): void;
  /** Answers every request with this from now on. */
  answerAll(status: number, headers?: Record<string, string>): void;
}

/** A server of the protocol's SDK, with tools that do what the example server does not. */
export async function ownMcpServer(host = '127.0.0.1'): Promise<OwnMcpServer> {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const seen: IncomingHttpHeaders[] = [];
  let begun = 0;
  let beginsAfterMs = 0;
  let forAll: { status: number; headers: Record<string, string> } | undefined;

  const http = createServer(async (request, response) => {
    seen.push(request.headers);
    if (forAll) return void response.writeHead(forAll.status, forAll.headers).end('no');
    const id = request.headers['mcp-session-id'];
    let transport = transports.get(String(id));
    if (!transport && id !== undefined) return void response.writeHead(404).end();
    if (!transport && beginsAfterMs > 0) await sleep(beginsAfterMs);
    if (!transport) {
      transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (session) => {
          begun += 1;
          transports.set(session, transport as StreamableHTTPServerTransport);
        },
      });
      const server = withTools(new McpServer({ name: 'own', version: '1' }));
      await server.connect(transport as Parameters<typeof server.connect>[0]);
    }
    await transport.handleRequest(request, response);
  });
  http.listen(0, host);
  await once(http, 'listening');
  whenDone(() => {
    http.closeAllConnections();
    http.close();
  });

  function withTools(server: McpServer): McpServer {
    const text = (text: string) => ({ content: [{ type: 'text' as const, text }] });
    server.registerTool('hello.world', { description: 'Greets.' }, () => text('Hello.'));
    server.registerTool('fails', {}, () => ({ ...text('It is broken.'), isError: true }));
    server.registerTool('throws', {}, () => {
      throw new Error('It broke.');
    });
    server.registerTool('huge', {}, () => text('x'.repeat(2_000_000)));
    server.registerTool('odd', {}, () => text('a\0b\ud800c'));
    server.registerTool('repeats', {}, ({ requestInfo }) => text(JSON.stringify(requestInfo)));
    server.registerTool('slow', {}, async ({ signal }) => {
      await once(signal, 'abort');
      return text('late');
    });
    server.registerTool('dies', {}, () => {
      http.closeAllConnections();
      return text('gone');
    });
    server.registerTool('pictures', {}, () => ({
      content: [
        { type: 'text', text: 'Look:' },
        { type: 'image', data: 'AAAA', mimeType: 'image/png' },
        { type: 'resource', resource: { uri: 'file:///a.txt', text: 'of a file' } },
        { type: 'resource_link', uri: 'file:///b.txt', name: 'b' },
      ],
    }));
    return server;
  }

  const { port } = http.address() as AddressInfo;
  return {
    url: `http://${host}:${port}/mcp`,
    seen,
    sessions: () => begun,
    forget(restartMs = 0) {
      transports.clear();
      beginsAfterMs = restartMs;
    },
    answerAll(status, headers = {}) {
      forAll = { status, headers };
    },
  };
}

/** A server that redirects every request. */
export async function redirectingServer(status: number, location: string): Promise<TestMcpServer> {
  const http = createServer((request: IncomingMessage, response) => {
    request.resume();
    response.writeHead(status, { location }).end();
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  whenDone(() => http.close());
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp` };
}
