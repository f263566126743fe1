import { describe, expect, test } from 'vitest';
import { callOf, hello, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { fileOfKind } from '../support/files.ts';

const api = await testApp();

const { id: shoutId } = await fileOfKind(api, 'prompt', 'tools/shout', {
  provider: 'mock',
  model: 'mock',
  template: [{ role: 'user', content: '{{word}}' }],
  other: { script: [{ content: 'HEY' }] },
});
const shout = { type: 'file', link: { file_id: shoutId } };

async function run(script: Parameters<typeof scripted>[0], more: object = {}) {
  const { statusCode, body } = await api.post('/agents/call', {
    path: 'unfinished',
    agent: scripted(script, { ...more }),
    messages: hello,
    include_trace_children: true,
  });
  expect(statusCode, JSON.stringify(body)).toBe(200);
  return body;
}

const cut = { tool_calls: [callOf('shout', { word: 'hey' })], finish_reason: 'length' };

describe('an answer that was cut while it called tools', () => {
  test('runs none of them, and each has a result that says so', async () => {
    const log = await run([cut, { content: 'Shorter.' }], { tools: [shout] });
    expect(log).toMatchObject({ output: 'Shorter.', error: null, trace_children: [] });
    expect(log.messages.at(-1)).toMatchObject({
      role: 'tool',
      content: expect.stringContaining('was cut'),
    });
  });

  test('neither ends the run by a stop tool nor waits for the client', async () => {
    const calls = [callOf('stop', { output: 'half' }), callOf('lookup')];
    const log = await run([{ tool_calls: calls, finish_reason: 'length' }, { content: 'Well.' }]);
    expect(log).toMatchObject({ log_status: 'complete', output: 'Well.' });
  });

  test('ends the run with an error when it comes twice in a row', async () => {
    const log = await run([cut, cut, { content: 'Never said.' }], { tools: [shout] });
    expect(log).toMatchObject({ log_status: 'complete', trace_children: [] });
    expect(log.error).toContain('cut twice');
    expect(log.turns).toHaveLength(2);
  });

  test('does not end a run that had a whole answer in between', async () => {
    const whole = { tool_calls: [callOf('nonesuch')] };
    const log = await run([cut, whole, cut, { content: 'There.' }], { tools: [shout] });
    expect(log).toMatchObject({ output: 'There.', error: null });
  });
});

test('a run at its limit of iterations without an answer says so as its error', async () => {
  const log = await run([{ tool_calls: [callOf('lookup')] }], { max_iterations: 1 });
  expect(log.output).toBeNull();
  expect(log.error).toContain('max_iterations');
});

test('a run at its limit with an answer says so in its notes', async () => {
  const log = await run([{ content: 'So far.', tool_calls: [callOf('lookup')] }], {
    max_iterations: 1,
  });
  expect(log).toMatchObject({ output: 'So far.', error: null });
  expect(log.stdout).toContain('max_iterations');
});

test('an answer that the vendor ended without a word is an error, and an empty one a note', async () => {
  expect((await run([{ content: '', finish_reason: 'tool_calls' }])).error).toContain('no call');
  const empty = await run([{ content: '' }]);
  expect(empty.error).toBeNull();
  expect(empty.stdout).toContain('empty');
});

test('a paused answer goes on in the next turn', async () => {
  const log = await run([
    { content: 'Searching.', finish_reason: 'pause_turn' },
    { content: 'Found.' },
  ]);
  expect(log).toMatchObject({ output: 'Found.', error: null });
  expect(log.turns).toHaveLength(2);
});

test.each([
  ['filtered', { finish_reason: 'content_filter' }, { error: expect.stringContaining('withheld') }],
  ['mute', {}, { error: null, stdout: expect.stringContaining('empty') }],
])('a linked prompt whose answer is empty says why in its own log: %s', async (name, more, log) => {
  const { id } = await fileOfKind(api, 'prompt', `tools/${name}`, {
    provider: 'mock',
    model: 'mock',
    template: 'Say something.',
    other: { script: [{ content: '', ...more }] },
  });
  const tools = [{ type: 'file', link: { file_id: id } }];
  const outer = await run([{ tool_calls: [callOf(name)] }, { content: 'Well.' }], { tools });
  expect(outer.trace_children).toMatchObject([log]);
});
