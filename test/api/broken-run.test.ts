import { expect, test } from 'vitest';
import { mockProvider } from '../../src/providers/mock/mock-provider.ts';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';

const mock = mockProvider();
const api = await testApp({
  providers: {
    // A vendor's adapter with a fault: it breaks on whatever the model is told to break on.
    mock: {
      ...mock,
      async *attempt(request, options) {
        if (JSON.stringify(request.messages).includes('break')) throw new TypeError('oops: secret');
        return yield* mock.attempt(request, options);
      },
    },
  },
});

const breaking = [{ role: 'user', content: 'Please break.' }];

test('a fault of the server is a bare 500, and the run’s log says so and is complete', async () => {
  const { statusCode, body } = await api.post('/agents/call', {
    path: 'broken/first',
    agent: scripted([{ content: 'Hi.' }]),
    messages: breaking,
    log_id: 'broken-first',
  });
  expect(statusCode).toBe(500);
  expect(body).toMatchObject({ code: 'internal', request_id: expect.stringMatching(/^req_/) });
  expect(JSON.stringify(body)).not.toContain('secret');
  expect((await api.get('/logs/broken-first')).body).toMatchObject({
    log_status: 'complete',
    error:
      'The run failed because of an error in the server. Look for the id of this log in the log of the server.',
    run: null,
  });
  expect(api.logged.join('')).toContain('oops');
});

test('after a finished turn it is the run’s outcome, plain and streamed', async () => {
  const suspended = async () =>
    (
      await api.post('/agents/call', {
        path: 'broken/later',
        agent: scripted([{ tool_calls: [callOf('lookup')] }]),
        messages: hello,
      })
    ).body.id;
  const plain = await api.post('/agents/continue', {
    log_id: await suspended(),
    messages: [answerTo('call_1_1', 'break')],
  });
  expect(plain).toMatchObject({
    statusCode: 200,
    body: {
      log_status: 'complete',
      output: null,
      error: expect.stringContaining('error in the server'),
    },
  });
  const events = await api.stream('/agents/continue', {
    log_id: await suspended(),
    messages: [answerTo('call_1_1', 'break')],
  });
  expect(events.map(({ type }) => type)).toEqual(['agent_turn_continue', 'agent_start', 'error']);
});
