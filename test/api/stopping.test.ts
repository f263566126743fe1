import { expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../agents.ts';
import { apiKey, testApp } from '../app.ts';

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
