import type { ServerResponse } from 'node:http';
import { afterAll, expect, it } from 'vitest';
import { oddMcpServer } from '../../../test/support/odd-mcp-server.ts';
import { readAllowedHosts } from '../../outgoing/allowed-hosts.ts';
import { outgoingFetch } from '../../outgoing/outgoing-fetch.ts';
import { mcpOver } from './mcp-connection.ts';
import type { McpConnection } from './mcp-server.ts';

const limits = {
  listTimeoutMs: 3_001,
  callTimeoutMs: 3_000,
  mostBytes: 10_000,
  mostMessages: 1_000,
};
const never = new AbortController().signal;
const opened: McpConnection[] = [];

afterAll(() => {
  for (const connection of opened) connection.close();
});

interface Habits {
  /** Says to a message that comes to the address of the stream. */
  readonly refuse: (response: ServerResponse) => void;
  readonly endpoint: string;
  /** Says to a call; returns its text. */
  readonly call: (stream: ServerResponse, calls: number) => string | undefined;
}

/** A server of revision 2024-11-05: one stream for all answers, another address for messages. */
async function oldServer(habits: Partial<Habits> = {}) {
  const { refuse = (response) => response.writeHead(405).end(), endpoint = '/messages?session=1' } =
    habits;
  const streams: ServerResponse[] = [];
  const paths: string[] = [];
  let calls = 0;
  const on =
    (answer: (stream: ServerResponse) => unknown) =>
    (
      message: { id?: number | string },
      response: ServerResponse,
      _headers: object,
      path: string,
    ) => {
      const stream = streams.at(-1);
      if (path === '/mcp' || !stream) return void refuse(response);
      paths.push(path);
      response.writeHead(202).end('Accepted');
      const result = answer(stream);
      if (result === undefined) return;
      stream.write(
        `event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id: message.id, result })}\n\n`,
      );
    };
  const { url, asked } = await oddMcpServer({
    GET(_message, response) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`event: endpoint\ndata: ${endpoint}\n\n: hello\n\n`);
      streams.push(response);
    },
    'server/discover': on(() => undefined),
    'notifications/initialized': on(() => undefined),
    initialize: on(() => ({ protocolVersion: '2024-11-05', capabilities: {} })),
    'tools/list': on(() => ({ tools: [{ name: 'ask' }] })),
    'tools/call': on((stream) => {
      calls += 1;
      const text = habits.call ? habits.call(stream, calls) : 'Done.';
      return text === undefined ? undefined : { content: [{ type: 'text', text }] };
    }),
  });
  const connection = mcpOver(
    outgoingFetch(readAllowedHosts('127.0.0.1')),
    limits,
  )({
    url,
    headers: { authorization: 'Bearer a-long-token' },
  });
  opened.push(connection);
  return {
    asked,
    paths,
    streams,
    connection,
    list: () => connection.listTools(never),
    ask: () => connection.callTool('ask', {}, never),
  };
}

const done = { text: 'Done.', isError: false };
const manyAsked = (asked: readonly string[], method: string) =>
  asked.filter((one) => one === method).length;

it.each<[string, Habits['refuse']]>([
  ['405', (response) => response.writeHead(405).end()],
  ['400', (response) => response.writeHead(400).end('{"error":"no session"}')],
  [
    'with a stream of its own',
    (response) =>
      response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .write('event: endpoint\ndata: /nowhere\n\n'),
  ],
])(
  'a server that answers %s where its stream is gets messages where it wants them',
  async (_how, refuse) => {
    const server = await oldServer({ refuse });
    expect((await server.list()).tools.map(({ name }) => name)).toEqual(['ask']);
    expect(await Promise.all([server.ask(), server.ask()])).toEqual([done, done]);
    expect(new Set(server.paths)).toEqual(new Set(['/messages?session=1']));
    expect(manyAsked(server.asked, 'GET')).toBe(1);
  },
);

it('its stream is closed with the connection', async () => {
  const server = await oldServer();
  await server.ask();
  server.connection.close();
  await expect.poll(() => server.streams[0]?.closed).toBe(true);
});

it('a call whose stream ends has failed, and the next one has a new stream', async () => {
  const server = await oldServer({
    call(stream, calls) {
      if (calls > 1) return 'Done.';
      stream.end();
      return undefined;
    },
  });
  await expect(server.ask()).rejects.toThrow('The server did not finish its answer.');
  expect(await server.ask()).toEqual(done);
  expect(server.streams).toHaveLength(2);
  expect(manyAsked(server.asked, 'tools/call')).toBe(2);
});

it('messages, and the headers with them, go to no other origin', async () => {
  const server = await oldServer({ endpoint: 'http://127.0.0.1:9/messages' });
  await expect(server.ask()).rejects.toThrow('The server wants its messages at another origin.');
});

it('a server without such a stream is told of by how it refused', async () => {
  const { url } = await oddMcpServer({
    initialize: (_message, response) => void response.writeHead(404).end(),
  });
  const connect = mcpOver(outgoingFetch(readAllowedHosts('127.0.0.1')), limits);
  const connection = connect({ url, headers: {} });
  await expect(connection.callTool('ask', {}, never)).rejects.toThrow('HTTP status 404');
});
