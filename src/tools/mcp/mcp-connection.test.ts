import { afterAll, expect, it } from 'vitest';
import {
  everythingServer,
  ownMcpServer,
  redirectingServer,
} from '../../../test/support/mcp-servers.ts';
import { readAllowedHosts } from '../../outgoing/allowed-hosts.ts';
import { outgoingFetch } from '../../outgoing/outgoing-fetch.ts';
import { mcpOver } from './mcp-connection.ts';
import { type McpConnection, McpFailure, type McpLimits } from './mcp-server.ts';

const standard: McpLimits = {
  listTimeoutMs: 5_000,
  callTimeoutMs: 5_000,
  mostBytes: 1_000_000,
  mostMessages: 5_000,
};
const never = new AbortController().signal;
const opened: McpConnection[] = [];

afterAll(() => {
  for (const connection of opened) connection.close();
});

function connection(
  url: string,
  { headers = {}, limits = {}, allowed = '127.0.0.1' } = {},
): McpConnection {
  const connect = mcpOver(outgoingFetch(readAllowedHosts(allowed)), { ...standard, ...limits });
  const made = connect({ url, headers });
  opened.push(made);
  return made;
}

it('lists the tools of a published server, and calls them', async () => {
  const { url } = await everythingServer();
  const server = connection(url);
  const { tools, notes } = await server.listTools(never);
  expect(notes).toEqual([]);
  expect(tools.find(({ name }) => name === 'get-sum')).toEqual({
    name: 'get-sum',
    description: expect.any(String),
    parameters: expect.objectContaining({ type: 'object', required: ['a', 'b'] }),
  });
  const results = await Promise.all([
    server.callTool('get-sum', { a: 1, b: 2 }, never),
    server.callTool('echo', { message: 'Hello.' }, never),
    server.callTool('get-sum', { a: 'one' }, never),
    server.callTool('no-such-tool', {}, never),
  ]);
  expect(results).toEqual([
    { text: 'The sum of 1 and 2 is 3.', isError: false },
    { text: 'Echo: Hello.', isError: false },
    { text: expect.stringContaining('expected number'), isError: true },
    { text: expect.stringContaining('no-such-tool'), isError: true },
  ]);
});

it('a server that is killed in the middle of a call fails it at once, and the next one too', async () => {
  const { url, kill, posts } = await everythingServer();
  const server = connection(url);
  await server.listTools(never);
  const before = posts();
  const params = { duration: 60, steps: 60 };
  const failing = expect(
    server.callTool('trigger-long-running-operation', params, never),
  ).rejects.toThrow(/^The (server did not finish its answer|connection to the server failed)\.$/);
  await expect.poll(posts, { timeout: 5_000 }).toBe(before + 1);
  const started = Date.now();
  await kill();
  await failing;
  expect(Date.now() - started).toBeLessThan(3_000);
  await expect(server.callTool('echo', { message: '' }, never)).rejects.toThrow(
    'The connection to the server failed.',
  );
});

it('a session that the server has forgotten is begun anew, and the call made again', async () => {
  const own = await ownMcpServer();
  const server = connection(own.url);
  await server.listTools(never);
  own.forget();
  const greeted = { text: 'Hello.', isError: false };
  const calls = ['hello.world', 'hello.world'].map((name) => server.callTool(name, {}, never));
  expect(await Promise.all(calls)).toEqual([greeted, greeted]);
  expect(own.sessions()).toBe(2);
});

it('a server that takes its time to begin the new session is waited for', async () => {
  const own = await ownMcpServer();
  const server = connection(own.url);
  await server.listTools(never);
  own.forget(300);
  const result = await server.callTool('hello.world', {}, never);
  expect(result).toEqual({ text: 'Hello.', isError: false });
});

it('the result of a tool is told as text, and a failure as one', async () => {
  const { url } = await ownMcpServer();
  const server = connection(url);
  const texts = Promise.all(
    ['fails', 'throws', 'odd', 'pictures'].map((name) => server.callTool(name, {}, never)),
  );
  expect(await texts).toEqual([
    { text: 'It is broken.', isError: true },
    { text: 'It broke.', isError: true },
    { text: 'a\uFFFDb\uFFFDc', isError: false },
    { text: 'Look:\n[image/png]\nof a file\n[b: file:///b.txt]', isError: false },
  ]);
});

it('headers go with every request, and are in no answer of ours', async () => {
  const own = await ownMcpServer();
  const headers = { authorization: 'Bearer token-of-ours', 'x-key': 'another-secret' };
  const server = connection(own.url, { headers });
  const { text } = await server.callTool('repeats', {}, never);
  expect(own.seen.length).toBeGreaterThanOrEqual(3);
  for (const seen of own.seen) expect(seen).toMatchObject(headers);
  expect(text).toContain('***');
  expect(text).not.toMatch(/token-of-ours|another-secret/);
});

it('a server that takes too long is given up', async () => {
  const { url } = await ownMcpServer();
  const server = connection(url, { limits: { callTimeoutMs: 400 } });
  await server.listTools(never);
  await expect(server.callTool('slow', {}, never)).rejects.toThrow(
    'The server did not answer within 0.4 seconds, which is the limit (MCP_CALL_TIMEOUT_SECONDS).',
  );
  expect(await server.callTool('hello.world', {}, never)).toMatchObject({ text: 'Hello.' });
});

it('an answer that is too long is not taken', async () => {
  const { url } = await ownMcpServer();
  await expect(connection(url).callTool('huge', {}, never)).rejects.toThrow(
    'The server answered with more than 1000000 bytes, which is the limit (MCP_ANSWER_BYTES).',
  );
});

it('a server that breaks the connection fails the call at once', async () => {
  const { url } = await ownMcpServer();
  await expect(connection(url).callTool('dies', {}, never)).rejects.toThrow(McpFailure);
});

it('whoever gives a call up is told so by what gave it up', async () => {
  const { url } = await ownMcpServer();
  const server = connection(url);
  await server.listTools(never);
  const giving = new AbortController();
  const calling = server.callTool('slow', {}, giving.signal);
  giving.abort(new Error('enough'));
  await expect(calling).rejects.toThrow('enough');
  await expect(server.callTool('hello.world', {}, giving.signal)).rejects.toThrow('enough');
});

it.each([401, 403, 404, 500, 503])(
  'a server that answers %i is told of by that',
  async (status) => {
    const own = await ownMcpServer();
    own.answerAll(status);
    await expect(connection(own.url).listTools(never)).rejects.toThrow(
      `The server answered with HTTP status ${status}.`,
    );
  },
);

it('a server that is none is told of in a sentence', async () => {
  const own = await ownMcpServer();
  own.answerAll(200, { 'content-type': 'text/html' });
  await expect(connection(own.url).listTools(never)).rejects.toThrow(/^[A-Z].*\.$/);
});

it('a redirect is followed with its body, and its headers stay with their origin', async () => {
  const own = await ownMcpServer();
  const { url } = await redirectingServer(307, own.url);
  const server = connection(url, { headers: { 'x-key': 'a-secret-key' } });
  await expect(server.listTools(never)).rejects.toThrow(McpFailure);
  expect(own.seen.length).toBeGreaterThan(0);
  expect(JSON.stringify(own.seen)).not.toContain('a-secret-key');
});

it('a redirect to a place that is not allowed is refused', async () => {
  const own = await ownMcpServer('127.0.0.2');
  const { url } = await redirectingServer(307, own.url);
  await expect(connection(url).listTools(never)).rejects.toThrow('not on the public internet');
  expect(own.seen).toEqual([]);
});

it('a server in a private place is not spoken to unless the operator allows it', async () => {
  const own = await ownMcpServer();
  await expect(connection(own.url, { allowed: '' }).listTools(never)).rejects.toThrow(
    'not on the public internet',
  );
  expect(own.seen).toEqual([]);
});
