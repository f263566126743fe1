import { describe, expect, test } from 'vitest';
import { expireEvents } from '../../src/runtime/events/event-queries.ts';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { type NumberedEvent, testApp, withoutCounters } from '../support/app.ts';

const one = await testApp();
const other = await testApp({ database: one.database });

const idsOf = (events: readonly NumberedEvent[]) => events.map(({ id }) => id);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

async function agentAt(path: string, script: readonly Record<string, unknown>[], more = {}) {
  const { body } = await one.post('/agents', { path, ...scripted(script, more) });
  return body.id as string;
}

/** A run with everything in it that a stream can tell: a nested agent, a prompt, words, a suspension. */
async function eventfulRun(path: string) {
  const inner = await agentAt(`${path}/Inner`, [{ content: 'From within.' }]);
  const { body: prompt } = await one.post('/prompts', {
    path: `${path}/Asked`,
    provider: 'mock',
    model: 'mock',
    template: [{ role: 'user', content: 'Say {{what}}.' }],
    other: { script: [{ content: 'Said so.' }] },
  });
  const link = (id: string) => ({
    type: 'file',
    link: { file_id: id, environment_id: null },
    on_agent_call: 'continue',
  });
  const agent = await agentAt(
    `${path}/Outer`,
    [
      {
        content: 'Let me see.',
        tool_calls: [
          callOf('inner', { message: 'x' }),
          callOf('asked', { what: 'so' }),
          callOf('lookup', { key: 'k' }),
        ],
      },
      { content: 'All done.' },
    ],
    { tools: [link(inner), link(prompt.id), ...scripted([]).tools] },
  );
  const first = await one.stream('/agents/call', { id: agent, messages: hello });
  const logId = first[0]?.log_id as string;
  return { logId, first };
}

describe('the events of a run', () => {
  test('are told again as they were, from the first on, here and on another server', async () => {
    const { logId, first } = await eventfulRun('again');
    expect(first.at(-1)?.type).toBe('agent_turn_suspend');
    const second = await one.stream('/agents/continue', {
      log_id: logId,
      messages: [answerTo('call_1_3', 'v')],
    });
    const told = withoutCounters([...first, ...second]);
    expect(idsOf(told)).toEqual(upTo(told.length));
    expect(told.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['tool_start', 'tool_update', 'tool_end', 'agent_turn_continue']),
    );
    for (const api of [one, other]) {
      const again = withoutCounters(await api.events(logId));
      expect(again.map(({ id, type }) => [id, type])).toEqual(
        told.map(({ id, type }) => [id, type]),
      );
      expect(again).toEqual(told);
    }
  });

  test('are told after any one of them', async () => {
    const { logId, first } = await eventfulRun('after');
    for (const { id } of first) {
      expect(idsOf(await other.events(logId, id))).toEqual(upTo(first.length).slice(id));
    }
  });

  test('are told after the one that a browser names in `Last-Event-ID`', async () => {
    const { logId, first } = await eventfulRun('browser');
    const { body } = await other.app.inject({
      url: `/v5/logs/${logId}/events?after=0`,
      headers: { 'x-api-key': 'a-key-for-tests-only', 'last-event-id': String(first.length - 1) },
    });
    expect(body.match(/^id: \d+$/gm)).toEqual([`id: ${first.length}`]);
  });

  test.each(['here', 'elsewhere'])(
    'are followed %s while the run goes on, to its rest',
    async (where) => {
      const api = where === 'here' ? one : other;
      const logId = `followed-${where}`;
      const calling = one.stream('/agents/call', {
        path: `followed/${where}`,
        agent: scripted([{ content: 'one two three four five six', word_delay_ms: 40 }]),
        messages: hello,
        log_id: logId,
      });
      await expect.poll(async () => (await one.get(`/logs/${logId}`)).statusCode).toBe(200);
      const followed = await api.events(logId);
      const told = await calling;
      expect(withoutCounters(followed)).toEqual(withoutCounters(told));
    },
  );

  test('of a call that is not streamed are told, too', async () => {
    const { body } = await one.post('/agents/call', {
      path: 'rejoin/plain',
      agent: scripted([{ content: 'Plain.' }]),
      messages: hello,
    });
    const events = await other.events(body.id);
    expect(events.map(({ type }) => type)).toEqual([
      'agent_turn_start',
      'agent_start',
      'agent_end',
      'agent_turn_end',
    ]);
    expect(events.at(-1)?.payload).toMatchObject({ output: 'Plain.', log_status: 'complete' });
  });

  test('of a run that waits end where it waits, and are there for as long as it does', async () => {
    const { logId, first } = await eventfulRun('waiting');
    await one.database.pool.query(
      "UPDATE run_event SET written_at = now() - interval '30 days' WHERE log_id = $1",
      [logId],
    );
    await expire();
    expect(withoutCounters(await other.events(logId))).toEqual(withoutCounters(first));
  });

  test('are kept for an hour after the run has ended, and then not found', async () => {
    const { body } = await one.post('/agents/call', {
      path: 'rejoin/old',
      agent: scripted([{ content: 'Old.' }]),
      messages: hello,
    });
    const age = (minutes: number) =>
      one.database.pool.query(
        'UPDATE run_event SET written_at = now() - make_interval(mins => $2) WHERE log_id = $1',
        [body.id, minutes],
      );
    await age(59);
    await expire();
    expect(await other.events(body.id)).toHaveLength(4);
    await age(61);
    await expire();
    expect(await other.get(`/logs/${body.id}/events`)).toMatchObject({
      statusCode: 404,
      body: { code: 'events_gone' },
    });
  });

  test('go with their log', async () => {
    const { logId } = await eventfulRun('deleted');
    await one.delete(`/logs?id=${logId}`);
    const { rows } = await one.database.pool.query('SELECT 1 FROM run_event WHERE log_id = $1', [
      logId,
    ]);
    expect(rows).toEqual([]);
  });

  test('of a log that no run made, or that is not there, are not found', async () => {
    const { body } = await one.post('/agents/log', {
      path: 'rejoin/logged',
      agent: { model: 'm' },
      output: 'Made elsewhere.',
    });
    expect((await one.get(`/logs/${body.id}/events`)).body.code).toBe('events_gone');
    expect((await one.get('/logs/nowhere/events')).body.code).toBe('log_not_found');
  });

  test('of a call with `save: false` are not stored, and how it ends is told all the same', async () => {
    const { body } = await one.post('/agents/call', {
      path: 'rejoin/unsaved',
      agent: scripted([{ content: 'A secret.', tool_calls: [callOf('lookup')] }]),
      messages: hello,
      save: false,
    });
    const events = await other.events(body.id);
    expect(events.map(({ type }) => type)).toEqual(['agent_turn_start', 'agent_turn_suspend']);
    const { rows } = await one.database.pool.query('SELECT 1 FROM run_event WHERE log_id = $1', [
      body.id,
    ]);
    expect(rows).toEqual([]);
  });
});

/** Lets the server delete what is old enough: by itself it does so every ten minutes. */
function expire(): Promise<void> {
  return expireEvents(one.database, 60);
}
