import { expect, test } from 'vitest';
import type { Span } from '../../src/contract/spans.ts';
import { answerTo, callOf, hello, lookup, scripted, stop } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { drainFeed } from '../support/feed.ts';
import { logAgent } from '../support/logs.ts';
import { addOrganization } from '../support/organizations.ts';
import { expectRefusal, send } from '../support/refusals.ts';

const api = await testApp();

const asker = await fileAt('prompts', 'spans/Ask', {
  provider: 'mock',
  model: 'asked',
  template: [{ role: 'user', content: 'Ask: {{question}}' }],
  other: { script: [{ content: 'asked', usage: { input_tokens: 5, output_tokens: 7 } }] },
});

test('a trace is a list of spans: logs, below an agent its turns, and below these what they call', async () => {
  const waiting = await callAgent('spans/outer', [
    { tool_calls: [callOf('ask', { question: 'x' }), callOf('lookup', { key: 'k' })] },
    { tool_calls: [callOf('stop', { output: 'done' })] },
  ]);
  expect(await drawn(waiting.id)).toEqual([
    'outer (agent, suspended)',
    '  mock (turn 1, complete)',
    '    lookup (call, suspended)',
    '    Ask (prompt, complete) asked',
  ]);
  const [agent, , call, prompt] = (await page(waiting.id)).spans;
  expect(agent).toMatchObject({
    path: 'spans/outer',
    iterations: 1,
    ended_at: null,
    waits: [{ until: null }],
  });
  expect(call).toMatchObject({ tool_call_id: 'call_1_2', answered_by: null, ended_at: null });
  expect(call?.waits).toEqual([{ from: prompt?.ended_at, until: null }]);
  expect(prompt).toMatchObject({ prompt_tokens: 5, output_tokens: 7, turn: 1, model: 'asked' });

  await resume(waiting.id, 'call_1_2');
  expect(await drawn(waiting.id)).toEqual([
    'outer (agent, complete)',
    '  mock (turn 1, complete)',
    '    lookup (call, complete)',
    '    Ask (prompt, complete) asked',
    '  mock (turn 2, complete)',
    '    stop (call, complete)',
  ]);
  const { spans, is_open: isOpen } = await page(waiting.id);
  expect(isOpen).toBe(false);
  const second = spans.find(({ kind, turn }) => kind === 'turn' && turn === 2);
  const waits = [{ from: prompt?.ended_at, until: second?.started_at }];
  expect(spans.find(({ name }) => name === 'lookup')).toMatchObject({
    answered_by: 'client',
    ended_at: second?.started_at,
    waits,
  });
  expect(spans[0]).toMatchObject({ waits, iterations: 2 });
  expect(spans[0]?.ended_at).not.toBeNull();
});

test('pages have all spans once, in the order of their start', async () => {
  const { id } = await callAgent('spans/paged', [
    { tool_calls: [callOf('ask', { question: '1' }), callOf('ask', { question: '2' })] },
    { tool_calls: [callOf('ask', { question: '3' })] },
    { tool_calls: [callOf('stop', { output: 'done' })] },
  ]);
  const whole = await page(id);
  expect(whole.next_cursor).toBeNull();
  for (const size of [1, 2, 3, whole.spans.length]) {
    const pieces: Span[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const next = await page(id, `size=${size}${cursor && `&cursor=${cursor}`}`);
      pieces.push(...next.spans);
      cursor = next.next_cursor;
    }
    expect(pieces).toEqual(whole.spans);
  }
  const starts = whole.spans.map(({ started_at: start }) => start);
  expect(starts).toEqual(starts.toSorted());
});

test('what has changed since an answer is asked for with its token', async () => {
  const { id } = await callAgent('spans/changing', [
    { tool_calls: [callOf('ask', { question: '1' })] },
    { tool_calls: [callOf('lookup', { key: 'k' })] },
    { tool_calls: [callOf('lookup', { key: 'l' })] },
  ]);
  // While an earlier transaction is under way, rows may come again that have not changed.
  await expect.poll(async () => namesSince(id, (await page(id)).changes)).toEqual([]);
  const before = await page(id);
  expect(before.is_open).toBe(true);

  await resume(id, 'call_2_1');
  // The turn that waited for the answer, its call, and the turn that came. The end of a call may be the
  // start of the next turn, so a turn comes again when the next one has changed.
  expect(await namesSince(id, before.changes)).toEqual(
    expect.arrayContaining([
      'changing (agent)',
      'mock (turn 2)',
      'lookup (call 2)',
      'mock (turn 3)',
      'lookup (call 3)',
    ]),
  );
  const { changes } = await page(id);
  await api.post(`/logs/${id}/cancel`);
  // A cancel writes no turn, but the call of the last one does not wait any more.
  const { spans, is_open: isOpen } = await page(id, `since=${changes}`);
  expect(isOpen).toBe(false);
  expect(spans.map(({ name, turn, status }) => `${name} ${turn} ${status}`)).toEqual(
    expect.arrayContaining(['changing null error', 'mock 3 complete', 'lookup 3 complete']),
  );
});

test('a trace that begins below another log is shown without the log above', async () => {
  const { id } = await callAgent('spans/above', [
    { tool_calls: [callOf('ask', { question: '1' })] },
    { tool_calls: [callOf('stop')] },
  ]);
  const child = (await page(id)).spans.find(({ kind }) => kind === 'prompt');
  expect(child?.parent_id).toBe(`${id}*1`);
  expect((await page(String(child?.id))).spans).toEqual([{ ...child, parent_id: null }]);
});

test('logs of your own code are spans by the times that they gave', async () => {
  const flow = await logged('flows', {
    path: 'spans/flow',
    flow: { attributes: { version: 1 } },
    log_status: 'incomplete',
    start_time: '2026-05-01T12:00:00Z',
  });
  const prompt = { path: 'spans/prompt', prompt: { model: 'gpt-4o' }, trace_parent_id: flow.id };
  await logged('prompts', {
    ...prompt,
    start_time: '2026-05-01T12:00:02Z',
    end_time: '2026-05-01T12:00:03Z',
    error: `${'e'.repeat(300)}\nand more`,
  });
  await logged('prompts', { ...prompt, start_time: '2026-05-01T12:00:01Z', output_cost: 0.5 });
  const { spans, is_open: isOpen } = await page(flow.id);
  expect(isOpen).toBe(true);
  expect(spans.map(({ name, status, started_at }) => `${name} ${status} ${started_at}`)).toEqual([
    'flow incomplete 2026-05-01T12:00:00.000000Z',
    'prompt complete 2026-05-01T12:00:01.000000Z',
    'prompt error 2026-05-01T12:00:02.000000Z',
  ]);
  expect(spans[2]?.error).toBe(`${'e'.repeat(199)}…`);
  expect(spans[1]).toMatchObject({ output_cost: 0.5, prompt_cost: null, parent_id: flow.id });
});

test('several samples are turns of their prompt, and one is a part of it', async () => {
  const prompt = { provider: 'mock', model: 'any', template: [{ role: 'user', content: 'x' }] };
  const { body: twice } = await api.post('/prompts/call', {
    path: 'spans/twice',
    prompt,
    num_samples: 2,
  });
  expect(await drawn(twice.id)).toEqual([
    'twice (prompt, complete)',
    '  any (turn 1, complete)',
    '  any (turn 2, complete)',
  ]);
  const { body: once } = await api.post('/prompts/call', { path: 'spans/twice', prompt });
  expect(await drawn(once.id)).toEqual(['twice (prompt, complete) any']);
});

test('the payloads of a span are read by its id', async () => {
  const { id } = await callAgent('spans/read', [
    { tool_calls: [callOf('ask', { question: 'why' }), callOf('lookup', { key: 'k' })] },
    { content: 'because' },
  ]);
  await resume(id, 'call_1_2');
  const { spans } = await page(id);
  // What counts calls follows them a moment later, and is shown with the agent.
  await drainFeed(api.database);
  const { body: whole } = await api.get(`/logs/${id}`);
  for (const { id: spanId, kind } of spans) {
    const { statusCode, body } = await api.get(`/logs/${id}/spans/${encodeURIComponent(spanId)}`);
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({ id: spanId, kind });
  }
  const { body: log } = await api.get(`/logs/${id}/spans/${id}`);
  expect(log.log).toEqual({ ...whole, trace_children: null });
  expect((await api.get(`/logs/${id}?include_trace_children=false`)).body).toEqual(log.log);
  const { body: turn } = await api.get(`/logs/${id}/spans/${id}*1`);
  expect(turn.turn).toMatchObject({
    number: 1,
    message_index: 1,
    results: [{ role: 'tool', tool_call_id: 'call_1_1', content: 'asked' }],
    continuation: [answerTo('call_1_2', 'found')],
  });
  expect(whole.messages[1]).toEqual(turn.turn.message);
  const { body: last } = await api.get(`/logs/${id}/spans/${id}*2`);
  // The last message is the output of the log, and is not among its messages.
  expect(last.turn).toMatchObject({ message: { content: 'because' }, message_index: null });
  expect(last.turn.request.messages).toHaveLength(4);
  const { body: call } = await api.get(`/logs/${id}/spans/${id}*1*call_1_2`);
  expect(call.call).toEqual({
    tool_call_id: 'call_1_2',
    name: 'lookup',
    arguments: '{"key":"k"}',
    result: answerTo('call_1_2', 'found'),
  });
});

test('only spans that are there are answered, and only to their organization', async () => {
  const { id } = await logAgent(api, 'spans/mine');
  for (const spanId of ['log_none', `${id}*1`, `${id}*1*call`, `${id}*x`, '*']) {
    const answer = await send(api, 'GET', `/v5/logs/${id}/spans/${encodeURIComponent(spanId)}`);
    expectRefusal(answer, 404);
  }
  expectRefusal(await send(api, 'GET', '/v5/logs/log_none/spans'), 404);
  await addOrganization(api, 'a-key-of-others');
  const headers = { 'x-api-key': 'a-key-of-others' };
  for (const url of [`/v5/logs/${id}/spans`, `/v5/logs/${id}/spans/${id}`]) {
    expectRefusal(await send(api, 'GET', url, undefined, headers), 404);
  }
  for (const query of ['size=0', 'size=5001', 'cursor=none', 'since=-1', 'since=x']) {
    expect((await api.get(`/logs/${id}/spans?${query}`)).statusCode, query).toBe(422);
  }
});

interface Page {
  readonly spans: readonly Span[];
  readonly next_cursor: string | null;
  readonly changes: string;
  readonly is_open: boolean;
}

async function page(id: string, query = ''): Promise<Page> {
  const { statusCode, body } = await api.get(`/logs/${id}/spans?${query}`);
  if (statusCode !== 200) throw new Error(JSON.stringify(body));
  return body;
}

/** The spans as lines, each below the one that it hangs from. */
async function drawn(id: string): Promise<readonly string[]> {
  const below = Map.groupBy((await page(id)).spans, ({ parent_id: parent }) => parent);
  const lines = (parent: string | null, indent: string): readonly string[] =>
    (below.get(parent) ?? []).flatMap((span) => [
      `${indent}${span.name} (${span.kind}${span.kind === 'turn' ? ` ${span.turn}` : ''}, ${span.status})${span.kind === 'prompt' && span.model ? ` ${span.model}` : ''}`,
      ...lines(span.id, `${indent}  `),
    ]);
  return lines(null, '');
}

async function namesSince(id: string, changes: string): Promise<readonly string[]> {
  const { spans } = await page(id, `since=${changes}`);
  return spans.map(({ name, kind, turn }) => `${name} (${kind}${turn === null ? '' : ` ${turn}`})`);
}

async function callAgent(path: string, script: readonly Record<string, unknown>[]) {
  const ask = { type: 'file', link: { file_id: asker }, on_agent_call: 'continue' };
  const agent = scripted(script, { tools: [ask, lookup, stop] });
  return (await api.post('/agents/call', { path, agent, messages: hello })).body;
}

async function resume(id: string, callId: string): Promise<void> {
  const messages = [answerTo(callId, 'found')];
  const { statusCode, body } = await api.post('/agents/continue', { log_id: id, messages });
  if (statusCode !== 200) throw new Error(JSON.stringify(body));
}

async function logged(collection: string, body: object) {
  return (await api.post(`/${collection}/log`, body)).body;
}

async function fileAt(collection: string, path: string, spec: object): Promise<string> {
  return (await api.post(`/${collection}`, { path, ...spec })).body.id;
}
