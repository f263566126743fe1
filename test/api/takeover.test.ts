import { describe, expect, test } from 'vitest';
import { mockProvider } from '../../src/providers/mock/mock-provider.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { continueRun } from '../../src/runtime/kinds/agent/continue-run.ts';
import { cancelRun } from '../../src/runtime/runs/cancel-run.ts';
import type { Runtime } from '../../src/runtime/runs/runtime.ts';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';

/** Model calls that were begun, as the number of messages each had, by the text of the first message. */
const asked = new Map<string, number[]>();

function counting(): Provider {
  const mock = mockProvider();
  return {
    ...mock,
    attempt(request, options) {
      const first = String(request.messages[0]?.message.content);
      asked.set(first, [...(asked.get(first) ?? []), request.messages.length]);
      return mock.attempt(request, options);
    },
  };
}

const one = await testApp({ providers: { mock: counting() } });
const other = await testApp({ database: one.database, providers: { mock: counting() } });

/**
 * Takes a run away from whoever drives it, as if that had died; the other server takes it over. A
 * server that still lives is then one that slept through it.
 */
async function forsake(logId: string): Promise<void> {
  await one.database.pool.query(
    `UPDATE run SET lease_owner = 'own_dead', lease_token = lease_token + 1,
      lease_expires_at = now() - interval '1 second' WHERE log_id = $1 OR parent_log_id = $1`,
    [logId],
  );
}

const say = (text: string) => [{ role: 'user', content: text }];

/** Waits until a model was called so often. */
async function beenAsked(text: string, times: number): Promise<void> {
  await expect.poll(() => asked.get(text)?.length, { timeout: 10_000 }).toBe(times);
}

describe('a run whose server is gone', () => {
  test('goes on elsewhere: a finished turn is not made again, one that was under way is', async () => {
    const script = [
      { tool_calls: [callOf('stop_not'), callOf('nothing')] },
      { content: 'Second.', delay_ms: 400 },
    ];
    const calling = one.post('/agents/call', {
      path: 'takeover/turns',
      agent: scripted(script),
      messages: say('takeover/turns'),
      log_id: 'turns',
    });
    await beenAsked('takeover/turns', 2);
    await forsake('turns');
    const { statusCode, body } = await calling;
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({
      id: 'turns',
      log_status: 'complete',
      output: 'Second.',
      error: null,
    });
    expect(body.turns).toHaveLength(2);
    // The first turn once, the second twice: it was under way.
    expect(asked.get('takeover/turns')).toEqual([1, 4, 4]);
  });

  test('is read on by the stream that its call had, without an event told twice', async () => {
    const logId = 'streamed-on';
    const streaming = one.stream('/agents/call', {
      path: 'takeover/streamed',
      agent: scripted([{ content: 'one two three four five six', word_delay_ms: 150 }]),
      messages: say('takeover/streamed'),
      log_id: logId,
    });
    await expect
      .poll(
        async () =>
          (await one.database.pool.query('SELECT 1 FROM run_event WHERE log_id = $1', [logId])).rows
            .length,
      )
      .toBeGreaterThan(1);
    await forsake(logId);
    const events = await streaming;
    const ids = events.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
    const starts = events.flatMap(({ type }, index) => (type === 'agent_start' ? [index] : []));
    expect(starts).toHaveLength(2);
    const last = events.slice(starts.at(-1));
    const words = last.filter(({ type }) => type === 'agent_update');
    expect(words.map(({ payload }) => payload.output).join('')).toBe('one two three four five six');
    expect(events.at(-1)).toMatchObject({ type: 'agent_turn_end', payload: { error: null } });
  });

  test('is told from its beginning to who repeats its call where it was taken over', async () => {
    const call = {
      path: 'takeover/repeated',
      agent: scripted([{ content: 'one two three four', word_delay_ms: 300 }]),
      messages: say('takeover/repeated'),
      log_id: 'repeated',
    };
    const calling = one.post('/agents/call', call);
    await beenAsked('takeover/repeated', 1);
    await forsake('repeated');
    await beenAsked('takeover/repeated', 2);
    for (const api of [one, other]) {
      const events = await api.stream('/agents/call', call);
      expect(events[0]).toMatchObject({ id: 1, type: 'agent_turn_start' });
      expect(events.at(-1)?.type).toBe('agent_turn_end');
    }
    await calling;
  });

  test('keeps the results of tools that had finished, and runs the others again', async () => {
    const { body: prompt } = await one.post('/prompts', {
      path: 'takeover/Quick',
      provider: 'mock',
      model: 'mock',
      template: [{ role: 'user', content: 'takeover/quick' }],
      other: { script: [{ content: 'Quick.' }] },
    });
    const { body: inner } = await one.post('/agents', {
      path: 'takeover/Inner',
      ...scripted(
        [{ tool_calls: [callOf('nothing')] }, { content: 'From within.', delay_ms: 500 }],
        { template: [{ role: 'system', content: 'takeover/inner' }] },
      ),
    });
    const link = (id: string) => ({
      type: 'file',
      link: { file_id: id, environment_id: null },
      on_agent_call: 'continue',
    });
    const calling = one.post('/agents/call', {
      path: 'takeover/tools',
      agent: scripted(
        [
          { tool_calls: [callOf('quick', { message: 'x' }), callOf('inner', { message: 'y' })] },
          { content: 'All.' },
        ],
        { tools: [link(prompt.id), link(inner.id)] },
      ),
      messages: say('takeover/tools'),
      log_id: 'tools',
    });
    await beenAsked('takeover/inner', 2);
    await forsake('tools');
    const { body } = await calling;
    expect(body).toMatchObject({ log_status: 'complete', output: 'All.' });
    expect(asked.get('takeover/quick')).toEqual([2]);
    // Of the agent below, the turn that was finished was not made again either.
    expect(asked.get('takeover/inner')).toEqual([2, 4, 4]);
    expect(asked.get('takeover/tools')).toEqual([1, 4]);
    const { body: log } = await one.get('/logs/tools');
    expect(log.trace_children).toHaveLength(2);
    expect(log.messages).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ role: 'tool', content: 'Quick.' }),
        expect.objectContaining({ role: 'tool', content: 'From within.' }),
      ]),
    );
  });

  test('is left alone by the server that slept: what it still writes is refused', async () => {
    const calling = one.post('/agents/call', {
      path: 'takeover/slept',
      agent: scripted([{ content: 'Twice asked, once kept.', delay_ms: 600 }]),
      messages: say('takeover/slept'),
      log_id: 'slept',
    });
    await beenAsked('takeover/slept', 1);
    await forsake('slept');
    const { body } = await calling;
    expect(body.turns).toHaveLength(1);
    const { rows } = await one.database.pool.query("SELECT 1 FROM turn WHERE log_id = 'slept'");
    expect(rows).toHaveLength(1);
  });

  test('that was continued goes on from there', async () => {
    const { body: suspended } = await one.post('/agents/call', {
      path: 'takeover/continued',
      agent: scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Went on.', delay_ms: 400 }]),
      messages: say('takeover/continued'),
    });
    const continuing = one.post('/agents/continue', {
      log_id: suspended.id,
      messages: [answerTo('call_1_1', 'the answer')],
    });
    await beenAsked('takeover/continued', 2);
    await forsake(suspended.id);
    const { body } = await continuing;
    expect(body).toMatchObject({ output: 'Went on.', log_status: 'complete' });
    expect(asked.get('takeover/continued')).toEqual([1, 3, 3]);
  });

  test('is not continued twice by a request whose first try was done and not answered', async () => {
    const { body: suspended } = await one.post('/agents/call', {
      path: 'takeover/continued-twice',
      agent: scripted([
        { tool_calls: [callOf('lookup')] },
        { tool_calls: [callOf('lookup')] },
        { content: 'Never.' },
      ]),
      messages: say('takeover/continued-twice'),
    });
    const answer = { role: 'tool' as const, tool_call_id: 'call_1_1', content: 'x' };
    const request = { log_id: suspended.id as string, messages: [answer] };
    const { body: again } = await one.post('/agents/continue', request);
    expect(again.previous_agent_message.tool_calls[0].id).toBe('call_2_1');
    const { signal: gone } = new AbortController();
    const repeated = await continueRun(one.runtime, one.workspace, request, {
      gone,
      isRepeat: true,
    });
    expect(await repeated.outcome).toMatchObject({
      endedAs: null,
      log: { view: { run: { state: 'suspended' } } },
    });
    expect(asked.get('takeover/continued-twice')).toHaveLength(2);
    const first = continueRun(one.runtime, one.workspace, request, { gone, isRepeat: false });
    await expect(first).rejects.toMatchObject({ code: 'invalid' });
  });

  test('of which nothing is stored ends, and says why as far as it may', async () => {
    const calling = one.post('/agents/call', {
      path: 'takeover/unsaved',
      agent: scripted([{ content: 'Never.', delay_ms: 3_600_000 }]),
      messages: say('takeover/unsaved'),
      log_id: 'unsaved',
      save: false,
    });
    await beenAsked('takeover/unsaved', 1);
    await forsake('unsaved');
    const { body } = await calling;
    expect(body).toMatchObject({ log_status: 'complete', output: null });
    expect(body.error).toContain('with `save: false` no other server can go on');
    expect(asked.get('takeover/unsaved')).toHaveLength(1);
  });

  test('and of which nothing is stored is told from its continue on to who repeats that', async () => {
    const { body: suspended } = await one.post('/agents/call', {
      path: 'takeover/unsaved-continue',
      agent: scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Slow.', delay_ms: 900 }]),
      messages: say('takeover/unsaved-continue'),
      save: false,
    });
    const request = { log_id: suspended.id, messages: [answerTo('call_1_1', 'x')] };
    const first = one.post('/agents/continue', request);
    await beenAsked('takeover/unsaved-continue', 2);
    const events = await other.stream('/agents/continue', request);
    expect(events.map(({ type }) => type)).toEqual(['agent_turn_end']);
    expect((await first).body.output).toBe('Slow.');
  });

  test('is told from its continue on to whoever repeats that, wherever it is driven now', async () => {
    await one.post('/agents/call', {
      path: 'takeover/repeated-continue',
      agent: scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Slow.', delay_ms: 1_000 }]),
      messages: say('takeover/repeated-continue'),
      log_id: 'repeated-continue',
    });
    const request = { log_id: 'repeated-continue', messages: [answerTo('call_1_1', 'x')] };
    const first = one.post('/agents/continue', request);
    await beenAsked('takeover/repeated-continue', 2);
    await forsake('repeated-continue');
    await beenAsked('takeover/repeated-continue', 3);
    const repeats = await Promise.all(
      [one, other].map((server) => server.stream('/agents/continue', request)),
    );
    for (const events of repeats) {
      expect(events[0]?.type).toBe('agent_turn_continue');
      expect(events.at(-1)).toMatchObject({ type: 'agent_turn_end', payload: { output: 'Slow.' } });
    }
    expect((await first).body.output).toBe('Slow.');
  });

  test('and of which nothing is stored is not told anew to who repeats its continue as it ends', async () => {
    const told = await one.stream('/agents/call', {
      path: 'takeover/unsaved-ending',
      agent: scripted([
        { tool_calls: [callOf('lookup')] },
        { content: 'Never.', delay_ms: 3_600_000 },
      ]),
      messages: say('takeover/unsaved-ending'),
      save: false,
      log_id: 'unsaved-ending',
    });
    const request = { log_id: 'unsaved-ending', messages: [answerTo('call_1_1', 'x')] };
    const first = one.post('/agents/continue', request);
    await beenAsked('takeover/unsaved-ending', 2);
    const { pool } = one.database;
    const ending = await pool.connect();
    await ending.query('BEGIN');
    await ending.query('LOCK TABLE run_event IN ACCESS EXCLUSIVE MODE');
    const repeated = other.stream('/agents/continue', request);
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
      AND wait_event_type = 'Lock' AND query LIKE $1`;
    await expect
      .poll(async () => (await pool.query(waiting, ["%'agent_turn_continue'%"])).rowCount)
      .toBe(1);
    await ending.query("DELETE FROM run WHERE log_id = 'unsaved-ending'");
    await ending.query("UPDATE log SET log_status = 'complete' WHERE id = 'unsaved-ending'");
    await ending.query('COMMIT');
    ending.release();
    const last = Number(told.at(-1)?.id);
    expect((await repeated).map(({ id, type }) => [id > last, type])).toEqual([
      [true, 'agent_turn_end'],
    ]);
    one.runtime.abandon(one.workspace, 'unsaved-ending');
    expect((await first).body.log_status).toBe('complete');
  });

  test('that ends every server which drives it is given up', async () => {
    const calling = one.post('/agents/call', {
      path: 'takeover/poison',
      agent: scripted([{ content: 'Never.', delay_ms: 3_600_000 }]),
      messages: say('takeover/poison'),
      log_id: 'poison',
    });
    await beenAsked('takeover/poison', 1);
    await one.database.pool.query("UPDATE run SET takeovers = 10 WHERE log_id = 'poison'");
    await forsake('poison');
    const { body } = await calling;
    expect(body).toMatchObject({ log_status: 'complete', output: null });
    expect(body.error).toMatch(/because 11 servers in a row stopped/);
  });

  test('and whose log is deleted meanwhile is gone', async () => {
    const calling = one.post('/agents/call', {
      path: 'takeover/deleted',
      agent: scripted([{ content: 'Never.', delay_ms: 3_600_000 }]),
      messages: say('takeover/deleted'),
      log_id: 'deleted',
    });
    await beenAsked('takeover/deleted', 1);
    const { signal } = new AbortController();
    const following = other.runtime.find(one.workspace, 'deleted').read({ signal });
    expect((await following.next()).value).toMatchObject({ type: 'agent_turn_start' });
    await one.delete('/logs?id=deleted');
    expect((await calling).statusCode).toBe(404);
    // Not everything was told, so its streams are broken off.
    const rest = Array.fromAsync(following);
    await expect(rest).rejects.toMatchObject({ code: 'log_not_found' });
    await expect.poll(() => one.runtime.size).toBe(0);
  });

  test('is a prompt’s, and goes on with the samples that are missing', async () => {
    const calling = one.post('/prompts/call', {
      path: 'takeover/samples',
      prompt: {
        provider: 'mock',
        model: 'mock',
        other: { script: [{ content: 'Sample.', delay_ms: 500 }] },
      },
      messages: say('takeover/samples'),
      num_samples: 3,
      log_id: 'samples',
    });
    await beenAsked('takeover/samples', 3);
    await forsake('samples');
    const { body } = await calling;
    expect(body.logs.map(({ output }: { output: string }) => output)).toEqual(
      Array(3).fill('Sample.'),
    );
    expect(asked.get('takeover/samples')).toHaveLength(6);
  });
});

describe('a run whose call brought keys of its own', () => {
  const openai = counting();
  const needy: Provider = { ...openai, title: 'OpenAI', needsKey: true };
  async function interrupted(logId: string) {
    const api = await testApp({ database: one.database, providers: { openai: needy } });
    void api.post('/agents/call', {
      path: `interrupted/${logId}`,
      agent: scripted(
        [{ tool_calls: [callOf('nothing')] }, { content: 'With a key.', delay_ms: 500 }],
        {
          provider: 'openai',
        },
      ),
      messages: say(logId),
      log_id: logId,
      provider_api_keys: { openai: 'a-key-for-once' },
    });
    await beenAsked(logId, 2);
    await forsake(logId);
    await expect
      .poll(async () => (await api.get(`/logs/${logId}`)).body.run?.state, { timeout: 10_000 })
      .toBe('interrupted');
    return api;
  }

  test('is interrupted when its server dies, and goes on when it is continued with them', async () => {
    const api = await interrupted('interrupted');
    const { body: log } = await api.get('/logs/interrupted');
    expect(log).toMatchObject({ log_status: 'incomplete', output: null });
    expect(log.error).toMatch(/interrupted.*openai/);
    expect(log.run).toMatchObject({ state: 'interrupted', lost_keys: ['openai'] });

    const request = { log_id: 'interrupted', messages: [] };
    const without = await api.post('/agents/continue', request);
    expect(without.statusCode).toBe(422);
    const keys = { provider_api_keys: { openai: 'a-key-for-once' } };
    const talking = await api.post('/agents/continue', { ...request, ...keys, messages: hello });
    expect(talking).toMatchObject({ statusCode: 422 });
    // A key that no header can hold would be refused by the first model call, which ends the run.
    for (const openai of ['a\nb', 'sk-💥', ' ']) {
      const malformed = { ...request, provider_api_keys: { openai } };
      expect(await api.post('/agents/continue', malformed)).toMatchObject({
        statusCode: 422,
        body: { detail: [{ loc: ['body', 'provider_api_keys', 'openai'] }] },
      });
    }
    expect((await api.get('/logs/interrupted')).body.run.state).toBe('interrupted');

    const { body } = await api.post('/agents/continue', { ...request, ...keys });
    expect(body).toMatchObject({ log_status: 'complete', output: 'With a key.', error: null });
    expect(asked.get('interrupted')).toEqual([1, 3, 3]);
  });

  test('tells in its streams that it was interrupted, and why, and how it went on', async () => {
    const api = await interrupted('interrupted-streamed');
    const { body: log } = await api.get('/logs/interrupted-streamed');
    const told = await other.events('interrupted-streamed');
    const [last] = told.slice(-1);
    expect(last).toMatchObject({
      type: 'agent_turn_suspend',
      payload: { error: log.error, turns: [{}], run: { state: 'interrupted' } },
    });
    const request = {
      log_id: 'interrupted-streamed',
      messages: [],
      provider_api_keys: { openai: 'a-key-for-once' },
    };
    const went = await api.stream('/agents/continue', request);
    expect(went[0]).toMatchObject({ id: Number(last?.id) + 1, type: 'agent_turn_continue' });
    expect(went.at(-1)).toMatchObject({ type: 'agent_turn_end', payload: { error: null } });
    const again = await other.events('interrupted-streamed');
    expect(again.map(({ id, type }) => [id, type])).toEqual(
      [...told, ...went].map(({ id, type }) => [id, type]),
    );
    expect(again[told.length - 1]).toMatchObject({
      payload: { error: log.error, run: { state: 'interrupted' } },
    });
  });

  test('goes on with the nested agent that it had begun, and begins no other', async () => {
    const api = await testApp({ database: one.database, providers: { openai: needy } });
    const { body: inner } = await api.post('/agents', {
      path: 'interrupted/inner',
      ...scripted([{ content: 'From within.', delay_ms: 500 }], { provider: 'openai' }),
    });
    const keys = { provider_api_keys: { openai: 'a-key-for-once' } };
    const asking = { tool_calls: [callOf('inner', { message: 'To the nested one.' })] };
    void api.post('/agents/call', {
      path: 'interrupted/above',
      agent: scripted([asking, { content: 'Done.' }], {
        provider: 'openai',
        tools: [{ type: 'file', link: { file_id: inner.id } }],
      }),
      messages: say('above'),
      log_id: 'interrupted-above',
      ...keys,
    });
    await beenAsked('To the nested one.', 1);
    await forsake('interrupted-above');
    await expect
      .poll(async () => (await api.get('/logs/interrupted-above')).body.run?.state, {
        timeout: 10_000,
      })
      .toBe('interrupted');
    const request = { log_id: 'interrupted-above', messages: [], ...keys };
    const { body } = await api.post('/agents/continue', request);
    expect(body).toMatchObject({ output: 'Done.', error: null });
    expect(body.messages.at(-1)).toMatchObject({ role: 'tool', content: 'From within.' });
    const { body: logs } = await api.get(`/logs?file_id=${inner.id}`);
    expect(logs).toMatchObject({ total: 1, records: [{ output: 'From within.' }] });
  });

  test('goes on without them once the organization has a key', async () => {
    const api = await interrupted('interrupted-stored');
    const request = { log_id: 'interrupted-stored', messages: [] };
    expect((await api.post('/agents/continue', request)).statusCode).toBe(422);
    await api.post('/provider-keys', { provider: 'openai', api_key: 'a-key-that-is-stored' });
    // What was read of keys before is taken for granted for a second.
    await expect
      .poll(async () => (await api.post('/agents/continue', request)).body, { timeout: 10_000 })
      .toMatchObject({ log_status: 'complete', output: 'With a key.', run: null });
    await api.delete('/provider-keys/openai');
  });

  test('can be cancelled while it is interrupted', async () => {
    const api = await interrupted('interrupted-cancelled');
    const { body } = await api.post('/logs/interrupted-cancelled/cancel');
    expect(body).toMatchObject({ log_status: 'complete', error: 'cancelled' });
  });
});

test('a failure of the database while a nested agent is begun is not told to the model', async () => {
  const { pool } = one.database;
  const { body: inner } = await one.post('/agents', {
    path: 'takeover/inner',
    ...scripted([{ content: 'From within.' }]),
  });
  const tools = [{ type: 'file', link: { file_id: inner.id } }];
  // By then what was read of keys for the first model call is not taken for granted any more.
  const asking = { tool_calls: [callOf('inner', { message: 'Go on.' })], delay_ms: 1_500 };
  const script = [asking, { content: 'Done.' }];
  const calling = one.post('/agents/call', {
    path: 'takeover/unlucky',
    agent: scripted(script, { tools }),
    messages: say('unlucky'),
    log_id: 'unlucky',
  });
  await beenAsked('unlucky', 1);
  await pool.query(`ALTER TABLE provider_key RENAME TO provider_key_kept;
    CREATE FUNCTION no_room() RETURNS boolean LANGUAGE plpgsql AS
      'BEGIN RAISE EXCEPTION USING ERRCODE = ''53200''; END';
    CREATE VIEW provider_key AS SELECT kept.* FROM no_room() LEFT JOIN provider_key_kept kept ON true`);
  const { body: refused } = await calling;
  await pool.query(`DROP VIEW provider_key; DROP FUNCTION no_room();
    ALTER TABLE provider_key_kept RENAME TO provider_key`);
  expect(refused.code).toBe('database_unavailable');
  await forsake('unlucky');
  await expect
    .poll(async () => (await one.get('/logs/unlucky')).body.log_status, { timeout: 10_000 })
    .toBe('complete');
  const { body } = await one.get('/logs/unlucky');
  expect(body.output).toBe('Done.');
  expect(body.messages.at(-1)).toMatchObject({ role: 'tool', content: 'From within.' });
});

describe('a cancel whose server dies in the middle of it', () => {
  /** An agent that waits in a nested one for the client. @returns the log of the nested one. */
  async function nested(logId: string): Promise<string> {
    const { body: inner } = await one.post('/agents', {
      path: `takeover/${logId}/inner`,
      ...scripted([{ tool_calls: [callOf('lookup')] }, { content: 'From within.' }]),
    });
    const asking = { tool_calls: [callOf('inner', { message: 'Go on.' })] };
    await one.post('/agents/call', {
      path: `takeover/${logId}`,
      agent: scripted([asking, { content: 'Done.' }], {
        tools: [{ type: 'file', link: { file_id: inner.id } }],
      }),
      messages: say(logId),
      log_id: logId,
    });
    const { body } = await one.get(`/logs/${logId}?include_trace_children=true`);
    expect(body.run.state).toBe('suspended');
    return body.trace_children[0].id;
  }

  /** Cancels a run with a server that dies as soon as it holds the run. */
  async function beginCancel(logId: string): Promise<void> {
    const dying: Runtime = Object.create(one.runtime, {
      holder: { value: { owner: 'own_dead', leaseSeconds: 0 } },
      abandon: {
        value: () => {
          throw new Error('The server is dead.');
        },
      },
    });
    await expect(cancelRun(dying, one.workspace, logId)).rejects.toThrow('The server is dead.');
  }

  const ended = async (logId: string) => {
    const { body } = await other.get(`/logs/${logId}`);
    return [body.log_status, body.error];
  };

  test('is finished by whoever takes the run over, with what is below it', async () => {
    const below = await nested('cancel-begun');
    await beginCancel('cancel-begun');
    await expect
      .poll(() => ended('cancel-begun'), { timeout: 10_000 })
      .toEqual(['complete', 'cancelled']);
    expect(await ended(below)).toEqual(['complete', 'cancelled']);
    expect(asked.get('cancel-begun')).toHaveLength(1);
  });

  test('is finished for a nested agent, and the one above it goes on', async () => {
    const below = await nested('cancel-below');
    await beginCancel(below);
    await expect.poll(() => ended('cancel-below'), { timeout: 10_000 }).toEqual(['complete', null]);
    expect(await ended(below)).toEqual(['complete', 'cancelled']);
    const { body } = await other.get('/logs/cancel-below');
    expect(body.messages.at(-1)).toMatchObject({ role: 'tool', content: 'Error: cancelled' });
  });

  test('is finished for a nested agent whose call is taken up again by the one above it', async () => {
    const below = await nested('cancel-taken-up');
    await beginCancel(below);
    await one.database.pool.query(
      `UPDATE run SET state = 'running', lease_owner = 'own_dead', lease_token = lease_token + 1,
        lease_expires_at = now() - interval '1 second' WHERE log_id = 'cancel-taken-up'`,
    );
    await expect
      .poll(() => ended('cancel-taken-up'), { timeout: 10_000 })
      .toEqual(['complete', null]);
    expect(await ended(below)).toEqual(['complete', 'cancelled']);
  });
});
