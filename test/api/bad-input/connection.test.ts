import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { testApp } from '../../app.ts';

const { app } = await testApp();
await app.listen({ port: 0, host: '127.0.0.1' });
const { port } = app.server.address() as AddressInfo;

/** Writes bytes to the server, and reads until it hangs up. */
async function answerTo(request: string): Promise<{ status: number; body: unknown }> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8');
  let text = '';
  socket.on('data', (piece) => {
    text += piece;
  });
  socket.write(request);
  await once(socket, 'close');
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), body: JSON.parse(body) };
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
