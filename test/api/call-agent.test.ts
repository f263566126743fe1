import { expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';

const api = await testApp();

test('a call that needs no tool answers with a complete log', async () => {
  const { statusCode, body } = await api.post('/agents/call', {
    path: 'call/plain',
    agent: scripted([{ content: 'Good day.' }]),
    messages: hello,
  });
  expect(statusCode).toBe(200);
  expect(body).toMatchObject({
    log_status: 'complete',
    output: 'Good day.',
    output_message: { role: 'assistant', content: 'Good day.' },
    messages: hello,
    previous_agent_message: null,
    finish_reason: 'stop',
    error: null,
    evaluator_logs: [],
    trace_children: null,
    agent: { path: 'call/plain', type: 'agent' },
    run: null,
  });
  expect(body.trace_id).toBe(body.id);
});

test('a call of a tool that is the client’s suspends the run, and continue goes on with it', async () => {
  const { body: suspended } = await api.post('/agents/call', {
    path: 'call/suspended',
    agent: scripted([
      { content: 'Let me see.', tool_calls: [callOf('lookup', { key: 'a' })] },
      { content: 'It is 42.' },
    ]),
    messages: hello,
  });
  expect(suspended).toMatchObject({
    log_status: 'incomplete',
    output: null,
    output_message: null,
    previous_agent_message: {
      content: 'Let me see.',
      tool_calls: [{ id: 'call_1_1', function: { name: 'lookup', arguments: '{"key":"a"}' } }],
    },
    run: { state: 'suspended', iterations: 1 },
  });

  const answer = answerTo('call_1_1', '42');
  const { statusCode, body } = await api.post('/agents/continue', {
    log_id: suspended.id,
    messages: [answer],
  });
  expect(statusCode).toBe(200);
  expect(body).toMatchObject({
    id: suspended.id,
    log_status: 'complete',
    output: 'It is 42.',
    previous_agent_message: null,
    messages: [...hello, suspended.previous_agent_message, answer],
  });
  expect(body.turns).toHaveLength(2);

  const stored = await api.get(`/logs/${suspended.id}`);
  expect(stored.body).toMatchObject({
    output: 'It is 42.',
    messages: body.messages,
    trace_children: [],
  });
  expect(stored.body.provider_request).toEqual(body.provider_request);
});

test('a call of a tool that the agent does not have is refused to the model, and the run goes on', async () => {
  const { body } = await api.post('/agents/call', {
    path: 'call/unknown-tool',
    agent: scripted([{ tool_calls: [callOf('nonesuch')] }, { content: 'Never mind.' }]),
    messages: hello,
  });
  expect(body.output).toBe('Never mind.');
  expect(body.messages.at(-1)).toMatchObject({
    role: 'tool',
    tool_call_id: 'call_1_1',
    content: 'Error: there is no tool named nonesuch.',
  });
});

test('tokens of a log are those of all its turns', async () => {
  const usage = { input_tokens: 10, cached_tokens: 5, output_tokens: 3, reasoning_tokens: 2 };
  const { body: suspended } = await api.post('/agents/call', {
    path: 'call/usage',
    agent: scripted([
      { tool_calls: [callOf('lookup')], usage },
      { content: 'Done.', usage },
    ]),
    messages: hello,
  });
  expect(suspended).toMatchObject({ prompt_tokens: 15, output_tokens: 3, reasoning_tokens: 2 });
  const { body } = await api.post('/agents/continue', {
    log_id: suspended.id,
    messages: [answerTo('call_1_1', 'x')],
  });
  expect(body).toMatchObject({ prompt_tokens: 30, output_tokens: 6, reasoning_tokens: 4 });
  expect(body.turns[1]).toMatchObject({ input_tokens: 10, cache_read_tokens: 5, output_tokens: 3 });
});

test('the same call with the same `log_id` joins the first, and its model is called once', async () => {
  const request = {
    path: 'call/repeated',
    agent: scripted([{ content: 'Once.', delay_ms: 50 }]),
    messages: hello,
    log_id: 'my-own-id',
  };
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => api.post('/agents/call', request)),
  );
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 200]);
  for (const { body } of answers) {
    expect(body).toMatchObject({ id: 'my-own-id', output: 'Once.' });
    expect(body.turns).toEqual(answers[0]?.body.turns);
  }
  const late = await api.post('/agents/call', request);
  expect(late.body).toMatchObject({ id: 'my-own-id', output: 'Once.' });

  const other = await api.post('/agents/call', { ...request, messages: [] });
  expect(other).toMatchObject({ statusCode: 422 });
  const another = await api.post('/agents/call', { ...request, user: 'someone else' });
  expect(another).toMatchObject({ statusCode: 409, body: { code: 'log_id_taken' } });
});

test('an inline agent equal to a stored version uses it, and another makes a new one', async () => {
  const call = (content: string) =>
    api.post('/agents/call', {
      path: 'call/inline',
      agent: scripted([{ content }]),
      messages: hello,
    });
  const [first, second, other] = [await call('One.'), await call('One.'), await call('Two.')];
  expect(second.body.agent.version_id).toBe(first.body.agent.version_id);
  expect(other.body.agent.version_id).not.toBe(first.body.agent.version_id);
  expect(other.body.agent.id).toBe(first.body.agent.id);
  expect(other.body.agent.environments).toEqual([]);
});

test('the version’s counters tell how often it was used', async () => {
  const { body } = await api.post('/agents/call', {
    path: 'call/counted',
    agent: scripted([{ content: 'Hi.' }]),
    messages: hello,
  });
  await expect
    .poll(async () => (await api.get(`/agents/${body.agent.id}`)).body, { timeout: 5_000 })
    .toMatchObject({
      version_logs_count: 1,
      total_logs_count: 1,
      last_used_at: body.created_at,
    });
});
