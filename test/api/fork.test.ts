import { expect, test } from 'vitest';
import { answerTo, callOf, hello, lookup, scripted, stop } from '../support/agents.ts';
import { apiKey, testApp, withoutCounters } from '../support/app.ts';
import { addOrganization } from '../support/organizations.ts';
import { expectRefusal, send } from '../support/refusals.ts';

const api = await testApp();

const asker = await fileAt('prompts', 'fork/Ask', {
  provider: 'mock',
  model: 'asked',
  template: [{ role: 'user', content: 'Ask: {{question}}' }],
});
const ask = { type: 'file', link: { file_id: asker }, on_agent_call: 'continue' };
const usage = { input_tokens: 100, output_tokens: 50 };
const script = [
  { tool_calls: [callOf('lookup', { key: 'a' })], usage },
  { tool_calls: [callOf('ask', { question: 'b' })], usage },
  { content: 'The end.', usage },
];

test('a fork runs a turn again, after a conversation that it has from the log and does not pay', async () => {
  const log = await finished('fork/plain');
  expect(log).toMatchObject({ output: 'The end.', prompt_tokens: 300 });
  const fork = await forked(log.id, { turn: 3 });
  expect(fork).toMatchObject({
    output: 'The end.',
    forked_from: { log_id: log.id, turn: 3 },
    messages: log.messages,
    prompt_tokens: 100,
    output_tokens: 50,
    log_status: 'complete',
  });
  expect(fork.id).not.toBe(log.id);
  expect(fork.agent.version_id).toBe(log.agent.version_id);
  // The tools of the turns before are not run again.
  expect((await api.get(`/logs/${fork.id}`)).body.trace_children).toEqual([]);
  const { spans } = (await api.get(`/logs/${fork.id}/spans`)).body;
  expect(spans.filter(({ kind }: { kind: string }) => kind !== 'call')).toMatchObject([
    { kind: 'agent', forked_from: { log_id: log.id, turn: 3 }, copied: false },
    { kind: 'turn', turn: 1, copied: true, prompt_tokens: 0 },
    { kind: 'turn', turn: 2, copied: true, prompt_tokens: 0 },
    { kind: 'turn', turn: 3, copied: false, prompt_tokens: 100 },
  ]);
  // The log that it was forked from is as it was.
  expect((await api.get(`/logs/${log.id}?include_trace_children=false`)).body).toMatchObject({
    forked_from: null,
    turns: log.turns,
  });
});

test('a fork has no end of the tool calls before its turn, and did not wait for them', async () => {
  const log = await finished('fork/times');
  const fork = await forked(log.id, { turn: 3 });
  const spansOf = async ({ id }: { id: string }) => (await api.get(`/logs/${id}/spans`)).body.spans;
  const [original, copy] = [await spansOf(log), await spansOf(fork)];
  const turns = original.filter(({ kind }: { kind: string }) => kind === 'turn');
  expect(copy.filter(({ kind }: { kind: string }) => kind === 'call')).toMatchObject(
    ['client', 'server'].map((by, index) => ({
      copied: true,
      status: 'complete',
      answered_by: by,
      started_at: turns[index].ended_at,
      ended_at: null,
      waits: [],
    })),
  );
});

test('a fork of the first turn has nothing but the messages of the call', async () => {
  const log = await finished('fork/first');
  const fork = await forked(log.id, { turn: 1 });
  expect(fork.turns).toHaveLength(1);
  expect(fork).toMatchObject({
    log_status: 'incomplete',
    forked_from: { log_id: log.id, turn: 1 },
    previous_agent_message: { tool_calls: [{ id: 'call_1_1' }] },
  });
});

test('messages and results before the turn can be edited, and the vendor is sent what they say now', async () => {
  const log = await finished('fork/edited');
  expect(log.messages.map(({ role }: { role: string }) => role)).toEqual([
    'user',
    'assistant',
    'tool',
    'assistant',
    'tool',
  ]);
  const fork = await forked(log.id, {
    turn: 3,
    edits: [
      { index: 0, content: 'Good evening' },
      { index: 1, content: 'I look.' },
      { index: 2, content: 'Found something else.' },
      { index: 4, content: [{ type: 'text', text: 'Asked again.' }] },
    ],
  });
  const sent = fork.provider_request.messages;
  expect(sent.map(({ content }: { content: unknown }) => content)).toEqual([
    'Good evening',
    'I look.',
    'Found something else.',
    log.messages[3].content,
    [{ type: 'text', text: 'Asked again.' }],
  ]);
  expect(fork.messages[1].tool_calls).toEqual(log.messages[1].tool_calls);
});

test('the version can be changed in part: what is not named stays, and a version of it is found or made', async () => {
  const log = await finished('fork/changed');
  const changes = { model: 'another', template: 'Be brief.', temperature: null };
  const fork = await forked(log.id, { turn: 2, agent: changes });
  expect(fork.agent).toMatchObject({
    model: 'another',
    template: 'Be brief.',
    tools: log.agent.tools.map(({ type }: { type: string }) => ({ type })),
    other: log.agent.other,
  });
  expect(fork.agent.version_id).not.toBe(log.agent.version_id);
  const again = await forked(log.id, { turn: 2, agent: changes });
  expect(again.agent.version_id).toBe(fork.agent.version_id);
  const unchanged = await forked(log.id, { turn: 2, agent: {} });
  expect(unchanged.agent.version_id).toBe(log.agent.version_id);
  const named = await forked(log.id, { turn: 2, version_id: fork.agent.version_id });
  expect(named.agent.version_id).toBe(fork.agent.version_id);
});

test('a fork after the last turn answers calls that are open, or goes on with what a user says', async () => {
  const waiting = await called('fork/waiting');
  const answered = await forked(waiting.id, {
    turn: 2,
    messages: [answerTo('call_1_1', 'another way')],
  });
  expect(answered).toMatchObject({ output: 'The end.', log_status: 'complete' });
  expect(answered.messages[2]).toEqual(answerTo('call_1_1', 'another way'));
  // The run that waits still waits.
  expect((await api.get(`/logs/${waiting.id}`)).body.run.state).toBe('suspended');

  const more = await forked(answered.id, {
    turn: 4,
    messages: [{ role: 'user', content: 'And then?' }],
    agent: { other: null },
  });
  expect(more.messages).toEqual([
    ...answered.messages,
    answered.output_message,
    { role: 'user', content: 'And then?' },
  ]);
  expect(more).toMatchObject({ output: expect.stringContaining('And then?') });
});

test('what does not fit is refused at its place, and nothing is run', async () => {
  const log = await finished('fork/refused');
  const waiting = await called('fork/refused-waiting');
  const before = (await api.get(`/logs?file_id=${log.agent.id}&size=0`)).body.total;
  const refusals: [string, object, (string | number)[]][] = [
    [log.id, {}, ['body', 'turn']],
    [log.id, { turn: 0 }, ['body', 'turn']],
    [log.id, { turn: 5 }, ['body', 'turn']],
    [log.id, { turn: 4 }, ['body', 'messages']],
    [log.id, { turn: 1, edits: [{ index: 1, content: 'x' }] }, ['body', 'edits', 0, 'index']],
    [
      log.id,
      { turn: 2, edits: [1, 1].map((index) => ({ index, content: 'x' })) },
      ['body', 'edits', 1, 'index'],
    ],
    [log.id, { turn: 2, agent: {}, version_id: 'agv_x' }, ['body', 'version_id']],
    [log.id, { turn: 2, agent: { max_iterations: 0 } }, ['body', 'agent', 'max_iterations']],
    [waiting.id, { turn: 2 }, ['body', 'messages']],
    [
      waiting.id,
      { turn: 2, messages: [answerTo('call_x', 'x'), answerTo('call_1_1', 'y')] },
      ['body', 'messages', 0, 'tool_call_id'],
    ],
    // The client has answered it, the server has answered it, nobody has made it.
    ...[
      { turn: 2, messages: [answerTo('call_1_1', 'again')] },
      { turn: 3, messages: [answerTo('call_2_1', 'again')] },
      { turn: 1, messages: [answerTo('call_1_1', 'too early')] },
    ].map((body): [string, object, (string | number)[]] => [
      log.id,
      body,
      ['body', 'messages', 0, 'tool_call_id'],
    ]),
    [
      log.id,
      { turn: 2, messages: [...hello, answerTo('call_1_1', 'again')] },
      ['body', 'messages', 1, 'tool_call_id'],
    ],
    [
      waiting.id,
      { turn: 2, messages: [answerTo('call_1_1', 'one'), answerTo('call_1_1', 'two')] },
      ['body', 'messages', 1, 'tool_call_id'],
    ],
  ];
  for (const [id, body, loc] of refusals) {
    const answer = await send(api, 'POST', `/v5/logs/${id}/fork`, JSON.stringify(body));
    expectRefusal(answer, 422, loc);
  }
  expect((await api.get(`/logs?file_id=${log.agent.id}&size=0`)).body.total).toBe(before);
});

test('only stored conversations of agents of ones own organization are forked', async () => {
  const { body: prompt } = await api.post('/prompts/log', {
    path: 'fork/prompt',
    prompt: { model: 'gpt-4o' },
  });
  const unsaved = await called('fork/unsaved', { save: false });
  const { body: replaced } = await api.post('/agents/log', {
    path: 'fork/replaced',
    agent: scripted(script),
    messages: hello,
    log_status: 'incomplete',
  });
  await api.patch(`/agents/${replaced.agent_id}/log/${replaced.id}`, { messages: hello });
  for (const id of [prompt.id, unsaved.id, replaced.id]) {
    const answer = await api.post(`/logs/${id}/fork`, { turn: 1 });
    expect([answer.statusCode, answer.body.code]).toEqual([409, 'cannot_fork']);
  }
  const log = await finished('fork/mine');
  await addOrganization(api, 'a-key-of-others');
  for (const [id, key] of [
    ['log_none', apiKey],
    [log.id, 'a-key-of-others'],
  ] as const) {
    const headers = { 'x-api-key': key };
    const answer = await send(api, 'POST', `/v5/logs/${id}/fork`, '{"turn":1}', headers);
    expect([answer.statusCode, (answer.body as { code: string }).code]).toEqual([
      404,
      'log_not_found',
    ]);
  }
});

test('a log of your own code is forked at its first turn: the agent is run on its messages', async () => {
  const { body: log } = await api.post('/agents/log', {
    path: 'fork/recorded',
    agent: { provider: 'mock', model: 'mock' },
    messages: [{ role: 'user', content: 'Recorded elsewhere' }],
    output: 'Something.',
  });
  const fork = await forked(log.id, { turn: 1 });
  expect(fork.output).toContain('Recorded elsewhere');
});

test('a fork is streamed, and its events can be read again', async () => {
  const log = await finished('fork/streamed');
  const events = await api.stream(`/logs/${log.id}/fork`, { turn: 3 });
  const types = events.map(({ type }) => type).filter((type) => type !== 'agent_update');
  expect(types).toEqual(['agent_turn_start', 'agent_start', 'agent_end', 'agent_turn_end']);
  const last = events.at(-1);
  expect(last?.payload).toMatchObject({ forked_from: { log_id: log.id, turn: 3 } });
  const again = await api.events(String(last?.log_id));
  expect(withoutCounters(again)).toEqual(withoutCounters(events));
});

test('equal forks with one log id are one run, though the log that they are of is gone', async () => {
  const log = await finished('fork/repeated');
  const body = { turn: 3, log_id: 'fork-repeated', edits: [{ index: 2, content: 'x' }] };
  const [first, second] = await Promise.all([forked(log.id, body), forked(log.id, body)]);
  expect(second).toEqual(first);
  const other = await api.post(`/logs/${log.id}/fork`, { ...body, turn: 2 });
  expect([other.statusCode, other.body.code]).toEqual([409, 'log_id_taken']);
  await api.delete(`/logs?id=${log.id}`);
  expect(await forked(log.id, body)).toMatchObject({ id: 'fork-repeated', output: first.output });
  expect(first.forked_from).toEqual({ log_id: log.id, turn: 3 });
});

/** A call that waits for the answer to its first tool call. */
async function called(path: string, more: Record<string, unknown> = {}) {
  const agent = scripted(script, { tools: [lookup, ask, stop] });
  const { statusCode, body } = await api.post('/agents/call', {
    path,
    agent,
    messages: hello,
    ...more,
  });
  if (statusCode !== 200) throw new Error(JSON.stringify(body));
  return body;
}

/** A call that has three turns: the client answers the first, and the server the second. */
async function finished(path: string, more: Record<string, unknown> = {}) {
  const { id } = await called(path, more);
  const messages = [answerTo('call_1_1', 'found')];
  const { statusCode, body } = await api.post('/agents/continue', { log_id: id, messages });
  if (statusCode !== 200) throw new Error(JSON.stringify(body));
  return body;
}

async function forked(id: string, body: object) {
  const answer = await api.post(`/logs/${id}/fork`, body);
  if (answer.statusCode !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

async function fileAt(collection: string, path: string, spec: object): Promise<string> {
  return (await api.post(`/${collection}`, { path, ...spec })).body.id;
}
