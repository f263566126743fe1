import { expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../agents.ts';
import { testApp } from '../app.ts';

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

test('a run may suspend again, any number of times, and stays one log', async () => {
  const steps = ['a', 'b', 'c'].map((key) => ({ tool_calls: [callOf('lookup', { key })] }));
  const { body: first } = await api.post('/agents/call', {
    path: 'call/thrice',
    agent: scripted([...steps, { content: 'Done.' }]),
    messages: hello,
  });
  let last = first;
  for (const turn of [1, 2, 3]) {
    expect(last.log_status).toBe('incomplete');
    const messages = [answerTo(`call_${turn}_1`, `answer ${turn}`)];
    ({ body: last } = await api.post('/agents/continue', { log_id: first.id, messages }));
  }
  expect(last).toMatchObject({ id: first.id, log_status: 'complete', output: 'Done.' });
  expect(last.messages.map(({ role }: { role: string }) => role)).toEqual([
    'user',
    ...['assistant', 'tool', 'assistant', 'tool', 'assistant', 'tool'],
  ]);
});

test('parallel calls wait for all of their answers, and take them in any order', async () => {
  const { body: suspended } = await api.post('/agents/call', {
    path: 'call/parallel',
    agent: scripted([
      { tool_calls: [callOf('lookup', { key: 'a' }), callOf('lookup', { key: 'b' })] },
      { content: 'Both.' },
    ]),
    messages: hello,
  });
  const { body } = await api.post('/agents/continue', {
    log_id: suspended.id,
    messages: [
      { role: 'user', content: 'Be quick.' },
      answerTo('call_1_2', 'B'),
      answerTo('call_1_1', 'A'),
    ],
  });
  expect(body.output).toBe('Both.');
  // Vendors want the answers right after the calls, in their order; the rest comes after them.
  expect(body.messages.slice(2).map(({ content }: { content: string }) => content)).toEqual([
    'A',
    'B',
    'Be quick.',
  ]);
});

test('a stop tool ends the run, and its argument `output` is the run’s output', async () => {
  const { body } = await api.post('/agents/call', {
    path: 'call/stop',
    agent: scripted([{ tool_calls: [callOf('lookup'), callOf('stop', { output: 'All done.' })] }]),
    messages: hello,
  });
  expect(body).toMatchObject({
    log_status: 'complete',
    output: 'All done.',
    output_message: { tool_calls: [{}, { function: { name: 'stop' } }] },
  });
});

test('arguments of a stop tool that hold no `output` are the output as they are', async () => {
  const { body } = await api.post('/agents/call', {
    path: 'call/stop-broken',
    agent: scripted([{ tool_calls: [callOf('stop', '{"output": ')] }]),
    messages: hello,
  });
  expect(body).toMatchObject({ log_status: 'complete', output: '{"output": ' });
});

test('a run ends when its model has been called `max_iterations` times, through every continue', async () => {
  const step = { content: 'Again.', tool_calls: [callOf('lookup')] };
  const { body: suspended } = await api.post('/agents/call', {
    path: 'call/limited',
    agent: scripted([step, step, step], { max_iterations: 2 }),
    messages: hello,
  });
  expect(suspended.log_status).toBe('incomplete');
  const { body } = await api.post('/agents/continue', {
    log_id: suspended.id,
    messages: [answerTo('call_1_1', 'x')],
  });
  expect(body).toMatchObject({
    log_status: 'complete',
    output: 'Again.',
    error: null,
    previous_agent_message: null,
    output_message: { tool_calls: [{ function: { name: 'lookup' } }] },
  });
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

test('a choice that forces a tool holds for the first model call alone', async () => {
  const { body: suspended } = await api.post('/agents/call', {
    path: 'call/forced',
    agent: { provider: 'mock', model: 'mock', tools: scripted([]).tools.slice(0, 1) },
    messages: hello,
    tool_choice: 'required',
  });
  expect(suspended.previous_agent_message.tool_calls[0].function.name).toBe('lookup');
  expect(suspended.provider_request.tool_choice).toBe('required');
  const { body } = await api.post('/agents/continue', {
    log_id: suspended.id,
    messages: [answerTo('call_1_1', 'found')],
  });
  expect(body).toMatchObject({ log_status: 'complete', tool_choice: 'required' });
  expect(body.provider_request).not.toHaveProperty('tool_choice');
});

test('the template is rendered with the inputs, and stands before the messages', async () => {
  const { body } = await api.post('/agents/call', {
    path: 'call/template',
    agent: scripted([{ content: 'Hi.' }], {
      template: [{ role: 'system', content: 'You help {{name}}.' }],
    }),
    inputs: { name: 'Ada' },
    messages: hello,
  });
  expect(body.provider_request.messages).toEqual([
    { role: 'system', content: 'You help Ada.' },
    ...hello,
  ]);
  expect(body).toMatchObject({ inputs: { name: 'Ada' }, messages: hello });
  expect(body.agent.inputs).toEqual([{ name: 'name' }]);
});

test('with `return_inputs: false` the answer has no inputs, and the log has them', async () => {
  const { body } = await api.post('/agents/call', {
    path: 'call/template',
    agent: scripted([{ content: 'Hi.' }], {
      template: [{ role: 'system', content: 'You help {{name}}.' }],
    }),
    inputs: { name: 'Ada' },
    return_inputs: false,
  });
  expect(body.inputs).toEqual({});
  expect((await api.get(`/logs/${body.id}`)).body.inputs).toEqual({ name: 'Ada' });
});

test('what a call says of itself stands in its log', async () => {
  const said = {
    source: 'app',
    user: 'ada',
    metadata: { ticket: 7 },
    environment: 'canary',
    start_time: '2026-05-01T12:00:00.123456',
  };
  const { body } = await api.post('/agents/call', {
    path: 'call/described',
    agent: scripted([{ content: 'Hi.' }]),
    messages: hello,
    ...said,
  });
  const { body: stored } = await api.get(`/logs/${body.id}`);
  expect(stored).toMatchObject({ ...said, start_time: '2026-05-01T12:00:00.123456Z' });
  expect(Date.parse(stored.end_time)).toBeGreaterThan(Date.parse(stored.start_time));
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

test('with `log_status: incomplete` a log stays open when its run has ended', async () => {
  const { body } = await api.post('/agents/call', {
    path: 'call/kept-open',
    agent: scripted([{ content: 'Hi.' }]),
    messages: hello,
    log_status: 'incomplete',
  });
  expect(body).toMatchObject({ log_status: 'incomplete', output: 'Hi.', run: null });
  const { body: closed } = await api.patch(`/agents/${body.agent.id}/log/${body.id}`, {
    log_status: 'complete',
  });
  expect(closed).toMatchObject({ log_status: 'complete', output: 'Hi.' });
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

test('a call finds its version by id, by environment, or by the default deployment', async () => {
  const { body: deployed } = await api.post('/agents', {
    path: 'call/versions',
    ...scripted([{ content: 'Deployed.' }]),
  });
  const { body: newer } = await api.post('/agents', {
    path: 'call/versions',
    ...scripted([{ content: 'Newer.' }]),
  });
  const outputOf = async (query: string) =>
    (await api.post(`/agents/call${query}`, { id: deployed.id, messages: hello })).body.output;
  expect(await outputOf('')).toBe('Deployed.');
  expect(await outputOf('?environment=production')).toBe('Deployed.');
  expect(await outputOf(`?version_id=${newer.version_id}`)).toBe('Newer.');
  const none = await api.post('/agents/call?environment=staging', {
    id: deployed.id,
    messages: hello,
  });
  expect(none).toMatchObject({ statusCode: 404, body: { code: 'nothing_deployed' } });
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
