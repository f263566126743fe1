import { describe, expect, test } from 'vitest';
import { expireSealedRuns } from '../../../src/runtime/runs/rest-queries.ts';
import { sealedHours } from '../../../src/runtime/runs/sealed-conversation.ts';
import { answerTo, callOf, hello, scripted } from '../../support/agents.ts';
import { type Answer, testApp } from '../../support/app.ts';
import { databaseText } from '../../support/database-text.ts';
import { fileOfKind } from '../../support/files.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

const { body: agent } = await api.post('/agents', {
  path: 'agent',
  ...scripted([{ content: 'Hi.' }]),
});
const { body: waiting } = await api.post('/agents', {
  path: 'waiting',
  ...scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Done.' }]),
});

let logs = 0;
const newLogId = () => `my-own_log.${++logs}`;

const logOf = async (id: string): Promise<Answer['body']> => (await api.get(`/logs/${id}`)).body;

/** Both ways to make a log. */
const ways = [
  {
    name: 'call',
    send: (body: object = {}) =>
      api.post('/agents/call', { id: agent.id, messages: hello, ...body }),
  },
  { name: 'log', send: (body: object = {}) => api.post('/agents/log', { id: agent.id, ...body }) },
];

describe.each(ways)('in $name', ({ name, send }) => {
  test('C: log_id is made when there is none', async () => {
    expect((await send()).body.id).toMatch(/^log_[0-9a-z]{26}$/);
  });

  test('C: log_id is used verbatim as the id of the log', async () => {
    const log_id = newLogId();
    expect((await send({ log_id })).body.id).toBe(log_id);
  });

  test('C: log_id is echoed', async () => {
    const log_id = newLogId();
    await send({ log_id });
    expect(await logOf(log_id)).toMatchObject({ id: log_id, log_id });
  });

  test('C: log_id that another request has taken is a conflict', async () => {
    const log_id = newLogId();
    await send({ log_id, user: 'ada' });
    expect(await send({ log_id, user: 'bob' })).toMatchObject({
      statusCode: 409,
      body: { code: 'log_id_taken' },
    });
  });

  test('C: log_id that the other endpoint has taken is a conflict', async () => {
    const log_id = newLogId();
    await ways.find((way) => way.name !== name)?.send({ log_id });
    expect((await send({ log_id })).statusCode).toBe(409);
  });

  test('C: log_id in an equal request is answered with the log that is there', async () => {
    const log_id = newLogId();
    const first = await send({ log_id });
    const again = await send({ log_id });
    expect(again).toMatchObject({ statusCode: 200, body: { id: log_id } });
    expect(again.body.created_at).toBe(first.body.created_at);
  });

  test('C: log_id in equal requests at once makes one log', async () => {
    const log_id = newLogId();
    const answers = await Promise.all([1, 2, 3, 4].map(() => send({ log_id, source: name })));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.id))).toEqual(new Set([log_id]));
  });

  test.each(['a/b', 'a b', 'ä', ''])(
    'C: log_id that no address can hold is refused: %j',
    async (log_id) => {
      expectRefusal(await send({ log_id }), 422, ['body', 'log_id']);
    },
  );

  test.each([
    ['user', 'ada'],
    ['source', 'app'],
    ['metadata', { ticket: 7, more: ['x'] }],
    ['source_datapoint_id', 'dp_1'],
    ['environment', 'canary'],
  ])('C: %s is recorded and echoed: %j', async (field, value) => {
    const { body } = await send({ [field]: value });
    expect((await logOf(body.id))[field]).toEqual(value);
  });

  test('C: trace_parent_id of no log is not found', async () => {
    expectRefusal(await send({ trace_parent_id: 'log_none' }), 404);
  });

  test('C: trace_parent_id in a completed trace is a conflict', async () => {
    const root = await openRoot();
    await api.patch(`/agents/${agent.id}/log/${root}`, { log_status: 'complete' });
    expect((await send({ trace_parent_id: root })).statusCode).toBe(409);
  });

  test('C: trace_parent_id of a log whose root is complete is a conflict', async () => {
    const root = await openRoot();
    const child = await openRoot({ trace_parent_id: root });
    await api.patch(`/agents/${agent.id}/log/${root}`, { log_status: 'complete' });
    expect((await send({ trace_parent_id: child })).statusCode).toBe(409);
  });

  test('C: trace_parent_id is recorded, and trace_id is the root', async () => {
    const root = await openRoot();
    const { body } = await send({ trace_parent_id: root });
    expect(await logOf(body.id)).toMatchObject({ trace_parent_id: root, trace_id: root });
  });

  test('C: trace_parent_id may be any log of the trace; trace_id is the root still', async () => {
    const root = await openRoot();
    const child = await openRoot({ trace_parent_id: root });
    const { body } = await send({ trace_parent_id: child });
    expect(await logOf(body.id)).toMatchObject({ trace_parent_id: child, trace_id: root });
  });

  test('C: trace_flow_id is null when the root is of no flow', async () => {
    const { body } = await send({ trace_parent_id: await openRoot() });
    expect((await logOf(body.id)).trace_flow_id).toBeNull();
  });
});

/** An open log that others can stand below. */
async function openRoot(more: object = {}): Promise<string> {
  const request = { id: agent.id, log_status: 'incomplete', ...more };
  return (await api.post('/agents/log', request)).body.id;
}

describe('C: save is true unless it is said otherwise', () => {
  test.each(ways)('in $name', async ({ send }) => {
    const { body } = await send({ inputs: { a: 1 } });
    expect(await logOf(body.id)).toMatchObject({ save: true, inputs: { a: 1 } });
  });
});

describe('C: save: false in a log', () => {
  const secret = 'a-secret-of-the-user';
  const message = { role: 'user', content: secret };

  test.each([
    ['inputs', { a: secret }, {}],
    ['messages', [message], []],
    ['output', secret, null],
    ['output_message', { role: 'assistant', content: secret }, null],
    ['provider_request', { a: secret }, null],
    ['provider_response', { a: secret }, null],
    ['error', secret, null],
    ['stdout', secret, null],
  ])('drops %s', async (field, value, shown) => {
    const { body } = await api.post('/agents/log', { id: agent.id, save: false, [field]: value });
    expect(await logOf(body.id)).toMatchObject({ save: false, [field]: shown });
    expect(await databaseText(api.database)).not.toContain(secret);
  });

  test.each([
    ['created_at', '2026-05-01T12:00:00.000000Z'],
    ['start_time', '2026-05-01T12:00:00.000000Z'],
    ['end_time', '2026-05-01T12:00:00.000000Z'],
    ['prompt_tokens', 10],
    ['reasoning_tokens', 2],
    ['output_tokens', 5],
    ['prompt_cost', 0.1],
    ['output_cost', 0.2],
    ['log_status', 'incomplete'],
    ['finish_reason', 'stop'],
  ])('keeps %s', async (field, value) => {
    const { body } = await api.post('/agents/log', { id: agent.id, save: false, [field]: value });
    expect((await logOf(body.id))[field]).toEqual(value);
  });

  test('keeps the ids of log, agent and version', async () => {
    const log_id = newLogId();
    await api.post('/agents/log', { id: agent.id, save: false, log_id });
    expect(await logOf(log_id)).toMatchObject({
      id: log_id,
      agent: { id: agent.id, version_id: agent.version_id },
    });
  });

  test.each([
    ['output', secret],
    ['error', secret],
    ['messages', [message]],
    ['inputs', { a: secret }],
    ['output_message', { role: 'assistant', content: secret }],
  ])('drops %s that a change brings', async (field, value) => {
    const { body } = await api.post('/agents/log', { id: agent.id, save: false });
    await api.patch(`/agents/${agent.id}/log/${body.id}`, { [field]: value });
    expect(await databaseText(api.database)).not.toContain(secret);
  });
});

describe('C: save: false in a call', () => {
  const secret = 'words-of-the-user';
  const ask = [{ role: 'user', content: secret }];

  test('answers in full', async () => {
    const { body } = await api.post('/agents/call', { id: agent.id, messages: ask, save: false });
    expect(body).toMatchObject({ save: false, output: 'Hi.', messages: ask });
  });

  test('drops the payloads', async () => {
    const { body } = await api.post('/agents/call', {
      id: agent.id,
      messages: ask,
      inputs: { a: secret },
      save: false,
    });
    expect(await logOf(body.id)).toMatchObject({
      inputs: {},
      messages: [],
      output: null,
      output_message: null,
      provider_request: null,
      provider_response: null,
    });
    expect(await databaseText(api.database)).not.toContain(secret);
  });

  test('keeps version, times, tokens and status', async () => {
    const { body } = await api.post('/agents/call', { id: agent.id, messages: ask, save: false });
    const log = await logOf(body.id);
    for (const field of [
      'created_at',
      'start_time',
      'end_time',
      'prompt_tokens',
      'output_tokens',
    ]) {
      expect({ field, value: log[field] }).toEqual({ field, value: body[field] });
    }
    expect(log).toMatchObject({
      log_status: 'complete',
      agent: { version_id: agent.version_id },
    });
  });

  test('drops the payloads of what it called', async () => {
    const { id } = await fileOfKind(api, 'prompt', 'repeat', {
      provider: 'mock',
      model: 'mock',
      template: [{ role: 'user', content: '{{question}}' }],
      other: {},
    });
    const { body } = await api.post('/agents/call', {
      path: 'with children',
      agent: {
        provider: 'mock',
        model: 'mock',
        tools: [{ type: 'file', link: { file_id: id } }],
      },
      messages: [{ role: 'user', content: `Please repeat "${secret}"` }],
      save: false,
    });
    const { trace_children: children } = await logOf(body.id);
    expect(children).toMatchObject([
      { save: false, inputs: {}, messages: [], output: null, provider_request: null },
    ]);
    expect(await databaseText(api.database)).not.toContain(secret);
  });

  test('keeps what a suspended run needs until it is continued', async () => {
    const call = { id: waiting.id, messages: ask, save: false };
    const { body: log } = await api.post('/agents/call', call);
    const messages = [answerTo('call_1_1', 'x')];
    const { body } = await api.post('/agents/continue', { log_id: log.id, messages });
    expect(body.provider_request.messages).toMatchObject([
      ...ask,
      { role: 'assistant' },
      ...messages,
    ]);
  });

  test('keeps that so that nobody can read it', async () => {
    await api.post('/agents/call', { id: waiting.id, messages: ask, save: false });
    expect(await databaseText(api.database)).not.toContain(secret);
  });

  test('drops it after 24 hours, and the run with it', async () => {
    const call = { id: waiting.id, messages: ask, save: false };
    const { body: log } = await api.post('/agents/call', call);
    const age = (hours: number) =>
      api.database.pool.query(
        'UPDATE run SET suspended_at = now() - make_interval(hours => $2) WHERE log_id = $1',
        [log.id, hours],
      );
    await age(23);
    await expireSealedRuns(api.database, sealedHours);
    expect((await logOf(log.id)).log_status).toBe('incomplete');
    await age(25);
    await expireSealedRuns(api.database, sealedHours);
    expect((await logOf(log.id)).log_status).toBe('complete');
    const messages = [answerTo('call_1_1', 'x')];
    const late = await api.post('/agents/continue', { log_id: log.id, messages });
    expect(late.statusCode).toBe(409);
  });

  test('drops it once the run has ended', async () => {
    const call = { id: waiting.id, messages: ask, save: false };
    const { body: log } = await api.post('/agents/call', call);
    await api.post('/agents/continue', { log_id: log.id, messages: [answerTo('call_1_1', 'x')] });
    expect(await logOf(log.id)).toMatchObject({ messages: [], output: null, run: null });
    const { rows } = await api.database.pool.query('SELECT FROM run WHERE log_id = $1', [log.id]);
    expect(rows).toEqual([]);
  });
});

describe('C: return_inputs', () => {
  const call = (url: string, body: object) =>
    api.post(url, { id: agent.id, messages: hello, inputs: { name: 'Ada' }, ...body });

  test.each([
    ['absent', {}],
    ['true', { return_inputs: true }],
  ])('%s: the answer has the inputs', async (_, body) => {
    expect((await call('/agents/call', body)).body.inputs).toEqual({ name: 'Ada' });
  });

  test('false: the answer has `inputs: {}`', async () => {
    expect((await call('/agents/call', { return_inputs: false })).body.inputs).toEqual({});
  });

  test('false: the log has the inputs', async () => {
    const { body } = await call('/agents/call', { return_inputs: false });
    expect((await logOf(body.id)).inputs).toEqual({ name: 'Ada' });
  });

  test('false: the last event of a stream has `inputs: {}` too', async () => {
    const events = await api.stream('/agents/call', {
      id: agent.id,
      messages: hello,
      inputs: { name: 'Ada' },
      return_inputs: false,
    });
    expect(events.at(-1)?.payload.inputs).toEqual({});
  });
});

describe('C: include_trace_children', async () => {
  const inner = await api.post('/agents', {
    path: 'trace/Inner',
    ...scripted(
      [{ tool_calls: [callOf('innermost', { question: 'x' })] }, { content: 'From within.' }],
      {
        tools: [
          {
            type: 'file',
            link: {
              file_id: (
                await fileOfKind(api, 'prompt', 'trace/Innermost', {
                  provider: 'mock',
                  model: 'mock',
                  template: [{ role: 'user', content: '{{question}}' }],
                  other: { script: [{ content: 'deepest' }] },
                })
              ).id,
            },
          },
        ],
      },
    ),
  });
  const outer = scripted(
    [
      { tool_calls: [callOf('inner', { message: 'one' })] },
      { tool_calls: [callOf('inner', { message: 'two' })] },
      { content: 'Done.' },
    ],
    { tools: [{ type: 'file', link: { file_id: inner.body.id } }] },
  );
  const request = { path: 'trace/outer', agent: outer, messages: hello };

  test.each([
    ['absent', {}],
    ['false', { include_trace_children: false }],
  ])('%s: `trace_children` is null', async (_, body) => {
    const { body: log } = await api.post('/agents/call', { ...request, ...body });
    expect(log.trace_children).toBeNull();
  });

  test('true: the whole tree is there, in the order in which it was run', async () => {
    const body = { ...request, include_trace_children: true };
    const { body: log } = await api.post('/agents/call', body);
    const trace_children = [{ output: 'deepest', trace_id: log.id, trace_children: [] }];
    const child = { trace_parent_id: log.id, trace_children };
    expect(log.trace_children).toMatchObject([child, child]);
    const [one, two] = log.trace_children;
    expect([one.messages[0].content, two.messages[0].content]).toEqual(['one', 'two']);
  });

  test('false in a continue: `trace_children` is null', async () => {
    const { body: log } = await api.post('/agents/call', { id: waiting.id, messages: hello });
    const messages = [answerTo('call_1_1', 'x')];
    const { body } = await api.post('/agents/continue', { log_id: log.id, messages });
    expect(body.trace_children).toBeNull();
  });

  test('true in a continue: the tree is there', async () => {
    const { body: log } = await api.post('/agents/call', { id: waiting.id, messages: hello });
    const { body } = await api.post('/agents/continue', {
      log_id: log.id,
      messages: [answerTo('call_1_1', 'x')],
      include_trace_children: true,
    });
    expect(body.trace_children).toEqual([]);
  });

  test('true in a stream: `trace_children` is null', async () => {
    const events = await api.stream('/agents/call', { ...request, include_trace_children: true });
    expect(events.at(-1)?.payload.trace_children).toBeNull();
  });
});

test('C: run_id of no evaluation run is not found', async () => {
  expectRefusal(await api.post('/agents/log', { id: agent.id, run_id: 'rn_none' }), 404);
});

test('C: provider_api_keys are stored and logged nowhere', async () => {
  const key = 'sk-of-this-call-0123456789';
  const { statusCode, body } = await api.post('/agents/call', {
    id: agent.id,
    messages: hello,
    provider_api_keys: { mock: key, openai: key },
  });
  expect(statusCode).toBe(200);
  const everything = [JSON.stringify(body), await databaseText(api.database), ...api.logged];
  expect(everything.join('\n')).not.toContain(key);
});

test('C: trace_flow_id is the file of the root, when that is a flow', async () => {
  const { body: flow } = await api.post('/flows/log', {
    path: 'flow',
    flow: { attributes: {} },
    log_status: 'incomplete',
  });
  const { body } = await api.post('/agents/call', {
    id: agent.id,
    messages: hello,
    trace_parent_id: flow.id,
  });
  expect(body).toMatchObject({ trace_id: flow.id, trace_flow_id: flow.flow_id });
});

test('C: metadata can be searched for in a list of logs', async () => {
  const { body: log } = await api.post('/agents/log', {
    path: 'searched',
    agent: { model: 'm' },
    metadata: { ticket: 'T-1234' },
  });
  await api.post('/agents/log', { path: 'searched', metadata: { ticket: 'T-9' } });
  const { body } = await api.get(`/logs?file_id=${log.agent_id}&metadata_search=T-1234`);
  expect(body.records).toMatchObject([{ id: log.id }]);
});

test('C: a log_id of the client’s own may look as it likes', async () => {
  const log_id = 'medqa_experiment_0001';
  const { body } = await api.post('/agents/log', { id: agent.id, log_id });
  expect(body.id).toBe(log_id);
});
