import { expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';

const one = await testApp();
const other = await testApp({ database: one.database });

test('a run suspended on one server is continued on another', async () => {
  const { body: suspended } = await one.post('/agents/call', {
    path: 'two/suspended',
    agent: scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Here.' }]),
    messages: hello,
  });
  const { body } = await other.post('/agents/continue', {
    log_id: suspended.id,
    messages: [answerTo('call_1_1', 'x')],
  });
  expect(body).toMatchObject({ id: suspended.id, output: 'Here.' });
});

test('a call repeated on another server waits for the run of the first, and has its answer', async () => {
  const request = {
    path: 'two/repeated',
    agent: scripted([{ content: 'Once only.', delay_ms: 300 }]),
    messages: hello,
    log_id: 'repeated-elsewhere',
  };
  const first = one.post('/agents/call', request);
  await expect.poll(async () => (await one.get('/logs/repeated-elsewhere')).statusCode).toBe(200);
  const [a, b, events] = await Promise.all([
    first,
    other.post('/agents/call', request),
    other.stream('/agents/call', request),
  ]);
  expect(b.body).toMatchObject({ output: 'Once only.', turns: a.body.turns });
  expect(events.map(({ type }) => type)).toEqual([
    'agent_turn_start',
    'agent_start',
    'agent_end',
    'agent_turn_end',
  ]);
  expect(events.at(-1)?.payload.output).toBe('Once only.');
});

test('continues on two servers at once: one goes on, and an equal one joins it', async () => {
  const { body: suspended } = await one.post('/agents/call', {
    path: 'two/continued',
    agent: scripted([
      { tool_calls: [callOf('lookup')] },
      { content: 'Same.', delay_ms: 300 },
      { content: 'Never.' },
    ]),
    messages: hello,
  });
  const body = { log_id: suspended.id, messages: [answerTo('call_1_1', 'x')] };
  const [a, b] = await Promise.all([
    one.post('/agents/continue', body),
    other.post('/agents/continue', body),
  ]);
  expect(a).toMatchObject({ statusCode: 200, body: { output: 'Same.' } });
  expect(b).toMatchObject({ statusCode: 200, body: { output: 'Same.' } });
  expect(a.body.turns).toHaveLength(2);
});
