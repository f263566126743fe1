import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';

const { app } = await testApp();
await app.listen({ port: 0, host: '127.0.0.1' });
const { port } = app.server.address() as AddressInfo;

/** Writes bytes to the server, and reads until it hangs up. */
async function textOf(request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8');
  let text = '';
  socket.on('data', (piece) => {
    text += piece;
  });
  socket.write(request);
  await once(socket, 'close');
  return text;
}

async function answerTo(
  request: string,
): Promise<{ status: number; allow: string | undefined; body: unknown }> {
  const [head = '', body = ''] = (await textOf(request)).split('\r\n\r\n');
  const allow = /^allow: (.*)$/im.exec(head)?.[1]?.trim();
  return { status: Number(head.split(' ')[1]), allow, body: JSON.parse(body) };
}

const problem = (code: string) => ({
  detail: expect.stringMatching(/^[A-Z][^'"]+\.$/),
  code,
  request_id: expect.stringMatching(/^req_/),
});

test('what is not HTTP is answered in the form of every error', async () => {
  const { status, body } = await answerTo('This is no request.\r\n\r\n');
  expect(status).toBe(400);
  expect(body).toEqual(problem('bad_request'));
});

test('headers without end are refused', async () => {
  const header = `X-Long: ${'x'.repeat(40_000)}\r\n`;
  const { status, body } = await answerTo(`GET /v5/agents HTTP/1.1\r\nHost: a\r\n${header}\r\n`);
  expect(status).toBe(431);
  expect(body).toEqual(problem('headers_too_large'));
});

test('a body that is longer than it says is refused, and so is one without an end', async () => {
  const start = 'POST /v5/agents HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
  const twice = `${start}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `;
  expect((await answerTo(twice)).body).toEqual(problem('bad_request'));
  const chunked = `${start}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n\r\n`;
  expect((await answerTo(chunked)).status).toBeLessThan(500);
});

test.each([
  ['two hosts', 'Host: b\r\n', 400, 'bad_request'],
  ['a compressed body', 'Content-Encoding: gzip\r\n', 415, 'encoded_body'],
  [
    'a body that is compressed on the way',
    'Transfer-Encoding: gzip, chunked\r\n',
    400,
    'bad_request',
  ],
  ['a body without an end', 'Transfer-Encoding: gzip\r\n', 400, 'bad_request'],
])('a request with %s is refused', async (_what, header, status, code) => {
  const length = header.startsWith('Transfer') ? '' : 'Content-Length: 2\r\n';
  const head = `POST /v5/agents HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${header}`;
  const answer = await answerTo(`${head}${length}Connection: close\r\n\r\n{}`);
  expect(answer.status).toBe(status);
  expect(answer.body).toEqual(problem(code));
});

test.each(['utf-16', 'iso-8859-1', '"UTF-7"'])(
  'a body in the charset %s is refused',
  async (charset) => {
    const head = `POST /v5/agents HTTP/1.1\r\nHost: a\r\nContent-Type: application/json; charset=${charset}`;
    const answer = await answerTo(`${head}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`);
    expect(answer.status).toBe(415);
    expect(answer.body).toEqual(problem('foreign_charset'));
  },
);

test.each(['utf-8', 'UTF-8', '"utf-8"', 'us-ascii'])(
  'a body in the charset %s is read',
  async (charset) => {
    const head = `POST /v5/agents HTTP/1.1\r\nHost: a\r\nContent-Type: application/json; charset=${charset}`;
    const answer = await answerTo(`${head}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`);
    expect(answer.status).toBe(401);
  },
);

const rest = 'Host: a\r\nConnection: close\r\n\r\n';

test.each(['QUERY', 'PROPFIND', 'SUBSCRIBE', 'CONNECT', 'FOO', 'QUERYING', 'get', "IT'S"])(
  'the method %s is refused where there is an address, with the methods that it takes',
  async (method) => {
    const known = await answerTo(`${method} /v5/agents?page=1 HTTP/1.1\r\n${rest}`);
    expect(known).toMatchObject({ status: 405, allow: 'GET, HEAD, POST' });
    expect(known.body).toEqual(problem('method_not_allowed'));
    const unknown = await answerTo(`${method} /v5/nothing HTTP/1.1\r\n${rest}`);
    expect(unknown).toMatchObject({ status: 404, allow: undefined });
    expect(unknown.body).toEqual(problem('route_not_found'));
  },
);

test('a QUERY with a body is refused like one without', async () => {
  const headers = 'Content-Type: text/plain\r\nContent-Length: 4\r\n';
  const { status, body } = await answerTo(`QUERY /v5/logs HTTP/1.1\r\n${headers}${rest}text`);
  expect(status).toBe(405);
  expect(body).toEqual(problem('method_not_allowed'));
});

test('a tunnel is to nowhere', async () => {
  const { status, body } = await answerTo(`CONNECT example.com:443 HTTP/1.1\r\n${rest}`);
  expect(status).toBe(404);
  expect(body).toEqual(problem('route_not_found'));
});

test('what follows a request that was read is not taken for its first line', async () => {
  const both = `GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nFOO /v5 HTTP/1.1\r\n${rest}`;
  const lines = [...(await textOf(both)).matchAll(/^HTTP.* (\d{3}) /gm)].map(
    ([, status]) => status,
  );
  expect(lines).toEqual(['400']);
});
