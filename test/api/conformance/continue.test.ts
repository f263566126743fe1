import { afterAll, describe, expect, test } from 'vitest';
import { openaiProvider } from '../../../src/providers/openai/openai-provider.ts';
import { answerTo, callOf, hello, lookup, scripted } from '../../support/agents.ts';
import { type Answer, testApp } from '../../support/app.ts';
import { startFakeProvider } from '../../support/fake-provider.ts';
import { environmentIds, fileOfKind } from '../../support/files.ts';
import { expectRefusal } from '../../support/refusals.ts';

const fake = await startFakeProvider();
afterAll(() => fake.close());

/** The server has no key for this provider of its own. */
const api = await testApp({
  providers: { openai: openaiProvider({ apiKey: undefined, baseUrl: `${fake.url}/v1` }) },
});

const asking = { content: 'Let me see.', tool_calls: [callOf('lookup', { key: 'a' })] };
const askingTwice = {
  tool_calls: [callOf('lookup', { key: 'a' }), callOf('lookup', { key: 'b' })],
};

type Script = Parameters<typeof scripted>[0];

/** The log of a run that waits for its client. */
async function suspended(
  script: Script = [asking, { content: 'Done.' }],
  body: object = {},
): Promise<Answer['body']> {
  const request = { path: 'agent', agent: scripted(script), messages: hello, ...body };
  const { body: log } = await api.post('/agents/call', request);
  expect(log.log_status).toBe('incomplete');
  return log;
}

const proceed = (log_id: string, messages: object[], more: object = {}) =>
  api.post('/agents/continue', { log_id, messages, ...more });

const found = [answerTo('call_1_1', 'found')];

test('B4: `log_id` is required', async () => {
  expectRefusal(await api.post('/agents/continue', { messages: found }), 422, ['body', 'log_id']);
});

test('B4: `messages` is required', async () => {
  const { id } = await suspended();
  const answer = await api.post('/agents/continue', { log_id: id });
  expectRefusal(answer, 422, ['body', 'messages']);
});

test.each([
  ['missing', {}],
  ['false', { stream: false }],
])('B4: when `stream` is %s the answer is one body of JSON', async (_, more) => {
  const { headers, statusCode } = await proceed((await suspended()).id, found, more);
  expect(statusCode).toBe(200);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
});

test('B4: when `stream` is true the answer is server-sent events', async () => {
  const { headers, body } = await proceed((await suspended()).id, found, { stream: true });
  expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
  expect(body).toContain('"type":"agent_turn_continue"');
});

test('B4: the answer has the fields of the answer to a call', async () => {
  const log = await suspended();
  const { body } = await proceed(log.id, found);
  expect(Object.keys(body).toSorted()).toEqual(Object.keys(log).toSorted());
});

test('B4: the log that is continued is the same', async () => {
  const log = await suspended();
  const { body } = await proceed(log.id, found);
  expect(body).toMatchObject({ id: log.id, log_id: log.id, created_at: log.created_at });
});

test('B4: messages are added to those of the log', async () => {
  const log = await suspended();
  const { body } = await proceed(log.id, found);
  expect(body.messages).toEqual([...log.messages, ...found]);
});

test('B4: no history is needed: the model is told all of it', async () => {
  const log = await suspended([asking, { content: 'Done.' }], { messages: hello });
  const { body } = await proceed(log.id, found);
  expect(body.provider_request.messages).toMatchObject([
    ...hello,
    { role: 'assistant', tool_calls: [{ id: 'call_1_1' }] },
    ...found,
  ]);
});

test('B4: messages after the answers are told to the model after them', async () => {
  const log = await suspended();
  const more = { role: 'user', content: 'Be quick.' };
  const { body } = await proceed(log.id, [...found, more]);
  expect(body.provider_request.messages.slice(-2)).toMatchObject([...found, more]);
});

test('B4: when it goes on, the order is: history, the model’s message, results, what was sent', async () => {
  const { id: promptId } = await fileOfKind(api, 'prompt', 'helper', {
    provider: 'mock',
    model: 'mock',
    template: [{ role: 'user', content: '{{question}}' }],
    other: { script: [{ content: 'server side' }] },
  });
  const calls = [callOf('lookup'), callOf('helper', { question: 'x' })];
  const agent = scripted([{ tool_calls: calls }, { content: 'Done.' }], {
    tools: [lookup, { type: 'file', link: { file_id: promptId } }],
    template: [{ role: 'system', content: 'You help.' }],
  });
  const log = await suspended([], { agent });
  const { body } = await proceed(log.id, [answerTo('call_1_1', 'client side')]);
  expect(body.provider_request.messages).toMatchObject([
    { role: 'system', content: 'You help.' },
    ...hello,
    { role: 'assistant', tool_calls: [{ id: 'call_1_1' }, { id: 'call_1_2' }] },
    { role: 'tool', tool_call_id: 'call_1_2', content: 'server side' },
    { role: 'tool', tool_call_id: 'call_1_1', content: 'client side' },
  ]);
});

describe('what cannot be continued', () => {
  test('B4: an unknown log is not found', async () => {
    expectRefusal(await proceed('log_none', found), 404);
  });

  test('B4: a log of another kind is not found', async () => {
    const { id } = await fileOfKind(api, 'prompt', 'other kind', {
      provider: 'mock',
      model: 'mock',
      template: [{ role: 'user', content: '{{question}}' }],
      other: { script: [{ content: 'x' }] },
    });
    const { body } = await api.post('/agents/call', {
      path: 'with a prompt',
      agent: scripted([{ tool_calls: [callOf('other_kind', { question: 'x' })] }], {
        tools: [{ type: 'file', link: { file_id: id }, on_agent_call: 'stop' }],
      }),
      messages: hello,
      include_trace_children: true,
    });
    expectRefusal(await proceed(body.trace_children[0].id, found), 404);
  });

  test('B4: a complete log is a conflict', async () => {
    const log = await suspended();
    await proceed(log.id, found);
    expect(await proceed(log.id, found)).toMatchObject({
      statusCode: 409,
      body: { code: 'not_suspended' },
    });
  });

  test('B4: an open log that was not called but logged is a conflict', async () => {
    const { body } = await api.post('/agents/log', {
      path: 'agent',
      agent: scripted([]),
      log_status: 'incomplete',
    });
    expect(await proceed(body.id, found)).toMatchObject({
      statusCode: 409,
      body: { code: 'not_suspended' },
    });
  });

  test('B4: a finished call whose log was kept open is a conflict', async () => {
    const { body } = await api.post('/agents/call', {
      path: 'agent',
      agent: scripted([{ content: 'Hi.' }]),
      messages: hello,
      log_status: 'incomplete',
    });
    expectRefusal(await proceed(body.id, found), 409);
  });
});

describe('answers', () => {
  test('B4: must be there for every call that waits: the ids that have none are listed', async () => {
    const log = await suspended([askingTwice, { content: 'Done.' }]);
    const answer = await proceed(log.id, []);
    expectRefusal(answer, 422, ['body', 'messages']);
    expect(answer.body.detail[0].msg).toContain('`call_1_1`');
    expect(answer.body.detail[0].msg).toContain('`call_1_2`');
  });

  test('B4: that are there are not listed as missing', async () => {
    const log = await suspended([askingTwice, { content: 'Done.' }]);
    const { body } = await proceed(log.id, found);
    expect(body.detail[0].msg).not.toContain('`call_1_1`');
    expect(body.detail[0].msg).toContain('`call_1_2`');
  });

  test('B4: to a call that was not made are refused', async () => {
    const log = await suspended();
    const answer = await proceed(log.id, [...found, answerTo('call_9_9', 'x')]);
    expectRefusal(answer, 422, ['body', 'messages', 1, 'tool_call_id']);
  });

  test('B4: may come in any order: they are kept in that of the calls, before all the rest', async () => {
    const log = await suspended([askingTwice, { content: 'Done.' }]);
    const { body } = await proceed(log.id, [
      { role: 'user', content: 'Be quick.' },
      answerTo('call_1_2', 'b'),
      answerTo('call_1_1', 'a'),
    ]);
    expect(body.output).toBe('Done.');
    const contents = body.messages.slice(2).map(({ content }: { content: string }) => content);
    // Vendors want the answers right after the calls.
    expect(contents).toEqual(['a', 'b', 'Be quick.']);
  });

  test('B4: to a call that the server has run are passed over', async () => {
    const { id: promptId } = await fileOfKind(api, 'prompt', 'twice', {
      provider: 'mock',
      model: 'mock',
      template: [{ role: 'user', content: '{{question}}' }],
      other: { script: [{ content: 'server side' }] },
    });
    const calls = [callOf('lookup'), callOf('twice', { question: 'x' })];
    const agent = scripted([{ tool_calls: calls }, { content: 'Done.' }], {
      tools: [lookup, { type: 'file', link: { file_id: promptId } }],
    });
    const log = await suspended([], { agent });
    const { statusCode, body } = await proceed(log.id, [
      ...found,
      answerTo('call_1_2', 'client side'),
    ]);
    expect(statusCode).toBe(200);
    expect(JSON.stringify(body.messages)).toContain('server side');
    expect(JSON.stringify(body.messages)).not.toContain('client side');
  });

  test('B4: that were refused leave the run as it was', async () => {
    const log = await suspended();
    await proceed(log.id, []);
    expect((await proceed(log.id, found)).body.output).toBe('Done.');
  });
});

describe('of two continues at once', () => {
  const slowly = [asking, { content: 'Done.', delay_ms: 300 }];

  test('B4: equal ones are one: both are answered with the same run', async () => {
    const log = await suspended(slowly);
    const [one, other] = await Promise.all([proceed(log.id, found), proceed(log.id, found)]);
    for (const { statusCode, body } of [one, other]) {
      expect({ statusCode, output: body.output }).toEqual({ statusCode: 200, output: 'Done.' });
    }
    expect(other?.body.end_time).toBe(one?.body.end_time);
    expect((await api.get(`/logs/${log.id}`)).body.turns).toHaveLength(2);
  });

  test('B4: different ones are one run and one conflict', async () => {
    const log = await suspended(slowly);
    const answers = await Promise.all([
      proceed(log.id, found),
      proceed(log.id, [answerTo('call_1_1', 'something else')]),
    ]);
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 409]);
  });
});

describe('the run that goes on', () => {
  test('B4: has the version of the call, whatever is deployed now', async () => {
    const log = await suspended();
    const spec = scripted([asking, { content: 'Another.' }]);
    const { body: newer } = await api.post('/agents', { id: log.agent.id, ...spec });
    const { production } = await environmentIds(api, newer.id);
    await api.post(`/agents/${newer.id}/environments/${production}?version_id=${newer.version_id}`);
    const { body } = await proceed(log.id, found);
    expect(body).toMatchObject({ output: 'Done.', agent: { version_id: log.agent.version_id } });
  });

  test('B4: has the inputs of the call', async () => {
    const agent = scripted([asking, { content: 'Done.' }], {
      template: [{ role: 'system', content: 'You help {{name}}.' }],
    });
    const log = await suspended([], { agent, inputs: { name: 'Ada' } });
    const { body } = await proceed(log.id, found);
    expect(body.inputs).toEqual({ name: 'Ada' });
    expect(body.provider_request.messages[0].content).toBe('You help Ada.');
  });

  test('B4: has the user of the call', async () => {
    const log = await suspended(undefined, { user: 'ada' });
    expect((await proceed(log.id, found)).body.user).toBe('ada');
  });

  test('B4: has the place in the trace of the call', async () => {
    const { body: root } = await api.post('/agents/log', {
      path: 'root',
      agent: { model: 'm' },
      log_status: 'incomplete',
    });
    const log = await suspended(undefined, { trace_parent_id: root.id });
    const { body } = await proceed(log.id, found);
    expect(body).toMatchObject({ trace_parent_id: root.id, trace_id: root.id });
  });

  test('B4: may choose tools as it likes, though the call forced one', async () => {
    const log = await suspended(undefined, { tool_choice: 'required' });
    const { body } = await proceed(log.id, found);
    expect(body.provider_request).not.toHaveProperty('tool_choice');
    expect(body.tool_choice).toBe('required');
  });

  test('B4: keeps to a `tool_choice` of the call that forbids tools', async () => {
    const log = await suspended(undefined, { tool_choice: 'none' });
    const { body } = await proceed(log.id, found);
    expect(body.provider_request.tool_choice).toBe('none');
  });

  test('B4: may suspend again, any number of times', async () => {
    const log = await suspended([asking, asking, asking, { content: 'Done.' }]);
    for (const turn of [1, 2]) {
      const { body } = await proceed(log.id, [answerTo(`call_${turn}_1`, 'x')]);
      expect(body).toMatchObject({
        id: log.id,
        log_status: 'incomplete',
        previous_agent_message: { tool_calls: [{ id: `call_${turn + 1}_1` }] },
      });
    }
    const { body: done } = await proceed(log.id, [answerTo('call_3_1', 'x')]);
    expect(done).toMatchObject({ id: log.id, log_status: 'complete', output: 'Done.' });
    expect(done.messages.map(({ role }: { role: string }) => role)).toEqual([
      'user',
      ...['assistant', 'tool', 'assistant', 'tool', 'assistant', 'tool'],
    ]);
  });

  test('B4: has no `previous_agent_message` once it is complete', async () => {
    const log = await suspended();
    expect((await proceed(log.id, found)).body.previous_agent_message).toBeNull();
  });
});

test('B4: `provider_api_keys` are not kept: they must be sent again', async () => {
  fake.script([
    { toolCalls: [{ id: 'call_a', name: 'lookup', arguments: { key: 'a' } }] },
    { text: 'Done.' },
  ]);
  const keys = { provider_api_keys: { openai: 'sk-of-this-call-0123456789' } };
  const agent = { provider: 'openai', model: 'gpt-4o', tools: [lookup] };
  const { id } = await suspended([], { agent, ...keys });
  const answers = [answerTo('call_a', 'found')];
  expect(await proceed(id, answers)).toMatchObject({
    statusCode: 422,
    body: { code: 'missing_provider_key' },
  });
  expect((await proceed(id, answers, keys)).body.output).toBe('Done.');
});
