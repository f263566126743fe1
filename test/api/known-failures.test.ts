import { afterAll, describe, expect, test } from 'vitest';
import { openaiProvider } from '../../src/providers/openai/openai-provider.ts';
import { answerTo, callOf, hello, lookup, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { startFakeProvider } from '../support/fake-provider.ts';
import { withoutCounters } from '../support/keyed-requests.ts';

// What is known to go wrong elsewhere; test/recovery/known-failures.test.ts has what takes processes.

const fake = await startFakeProvider();
afterAll(() => fake.close());
const api = await testApp({
  providers: { openai: openaiProvider({ apiKey: 'none', baseUrl: `${fake.url}/v1` }) },
});

type Step = Record<string, unknown>;

async function called(path: string, script: readonly Step[], more: Step = {}) {
  const { statusCode, body } = await api.post('/agents/call', {
    path,
    agent: scripted(script, more),
    messages: hello,
    include_trace_children: true,
  });
  expect(statusCode).toBe(200);
  return body;
}

const proceed = (logId: string, messages: readonly object[]) =>
  api.post('/agents/continue', { log_id: logId, messages });

async function atRest(logId: string) {
  const read = async () => (await api.get(`/logs/${logId}`)).body;
  await expect.poll(async () => (await read()).run?.state, { timeout: 20_000 }).not.toBe('running');
  return read();
}

describe('two parallel calls that wait for the client', () => {
  const both = { tool_calls: [callOf('lookup', { key: 'a' }), callOf('lookup', { key: 'b' })] };
  const a = answerTo('call_1_1', 'of a');
  const b = answerTo('call_1_2', 'of b');

  test.each([
    ['in their order', [a, b]],
    ['in the other order', [b, a]],
    ['in the other order, with something said besides', [hello[0], b, a]],
  ])('are answered together, %s: the model sees them in theirs', async (path, messages) => {
    const { id } = await called(`parallel/${path}`, [both, { content: 'Both.' }]);
    const { statusCode, body } = await proceed(id, messages as object[]);
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({ output: 'Both.', log_status: 'complete' });
    const answers = body.messages.filter(({ role }: { role: string }) => role === 'tool');
    expect(answers).toMatchObject([a, b]);
  });

  test.each([
    ['one is missing', [a]],
    ['one is of a call that nobody made', [a, answerTo('call_9_9', 'x')]],
    ['there is one too many, of a call that nobody made', [a, b, answerTo('call_9_9', 'x')]],
    ['one is there twice', [a, b, b]],
    ['none is there', []],
  ])('stay open when %s, and are answered by the next try', async (path, messages) => {
    const { id } = await called(`wrong/${path}`, [both, { content: 'Both.' }]);
    const { body: before } = await api.get(`/logs/${id}`);
    const { statusCode, body: refusal } = await proceed(id, messages);
    expect({ statusCode, code: refusal.code }).toEqual({ statusCode: 422, code: 'invalid' });
    const { body: after } = await api.get(`/logs/${id}`);
    expect(withoutCounters(after)).toEqual(withoutCounters(before));
    expect((await proceed(id, [a, b])).body).toMatchObject({ output: 'Both.' });
  });
});

describe('a nested agent that is suspended two levels down', () => {
  const linkTo = (id: string) => ({ type: 'file', link: { file_id: id } });

  async function suspended(path: string) {
    const below = async (name: string, script: readonly Step[], tools: readonly object[]) => {
      const { body } = await api.post('/agents', {
        path: `${path}/${name}`,
        ...scripted(script, { tools }),
      });
      return linkTo(body.id);
    };
    const asking = { tool_calls: [callOf('lookup', { key: 'a' })] };
    const inner = await below('Inner', [asking, { content: 'Inner.' }], [lookup]);
    const middle = await below(
      'Middle',
      [{ tool_calls: [callOf('inner')] }, { content: 'Middle.' }],
      [inner],
    );
    const outer = await called(
      `${path}/outer`,
      [{ tool_calls: [callOf('middle')] }, { content: 'Outer.' }],
      { tools: [middle] },
    );
    const [child] = outer.trace_children;
    return { outer: outer.id, middle: child.id, inner: child.trace_children[0].id };
  }

  const answer = [answerTo('call_1_1', 'x')];
  const complete = (output: string | null) => ({ log_status: 'complete', output, run: null });

  test('is continued where it waits, and both above go on', async () => {
    const { outer, middle, inner } = await suspended('two-levels/innermost');
    expect((await proceed(inner, answer)).body).toMatchObject(complete('Inner.'));
    expect(await atRest(middle)).toMatchObject(complete('Middle.'));
    expect(await atRest(outer)).toMatchObject(complete('Outer.'));
  });

  test('is given up when the outermost is continued, and nothing of it stays', async () => {
    const { outer, middle, inner } = await suspended('two-levels/outermost');
    expect((await proceed(outer, answer)).body).toMatchObject(complete('Outer.'));
    for (const below of [middle, inner]) {
      expect(await atRest(below)).toMatchObject(complete(null));
      const late = await proceed(below, answer);
      expect(late).toMatchObject({ statusCode: 409, body: { code: 'not_suspended' } });
    }
    const { rows } = await api.database.pool.query(
      'SELECT log_id FROM run WHERE log_id = ANY($1)',
      [[outer, middle, inner]],
    );
    expect(rows).toEqual([]);
  });

  test('is given up when the one above it is continued, and the outermost goes on', async () => {
    const { outer, middle, inner } = await suspended('two-levels/middle');
    expect((await proceed(middle, answer)).body).toMatchObject(complete('Middle.'));
    expect(await atRest(outer)).toMatchObject(complete('Outer.'));
    expect(await atRest(inner)).toMatchObject(complete(null));
  });

  test('is continued once by two clients, of whom one answers it and one the outermost', async () => {
    for (let n = 0; n < 4; n++) {
      const ids = await suspended(`two-levels/race-${n}`);
      const answers = await Promise.all([proceed(ids.inner, answer), proceed(ids.outer, answer)]);
      for (const { statusCode } of answers) expect([200, 409]).toContain(statusCode);
      for (const id of Object.values(ids)) {
        expect(await atRest(id)).toMatchObject({ log_status: 'complete', run: null });
      }
      const { body } = await api.get(`/logs/${ids.outer}`);
      expect(body.output).toBe('Outer.');
      const results = body.messages.filter(({ role }: { role: string }) => role === 'tool');
      expect(results).toHaveLength(1);
    }
  });
});

test('a run that is suspended again after its first continue is continued again, from there', async () => {
  const ask = (key: string) => ({ tool_calls: [callOf('lookup', { key })] });
  const { id } = await called('again', [ask('a'), ask('b'), { content: 'Both.' }]);
  const { body: second } = await proceed(id, [answerTo('call_1_1', 'of a')]);
  expect(second).toMatchObject({ log_status: 'incomplete', run: { state: 'suspended' } });
  const late = await proceed(id, [answerTo('call_1_1', 'of a')]);
  expect(late.statusCode).toBe(422);
  const { body } = await proceed(id, [answerTo('call_2_1', 'of b')]);
  expect(body).toMatchObject({ output: 'Both.', log_status: 'complete' });
  expect(body.turns).toHaveLength(3);
});

test('a run that is cancelled while it waits is not brought back by a continue, not even by its own answer', async () => {
  const asking = { tool_calls: [callOf('lookup', { key: 'a' })] };
  const { id } = await called('cancelled', [asking, { content: 'Never.' }]);
  const { body: log } = await api.post(`/logs/${id}/cancel`);
  expect(log).toMatchObject({ log_status: 'complete', error: 'cancelled' });
  const late = await proceed(id, [answerTo('call_1_1', 'x')]);
  expect(late).toMatchObject({ statusCode: 409, body: { code: 'not_suspended' } });
  expect((await api.get(`/logs/${id}`)).body).toMatchObject({ error: 'cancelled', output: null });
});

describe('a stream of a provider that ends without a finish', () => {
  const turn = { toolCalls: [{ id: 'call_nothing', name: 'nothing' }] };
  const cutShort = { text: 'Half an answ', isFinished: false };
  const call = (logId: string) => ({
    path: 'unfinished',
    agent: { provider: 'openai', model: 'gpt-4o' },
    messages: hello,
    log_id: logId,
  });

  test.each([
    ['first', [cutShort]],
    ['second', [turn, cutShort]],
  ])(
    'in the %s turn ends the run: with an event, and an error in its log',
    async (which, steps) => {
      const logId = `unfinished-${which}`;
      fake.script(steps);
      const events = await api.stream('/agents/call', call(logId));
      expect(events.at(-1)).toMatchObject({
        type: 'agent_turn_error',
        payload: { id: logId, log_status: 'complete', output: null },
      });
      const { body } = await api.get(`/logs/${logId}`);
      expect(body).toMatchObject({ log_status: 'complete', output: null, run: null });
      expect(body.error).toMatch(/OpenAI/);
      expect(body.turns).toHaveLength(steps.length);
      expect(body.turns.at(-1)).toMatchObject({ error: body.error, finish_reason: null });
    },
  );
});
