import type { ServerResponse } from 'node:http';
import { afterAll, describe, expect, it } from 'vitest';
import { oddMcpServer, sendJson } from '../../../test/support/odd-mcp-server.ts';
import { readAllowedHosts } from '../../outgoing/allowed-hosts.ts';
import { outgoingFetch } from '../../outgoing/outgoing-fetch.ts';
import { mcpOver } from './mcp-connection.ts';
import type { McpConnection } from './mcp-server.ts';

const usualLimits = {
  listTimeoutMs: 3_001,
  callTimeoutMs: 3_000,
  mostBytes: 100_000,
  mostMessages: 1_000,
};
const never = new AbortController().signal;
const opened: McpConnection[] = [];

afterAll(() => {
  for (const connection of opened) connection.close();
});

async function serverThat(says: Parameters<typeof oddMcpServer>[0], limits = {}) {
  const { url, asked } = await oddMcpServer(says);
  const fetch = outgoingFetch(readAllowedHosts('127.0.0.1'));
  const connection = mcpOver(fetch, { ...usualLimits, ...limits })({ url, headers: {} });
  opened.push(connection);
  return {
    asked,
    list: () => connection.listTools(never),
    ask: (given = {}) => connection.callTool('ask', given, never),
  };
}

const resultOf = (text: string) => ({ content: [{ type: 'text', text }] });
const done = { text: 'Done.', isError: false };

const answerTo = (id: unknown, text: string) =>
  JSON.stringify({ jsonrpc: '2.0', id, result: resultOf(text) });

const streamOn = (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'text/event-stream' });

describe('an answer is found', () => {
  it('after the server has ended its stream to be asked again, and the tool runs once', async () => {
    const calls: unknown[] = [];
    const polls: unknown[] = [];
    const server = await serverThat({
      'tools/call'({ id }, response) {
        calls.push(id);
        streamOn(response).end('id: first\nretry: 60\ndata:\n\n');
      },
      GET(_message, response, headers) {
        polls.push(headers['last-event-id']);
        const events = ['id: second\n\n', `id: third\ndata: ${answerTo(calls[0], 'Later.')}\n\n`];
        streamOn(response).end(events[polls.length - 1]);
      },
    });
    expect(await server.ask()).toEqual({ text: 'Later.', isError: false });
    expect(polls).toEqual(['first', 'second']);
    expect(calls).toHaveLength(1);
  });

  it('after a stream that broke, when its events have ids', async () => {
    let call: unknown;
    const server = await serverThat({
      'tools/call'({ id }, response) {
        call = id;
        streamOn(response).write('id: first\nretry: 60\ndata:\n\n', () => response.destroy());
      },
      GET: (_message, response) => void streamOn(response).end(`data: ${answerTo(call, 'Later.')}`),
    });
    expect(await server.ask()).toEqual({ text: 'Later.', isError: false });
    expect(server.asked.filter((method) => method === 'tools/call')).toHaveLength(1);
  });

  it('after an event whose id is no plain text', async () => {
    let call: unknown;
    const polls: unknown[] = [];
    const server = await serverThat({
      'tools/call'({ id }, response) {
        call = id;
        streamOn(response).end('id: 一\nretry: 60\ndata:\n\n');
      },
      GET(_message, response, headers) {
        polls.push(Buffer.from(String(headers['last-event-id']), 'latin1').toString());
        streamOn(response).end(`data: ${answerTo(call, 'Later.')}`);
      },
    });
    expect(await server.ask()).toEqual({ text: 'Later.', isError: false });
    expect(polls).toEqual(['一']);
  });

  it('on the stream of a GET, that of another call too', async () => {
    const calls: unknown[] = [];
    let stream: ServerResponse | undefined;
    const server = await serverThat({
      'tools/call'({ id }, response) {
        calls.push(id);
        response.writeHead(202).end();
      },
      GET(_message, response) {
        if (stream) {
          for (const id of calls) stream.write(`data: ${answerTo(id, `To ${id}.`)}\n\n`);
        }
        stream = streamOn(response);
        stream.flushHeaders();
      },
    });
    const texts = (await Promise.all([server.ask(), server.ask()])).map(({ text }) => text);
    expect(texts.toSorted()).toEqual(calls.map((id) => `To ${id}.`).toSorted());
  });

  it.each([
    ['with the wrong content type', 'text/html', (id: unknown) => answerTo(id, 'Done.')],
    ['with no content type', '', (id: unknown) => answerTo(id, 'Done.')],
    ['in a list', 'application/json', (id: unknown) => `[${answerTo(id, 'Done.')}]`],
    ['with its id as a text', 'application/json', (id: unknown) => answerTo(String(id), 'Done.')],
    ['with another id', 'application/json', () => answerTo(1_000, 'Done.')],
    [
      'without `jsonrpc`',
      'application/json',
      (id: unknown) => answerTo(id, 'Done.').replace('"jsonrpc":"2.0",', ''),
    ],
    [
      'with a byte order mark',
      'application/json',
      (id: unknown) => `\uFEFF${answerTo(id, 'Done.')}`,
    ],
    [
      'in JSON on many lines',
      'text/event-stream',
      (id: unknown) => JSON.stringify(JSON.parse(answerTo(id, 'Done.')), null, 2),
    ],
    [
      'in an event on many lines',
      'text/event-stream',
      (id: unknown) =>
        JSON.stringify(JSON.parse(answerTo(id, 'Done.')), null, 2).replace(/^/gm, 'data: '),
    ],
    [
      'in a stream with other line ends',
      'text/event-stream',
      (id: unknown) => `: hi\r\rretry: 9\rdata:${answerTo(id, 'Done.')}\r\r`,
    ],
    [
      'in a stream that is said to be JSON',
      'application/json',
      (id: unknown) => `event: message\ndata: ${answerTo(id, 'Done.')}\n\n`,
    ],
    [
      'on a line of its own',
      'application/x-ndjson',
      (id: unknown) => `{"jsonrpc":"2.0","method":"notifications/odd"}\n${answerTo(id, 'Done.')}\n`,
    ],
    [
      'beside an error that says nothing',
      'application/json',
      (id: unknown) => answerTo(id, 'Done.').replace('"result"', '"error":{},"result"'),
    ],
    ['twice', 'text/event-stream', (id: unknown) => `data: ${answerTo(id, 'Done.')}\n\n`.repeat(2)],
    [
      'with a number that only Python knows',
      'application/json',
      (id: unknown) => answerTo(id, 'Done.').replace('"content"', '"NaN":-Infinity,"content"'),
    ],
    [
      'after messages of other kinds',
      'text/event-stream',
      (id: unknown) =>
        `data: ping\n\ndata: {"method":"notifications/odd"}\n\ndata: ${answerTo(id, 'Done.')}\n\ndata: [DONE]\n\n`,
    ],
  ])('%s', async (_how, type, body) => {
    const server = await serverThat({
      'tools/call'({ id }, response) {
        response.writeHead(200, type === '' ? {} : { 'content-type': type }).end(body(id));
      },
    });
    expect(await server.ask()).toEqual(done);
  });

  it('although the server asks something first, and waits for that', async () => {
    let call: unknown;
    let stream: ServerResponse | undefined;
    const server = await serverThat({
      'tools/call'({ id }, response) {
        call = id;
        stream = streamOn(response);
        stream.write('data: {"jsonrpc":"2.0","id":"p","method":"ping"}\n\n');
      },
      // Its answer to the ping is a message without a method.
      undefined(_message, response) {
        response.writeHead(202).end();
        stream?.end(`data: ${answerTo(call, 'Done.')}\n\n`);
      },
    });
    expect(await server.ask()).toEqual(done);
  });
});

describe('what a server sends besides its answer is bounded', () => {
  const pings = (count: number) =>
    Array.from(
      { length: count },
      (_, n) => `data: {"jsonrpc":"2.0","id":"p${n}","method":"ping"}\n\n`,
    );

  it('in the number of messages', async () => {
    const progress = 'data: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}\n\n';
    const serverWith = (count: number) =>
      serverThat({
        'tools/call': ({ id }, response) =>
          void streamOn(response).end(
            `${progress.repeat(count)}data: ${answerTo(id, 'Done.')}\n\n`,
          ),
      });
    expect(await (await serverWith(usualLimits.mostMessages - 1)).ask()).toEqual(done);
    await expect((await serverWith(usualLimits.mostMessages)).ask()).rejects.toThrow(
      'The server sent more than 1000 messages with one answer, which is the limit (MCP_ANSWER_MESSAGES).',
    );
  });

  it('in the requests that are answered, one after the other', async () => {
    let open = 0;
    let most = 0;
    let answered = 0;
    const server = await serverThat({
      'tools/call': ({ id }, response) => {
        const stream = streamOn(response);
        stream.write(pings(900).join(''));
        setTimeout(() => stream.end(`data: ${answerTo(id, 'Done.')}\n\n`), 300);
      },
      // Its answers are messages without a method.
      undefined(_message, response) {
        open += 1;
        answered += 1;
        most = Math.max(most, open);
        setTimeout(() => {
          open -= 1;
          response.writeHead(202).end();
        }, 5);
      },
    });
    expect(await server.ask()).toEqual(done);
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThanOrEqual(16);
    expect(most).toBe(1);
  });

  it('in values and levels', async () => {
    for (const value of [`[${'1,'.repeat(40_000)}1]`, '['.repeat(20_000) + ']'.repeat(20_000)]) {
      const server = await serverThat({
        'tools/call': ({ id }, response) =>
          void response
            .writeHead(200)
            .end(
              `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"content":[],"x":${value}}}`,
            ),
      });
      await (value.startsWith('[1')
        ? expect(server.ask()).resolves.toMatchObject({ isError: false })
        : expect(server.ask()).rejects.toThrow('The server answered something that is not MCP.'));
    }
  });
});

describe('an answer that does not come is told of', () => {
  it('when something else comes', async () => {
    const server = await serverThat({
      'tools/call': (_message, response) =>
        void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Log in</h1>'),
    });
    await expect(server.ask()).rejects.toThrow('The server answered something that is not MCP.');
  });

  it.each([
    ['refuses to be asked again', 404],
    ['has trouble when it is asked again', 503],
  ])('when the server %s', async (_what, status) => {
    const server = await serverThat({
      'tools/call': (_message, response) =>
        void streamOn(response).end('id: first\nretry: 50\ndata:\n\n'),
      GET: (_message, response) => void response.writeHead(status).end(),
    });
    await expect(server.ask()).rejects.toThrow('The server did not finish its answer.');
    expect(server.asked.filter((method) => method === 'tools/call')).toHaveLength(1);
  });

  it('with what the body of an HTTP error says', async () => {
    const server = await serverThat({
      'tools/call': ({ id }, response) =>
        sendJson(response, { id, error: { code: 3, message: 'No such city.' } }, 500),
    });
    await expect(server.ask()).rejects.toThrow('HTTP status 500: No such city.');
  });

  it.each([
    [
      { error: 'invalid_token', error_description: 'It expired.' },
      '401: invalid_token: It expired.',
    ],
    [{ detail: 'Not for you.' }, '403: Not for you.'],
    [{ statusCode: 400, message: 'No city.', error: 'Bad Request' }, '400: Bad Request: No city.'],
    [{ title: 'Busy', detail: 'Come later.', status: 503 }, '503: Come later.: Busy'],
    [{ detail: [{ loc: ['body'] }] }, '422.'],
  ])('with the reason in the body %j', async (body, reason) => {
    const server = await serverThat({
      'tools/call': (_message, response) => sendJson(response, body, Number(reason.slice(0, 3))),
    });
    await expect(server.ask()).rejects.toThrow(`The server answered with HTTP status ${reason}`);
  });

  it('within the time for a call, although the server names a longer one', async () => {
    const call = (_message: unknown, response: ServerResponse) =>
      void streamOn(response).end('id: first\nretry: 99999999999\ndata:\n\n');
    const server = await serverThat({ 'tools/call': call }, { callTimeoutMs: 400 });
    await expect(server.ask()).rejects.toThrow('did not answer within 0.4 seconds');
    expect(server.asked).not.toContain('GET');
  });

  it.each([
    [{ code: 'E_CITY', message: 'No such city.' }, 'No such city.'],
    ['No such city.', 'No such city.'],
    [{ code: -32_602, message: 'Bad.', data: { field: 'city' } }, 'Bad. {"field":"city"}'],
    [{ reason: 'No such city.' }, 'No such city.'],
  ])('with the reason in the error %j', async (error, reason) => {
    const server = await serverThat({
      'tools/call': ({ id }, response) => sendJson(response, { jsonrpc: '2.0', id, error }),
    });
    await expect(server.ask()).rejects.toThrow(reason);
  });
});

describe('a server is connected to', () => {
  it.each([
    [
      'answers `server/discover` with an error of HTTP',
      (response: ServerResponse) => response.writeHead(500).end('<p>no</p>'),
    ],
    [
      'answers `server/discover` with nothing',
      (response: ServerResponse) => response.writeHead(200).end(),
    ],
    ['does not answer `server/discover`', () => undefined],
    [
      'breaks the connection at `server/discover`',
      (response: ServerResponse) => response.destroy(),
    ],
    [
      'answers `server/discover` with something',
      (response: ServerResponse) => sendJson(response, { result: { ok: true } }),
    ],
  ])('that %s', async (_what, say) => {
    const discover = (_message: unknown, response: ServerResponse) => void say(response);
    const server = await serverThat({ 'server/discover': discover }, { listTimeoutMs: 900 });
    expect(await server.ask()).toEqual(done);
    expect(server.asked.slice(0, 2)).toEqual(['server/discover', 'initialize']);
  });

  it.each([
    ['names no capabilities', { capabilities: {} }],
    ['names odd capabilities', { capabilities: { tools: true, prompts: null } }],
    [
      'leaves everything out',
      { protocolVersion: undefined, capabilities: null, serverInfo: 'odd' },
    ],
    ['speaks a revision that nobody knows', { protocolVersion: '2025-05-05' }],
  ])('that %s, and its tools are listed', async (_what, odd) => {
    const server = await serverThat({
      initialize: () => ({ protocolVersion: '2025-06-18', capabilities: { tools: {} }, ...odd }),
    });
    expect((await server.list()).tools.map(({ name }) => name)).toEqual(['ask']);
    expect(await server.ask()).toEqual(done);
  });

  it('whose revision it is told in every request, although the client does not know it', async () => {
    const named: unknown[] = [];
    const server = await serverThat({
      initialize: () => ({ protocolVersion: '2025-05-05', capabilities: {} }),
      'tools/call'(_message, _response, headers) {
        named.push(headers['mcp-protocol-version']);
        return resultOf('Done.');
      },
    });
    expect(await server.ask()).toEqual(done);
    expect(named).toEqual(['2025-05-05']);
  });

  it.each([
    [200, { supported: ['2024-11-05'], requested: '2025-11-25' }, ['2025-11-25', '2024-11-05']],
    [200, { supported: '2025-03-26' }, ['2025-11-25', '2025-03-26']],
    [400, { supported: ['2025-06-18', '2025-03-26'] }, ['2025-11-25', '2025-06-18']],
  ])('that refuses a revision with %i and names another: %j', async (status, data, wanted) => {
    const asked: unknown[] = [];
    const server = await serverThat({
      initialize({ id, params }, response) {
        asked.push(params?.['protocolVersion']);
        if (asked.length > 1) return { protocolVersion: asked.at(-1), capabilities: {} };
        const error = { code: -32_602, message: 'Unsupported protocol version', data };
        return void sendJson(response, { jsonrpc: '2.0', id, error }, status);
      },
    });
    expect(await server.ask()).toEqual(done);
    expect(asked).toEqual(wanted);
  });

  it.each([200, 204, 400, 500])('that answers %i to a notification', async (status) => {
    const server = await serverThat({
      'notifications/initialized': (_message, response) => void response.writeHead(status).end(),
    });
    expect(await server.ask()).toEqual(done);
  });

  it('that does not answer to a notification', async () => {
    const server = await serverThat(
      { 'notifications/initialized': () => undefined },
      { listTimeoutMs: 600 },
    );
    expect(await server.ask()).toEqual(done);
  });

  it('that tells of a lost session in an error with status 200, and the call is made again', async () => {
    let calls = 0;
    const server = await serverThat({
      'tools/call'({ id }, response) {
        calls += 1;
        if (calls > 1) return resultOf('Done.');
        const error = { code: -32_001, message: 'Session not found' };
        return void sendJson(response, { jsonrpc: '2.0', id, error });
      },
    });
    expect(await server.ask()).toEqual(done);
    expect(server.asked.filter((method) => method === 'initialize')).toHaveLength(2);
  });

  it('of the revision of 2026, whose answers need not be complete', async () => {
    const server = await serverThat({
      'server/discover': () => ({ supportedVersions: ['2026-07-28'] }),
    });
    expect((await server.list()).tools.map(({ name }) => name)).toEqual(['ask']);
    expect(await server.ask()).toEqual(done);
    expect(server.asked).not.toContain('initialize');
  });
});

describe('a list of tools is read', () => {
  const named = (...names: string[]) => names.map((name) => ({ name }));

  /** A server with pages by cursor. */
  const pages = (byCursor: Readonly<Record<string, object>>) =>
    serverThat({
      'tools/list': ({ params, id }, response) =>
        byCursor[JSON.stringify(params?.['cursor'] ?? null)] ??
        sendJson(response, { jsonrpc: '2.0', id, error: { code: -32_602, message: 'Bad cursor' } }),
    });

  const listed = async (server: Awaited<ReturnType<typeof pages>>) => {
    const { tools, notes } = await server.list();
    return { names: tools.map(({ name }) => name), notes };
  };

  it.each([
    ['by a number', { null: { tools: named('a'), nextCursor: 7 }, 7: { tools: named('b') } }],
    [
      'by an empty cursor',
      { null: { tools: named('a'), nextCursor: '' }, '""': { tools: named('b') } },
    ],
    ['until a cursor that is null', { null: { tools: named('a', 'b'), nextCursor: null } }],
    [
      'until a cursor that was there',
      {
        null: { tools: named('a', 'b'), nextCursor: 'x' },
        '"x"': { tools: named('b'), nextCursor: 'x' },
      },
    ],
    [
      'until an empty cursor that the server does not know',
      { null: { tools: named('a', 'b'), nextCursor: '' } },
    ],
  ])('%s', async (_how, byCursor) => {
    expect(await listed(await pages(byCursor))).toEqual({ names: ['a', 'b'], notes: [] });
  });

  it('to the page that fails, and what was read is kept', async () => {
    const server = await pages({ null: { tools: named('a', 'b'), nextCursor: 'x' } });
    expect(await listed(server)).toEqual({
      names: ['a', 'b'],
      notes: ['its list ended with an error on page 2.'],
    });
  });

  it('to the page that does not come, and what was read is kept', async () => {
    const firstPage = { tools: named('a'), nextCursor: 'x' };
    const list = ({ params }: { params?: object }) =>
      params && 'cursor' in params ? undefined : firstPage;
    const server = await serverThat({ 'tools/list': list }, { listTimeoutMs: 900 });
    expect(await listed(server)).toEqual({
      names: ['a'],
      notes: [
        'its list was not read to its end. The server did not answer within 0.9 seconds, which is the limit (MCP_LIST_TIMEOUT_SECONDS).',
      ],
    });
  });

  it('to a limit, when it has no end', async () => {
    let page = 0;
    const list = () => ({ tools: named(`t${page}`), nextCursor: `p${page++}` });
    const server = await serverThat({ 'tools/list': list }, { listTimeoutMs: 60_000 });
    const { names, notes } = await listed(server);
    expect(names).toHaveLength(100);
    expect(notes).toEqual(['its list has more than 100 pages, and only these were read.']);
  });
});
