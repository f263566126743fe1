import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { apiKey, testApp } from '../support/app.ts';

const other = await testApp();

test('a server that stops begins no run and goes on with none, and the other one does', async () => {
  const stopping = await testApp({ database: other.database });
  const { body: suspended } = await stopping.post('/agents/call', {
    path: 'two/stopping',
    agent: scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Here.' }]),
    messages: hello,
  });
  await stopping.runtime.stop();
  const call = { path: 'two/stopping', messages: hello, log_id: 'begun-late' };
  const answer = { log_id: suspended.id, messages: [answerTo('call_1_1', 'x')] };
  const refused = await Promise.all([
    stopping.post('/agents/call', call),
    stopping.post('/agents/call', { ...call, stream: true }),
    stopping.post('/agents/continue', answer),
  ]);
  for (const { statusCode, headers, body } of refused) {
    expect({ statusCode, code: body.code }).toEqual({ statusCode: 503, code: 'server_stopping' });
    expect(headers['retry-after']).toBe('5');
  }
  expect((await stopping.get('/logs/begun-late')).statusCode).toBe(404);
  expect((await other.post('/agents/continue', answer)).body).toMatchObject({ output: 'Here.' });
  expect((await other.post('/agents/call', call)).body).toMatchObject({ id: 'begun-late' });
});

test('a call whose run is being opened when the server stops is refused, and the other one goes on with it', async () => {
  const stopping = await testApp({ database: other.database, leaseSeconds: 3_600 });
  const lock = await other.database.pool.connect();
  await lock.query('BEGIN; LOCK TABLE log IN SHARE MODE');
  const answer = stopping.post('/agents/call', {
    path: 'stopping/opening',
    agent: scripted([{ content: 'At last.', delay_ms: 600_000 }]),
    messages: hello,
    log_id: 'opening',
  });
  await expect.poll(waitingForLock).toBe(1);
  await stopping.runtime.stop();
  await lock.query('COMMIT');
  lock.release();

  const { statusCode, headers, body } = await answer;
  expect({ statusCode, code: body.code }).toEqual({ statusCode: 503, code: 'server_stopping' });
  expect(headers['retry-after']).toBe('5');
  // Its lease would have held for an hour.
  await expect.poll(() => other.runtime.size).toBe(1);
  await other.post('/logs/opening/cancel');
});

test('a server that stops closes each connection when its last answer is out, and waits for no more', async () => {
  const { app } = await testApp({ database: other.database });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const call = (logId: string, stream: boolean) =>
    fetch(`${url}/v5/agents/call`, {
      method: 'POST',
      headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
      body: JSON.stringify({
        path: 'stopping/slow',
        agent: scripted([{ content: 'At last.', delay_ms: 500 }]),
        messages: hello,
        log_id: logId,
        stream,
      }),
    });
  const answers = [call('stopping-plain', false), call('stopping-stream', true)];
  for (const id of ['stopping-plain', 'stopping-stream']) {
    await expect.poll(async () => (await other.get(`/logs/${id}`)).statusCode).toBe(200);
  }
  const closing = app.close();
  for (const answer of answers) expect(await (await answer).text()).toContain('At last.');
  // The connections would have been kept for 72 s, and so would the server.
  await closing;
});

test('a server that stops waits for no client that asks for nothing, or not for all, or does not take its answer', async () => {
  const { app } = await testApp({ database: other.database });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const { body: log } = await other.post('/prompts/log', {
    path: 'stopping/long',
    prompt: { model: 'gpt-4o' },
    output: 'word '.repeat(4_000_000),
  });
  const head = (line: string) => `${line} HTTP/1.1\r\nhost: localhost\r\nx-api-key: ${apiKey}\r\n`;
  const said = [
    '',
    head('GET /v5/files'),
    `${head('POST /v5/prompts')}content-type: application/json\r\ncontent-length: 9\r\n\r\n{`,
    `${head(`GET /v5/logs/${log.id}`)}\r\n`,
  ];
  for (const text of said) {
    const socket = connect(port);
    await once(socket, 'connect');
    // It is cut off.
    socket.on('error', () => undefined);
    socket.write(text);
  }
  // Each of them would have kept the server for a minute or for good.
  await app.close();
});

/** How many queries wait for a lock. */
async function waitingForLock(): Promise<number> {
  const { rows } = await other.database.pool.query(
    `SELECT count(*) AS count FROM pg_stat_activity
     WHERE wait_event_type = 'Lock' AND datname = current_database()`,
  );
  return rows[0].count;
}
