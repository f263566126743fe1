import { describe, expect, test } from 'vitest';
import { callOf, hello, lookup, scripted } from '../../support/agents.ts';
import { testApp } from '../../support/app.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

const template = [{ role: 'system', content: 'You help {{name}}.' }];
const sayHi = scripted([{ content: 'Hi.' }]);

const { body: agent } = await api.post('/agents', { path: 'agent', ...sayHi });

/** Calls the agent, or the inline one that the body has. */
async function called(body: object = {}) {
  const target = 'agent' in body ? { path: 'inline' } : { id: agent.id };
  const answer = await api.post('/agents/call', { ...target, messages: hello, ...body });
  expect(answer.statusCode, JSON.stringify(answer.body)).toBe(200);
  return answer;
}

const jsonType = 'application/json; charset=utf-8';

test.each([
  ['missing', {}],
  ['null', { stream: null }],
  ['false', { stream: false }],
])('B3: when `stream` is %s the answer is one body of JSON', async (_, body) => {
  expect((await called(body)).headers['content-type']).toBe(jsonType);
});

test('B3: when `stream` is true the answer is server-sent events', async () => {
  const { headers, body } = await called({ stream: true });
  expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
  expect(body).toContain('"type":"agent_turn_end"');
});

test('B3: `messages` come after the rendered template', async () => {
  const { body } = await called({ agent: { ...sayHi, template }, inputs: { name: 'Ada' } });
  expect(body.provider_request.messages).toEqual([
    { role: 'system', content: 'You help Ada.' },
    ...hello,
  ]);
});

test('B3: without `messages` the template is all that the model is told', async () => {
  const { body } = await called({
    agent: { ...sayHi, template },
    inputs: { name: 'Ada' },
    messages: undefined,
  });
  expect(body.provider_request.messages).toEqual([{ role: 'system', content: 'You help Ada.' }]);
});

test('B3: an input that the template needs and the call lacks is refused', async () => {
  const call = { path: 'inline', agent: { ...sayHi, template }, messages: hello };
  expectRefusal(await api.post('/agents/call', call), 422);
});

const choosing = { provider: 'mock', model: 'mock', tools: [lookup] };
const askForLookup = [{ role: 'user', content: 'Use lookup, please.' }];

test.each([
  ['absent, with tools,', undefined, ['lookup']],
  ['`auto`', 'auto', ['lookup']],
  ['`none`', 'none', undefined],
  ['`required`', 'required', ['lookup']],
  ['the name of a function', { type: 'function', function: { name: 'lookup' } }, ['lookup']],
])(
  'B3: a `tool_choice` that is %s decides whether tools may be called',
  async (_, choice, names) => {
    const body = { agent: choosing, messages: askForLookup, tool_choice: choice };
    const { body: log } = await called(body);
    const calls = log.previous_agent_message?.tool_calls;
    expect(calls?.map((call: { function: { name: string } }) => call.function.name)).toEqual(names);
  },
);

test('B3: a `tool_choice` that is absent, without tools, is none: no tool can be called', async () => {
  const { body } = await called({
    agent: { ...choosing, tools: [] },
    messages: askForLookup,
  });
  expect(body).toMatchObject({ log_status: 'complete', previous_agent_message: null });
  expect(body.provider_request).not.toHaveProperty('tools');
});

test.each([
  ['the fields of an agent', { ...sayHi, temperature: 0.5 }],
  [
    'the text of an `.agent` file',
    '---\nmodel: mock\nprovider: mock\ntemperature: 0.5\nother: {"script": [{"content": "Hi."}]}\n---\n',
  ],
])('B3: `agent` may be %s', async (_, inline) => {
  const { body } = await called({ agent: inline });
  expect(body).toMatchObject({ output: 'Hi.', agent: { path: 'inline', temperature: 0.5 } });
});

test('B3: without `inputs` there are none', async () => {
  expect((await called()).body.inputs).toEqual({});
});

test.each([
  ['inputs', { name: 'Ada', more: [1, { a: true }] }],
  ['source', 'app'],
  ['metadata', { ticket: 7 }],
  ['user', 'ada'],
  ['start_time', '2026-05-01T12:00:00.123456Z'],
  ['end_time', '2126-05-01T12:00:00.123456Z'],
  ['source_datapoint_id', 'dp_1'],
  ['environment', 'canary'],
  ['tool_choice', 'auto'],
  ['messages', [{ role: 'user', content: [{ type: 'text', text: 'Hello' }], name: 'ada' }]],
])('B3: `%s` is recorded: %j', async (field, value) => {
  const { body } = await called({ [field]: value });
  expect(body[field]).toEqual(value);
  expect((await api.get(`/logs/${body.id}`)).body[field]).toEqual(value);
});

test('B3: times that are not given are measured', async () => {
  const from = Date.now();
  const { body } = await called({ agent: scripted([{ content: 'Hi.', delay_ms: 30 }]) });
  const [start, end] = [Date.parse(body.start_time), Date.parse(body.end_time)];
  expect(start).toBeGreaterThanOrEqual(from);
  expect(end - start).toBeGreaterThanOrEqual(29);
  expect(end).toBeLessThanOrEqual(Date.now());
  expect(body.provider_latency).toBeCloseTo((end - start) / 1_000, 2);
});

test('B3: `log_status: incomplete` keeps the log of a finished call open', async () => {
  const { body } = await called({ log_status: 'incomplete' });
  expect(body).toMatchObject({ log_status: 'incomplete', output: 'Hi.', run: null });
});

test('B3: a log that was kept open is completed by a change', async () => {
  const { body } = await called({ log_status: 'incomplete' });
  const url = `/agents/${agent.id}/log/${body.id}`;
  expect((await api.patch(url, { log_status: 'complete' })).body).toMatchObject({
    log_status: 'complete',
    output: 'Hi.',
  });
});

test('B3: `log_status: complete` is passed over: a call that must wait is incomplete', async () => {
  const waiting = scripted([{ tool_calls: [callOf('lookup')] }]);
  const { body } = await called({ agent: waiting, log_status: 'complete' });
  expect(body.log_status).toBe('incomplete');
});

test.each([{ run_id: 'rn_none' }, { num_samples: 3 }, { logprobs: 1 }, { suffix: 'x' }])(
  'B3: what calls of agents do not know is passed over: %j',
  async (body) => {
    expect((await called(body)).body.output).toBe('Hi.');
  },
);

describe('the answer', () => {
  test('B3: is a flat log, with its agent', async () => {
    const { body } = await called();
    expect(body).toMatchObject({
      id: expect.stringMatching(/^log_/),
      agent: { type: 'agent', id: agent.id, version_id: agent.version_id },
      output: 'Hi.',
      output_message: { role: 'assistant', content: 'Hi.' },
      log_status: 'complete',
    });
    expect(body).not.toHaveProperty('logs');
  });

  test('B3: always has `evaluator_logs`', async () => {
    expect((await called()).body.evaluator_logs).toEqual([]);
  });

  test.each([
    'log_id',
    'log_status',
    'previous_agent_message',
    'trace_children',
    'error',
    'created_at',
    'start_time',
    'end_time',
    'provider_latency',
    'stdout',
    'provider_request',
    'provider_response',
    'inputs',
    'source',
    'metadata',
    'source_datapoint_id',
    'trace_parent_id',
    'trace_flow_id',
    'trace_id',
    'batches',
    'user',
    'environment',
    'save',
    'messages',
    'tool_choice',
    'prompt_tokens',
    'reasoning_tokens',
    'output_tokens',
    'prompt_cost',
    'output_cost',
    'finish_reason',
  ])('B3: has `%s`', async (field) => {
    expect((await called()).body).toHaveProperty(field);
  });
});
