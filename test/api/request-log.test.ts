import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { PlatformError } from '../../src/kernel/errors.ts';
import { hello, scripted } from '../support/agents.ts';
import { apiKey, type TestApp, testApp } from '../support/app.ts';

let isReady = true;
const api = await testApp({
  requireReady: async () => {
    if (!isReady) throw new PlatformError('unavailable', 'not_migrated', 'Not yet.');
  },
});
const url = await api.app.listen({ port: 0, host: '127.0.0.1' });

test('a request is one line, with the pattern of its route, and nothing that its client wrote', async () => {
  const response = await ask('/v5/agents/ag_hidden?environment=hidden', {
    headers: { 'x-api-key': apiKey, 'x-hidden': 'hidden' },
  });
  expect(await lineOf(response)).toEqual({
    time: expect.stringMatching(/^\d{4}-.+Z$/),
    level: 'info',
    message: 'A request was answered.',
    method: 'GET',
    route: '/v5/agents/:id',
    status: 404,
    ms: expect.any(Number),
    request_id: expect.stringMatching(/^req_/),
  });
  const body = { path: 'hidden', agent: scripted([]), messages: hello, log_id: 'hidden' };
  expect(await lineOf(await call(body))).toMatchObject({ route: '/v5/agents/call', status: 200 });
  expect(api.logged.join('')).not.toMatch(new RegExp(`hidden|${apiKey}`));
});

test('a request without a key, without a route, or with an address that cannot be read has its line', async () => {
  expect(await lineOf(await ask('/v5/agents'))).toMatchObject({ route: '/v5/agents', status: 401 });
  for (const [path, status] of [
    ['/hidden', 404],
    ['/v5/agents/%zz', 400],
    [`/v5/agents/${'x'.repeat(600)}`, 414],
  ] as const) {
    const line = await lineOf(await ask(path));
    expect(line).toMatchObject({ method: 'GET', route: null, status });
  }
});

test('a request that Node has no response for has its line, without a method that is any text', async () => {
  for (const [request, method, status] of [
    ['HIDDEN /v5/agents HTTP/1.1', null, 405],
    ['CONNECT hidden:443 HTTP/1.1', 'CONNECT', 404],
    ['hidden', null, 400],
  ] as const) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(`${request}\r\nHost: hidden\r\n\r\n`);
    const [, id] = /^x-request-id: (.*)\r$/im.exec(await text(socket)) ?? [];
    const [line] = lines(api).filter(({ request_id: logged }) => logged === id);
    expect(line).toMatchObject({
      level: 'info',
      message: 'A request was answered.',
      method,
      route: null,
      status,
      ms: null,
    });
  }
  expect(api.logged.join('')).not.toMatch(/hidden/i);
});

test('a stream has its line when it has ended', async () => {
  const script = [{ content: 'a b c', word_delay_ms: 20 }];
  const body = { path: 'streamed', agent: scripted(script), messages: hello, stream: true };
  const response = await call(body);
  expect(linesOf(response)).toEqual([]);
  expect(await lineOf(response)).toMatchObject({ route: '/v5/agents/call', status: 200 });
});

test('a request whose client hung up is marked', async () => {
  const body = {
    path: 'left',
    agent: scripted([{ content: 'At last.', delay_ms: 600_000 }]),
    messages: hello,
    log_id: 'left',
  };
  const leaving = new AbortController();
  const response = await call({ ...body, stream: true }, leaving.signal);
  leaving.abort();
  await expect.poll(() => linesOf(response)).toMatchObject([{ status: 200, cut_off: true }]);

  // Nothing was answered when this one leaves.
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const sent = JSON.stringify({ ...body, log_id: 'left-too' });
  socket.write(
    `POST /v5/agents/call HTTP/1.1\r\nHost: a\r\nX-API-KEY: ${apiKey}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${sent.length}\r\n\r\n${sent}`,
  );
  await expect.poll(() => api.runtime.size).toBe(2);
  socket.destroy();
  await expect
    .poll(() => lines(api).filter(({ status }) => status === null))
    .toMatchObject([{ route: '/v5/agents/call', cut_off: true }]);
  for (const id of ['left', 'left-too']) await api.post(`/logs/${id}/cancel`);
});

test('checks of health have a line only when they fail', async () => {
  const before = api.logged.length;
  for (const path of ['/healthz', '/readyz']) expect((await ask(path)).status).toBe(200);
  // Whatever they would have written is written before this.
  await lineOf(await ask('/version'));
  expect(api.logged).toHaveLength(before + 1);
  isReady = false;
  expect(await lineOf(await ask('/readyz'))).toMatchObject({ route: '/readyz', status: 503 });
});

test('above the level info no request is logged', async () => {
  const quiet = await testApp({ database: api.database, logLevel: 'warn' });
  expect((await quiet.get('/agents')).statusCode).toBe(200);
  expect(quiet.logged).toEqual([]);
});

test('/version tells the version of package.json, without a key', async () => {
  const { default: manifest } = await import('../../package.json', { with: { type: 'json' } });
  const response = await ask('/version');
  expect(await response.json()).toEqual({ version: manifest.version });
});

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${url}${path}`, init);
}

function call(body: object, signal: AbortSignal | null = null): Promise<Response> {
  return ask('/v5/agents/call', {
    method: 'POST',
    headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
}

/** Reads an answer to its end, and the one line about it. */
async function lineOf(response: Response): Promise<Record<string, unknown>> {
  await response.text();
  await expect.poll(() => linesOf(response)).toHaveLength(1);
  return linesOf(response)[0] ?? {};
}

function linesOf({ headers }: Response): readonly Record<string, unknown>[] {
  return lines(api).filter(({ request_id: id }) => id === headers.get('x-request-id'));
}

function lines({ logged }: TestApp): readonly Record<string, unknown>[] {
  return logged.map((line) => JSON.parse(line));
}
