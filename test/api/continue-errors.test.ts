import { describe, expect, test } from 'vitest';
import { promptKind } from '../../src/files/kinds/prompt.ts';
import { upsertVersion } from '../../src/files/upsert-version.ts';
import { answerTo, callOf, hello, lookup, scripted, stop } from '../support/agents.ts';
import { type Answer, testApp } from '../support/app.ts';
import { expectRefusal, rowCounts } from '../support/refusals.ts';

const api = await testApp();

const two = [callOf('lookup', { key: 'a' }), callOf('lookup', { key: 'b' })];

/** A run that waits for the answers to these calls, and ends when it has them. */
async function suspendedRun(calls = [callOf('lookup')], more: Record<string, unknown> = {}) {
  const script = [{ tool_calls: calls }, { content: 'Done.' }];
  const { body } = await api.post('/agents/call', {
    path: 'continue/errors',
    agent: scripted(script),
    messages: hello,
    ...more,
  });
  expect(body.log_status).toBe('incomplete');
  const ids: string[] = body.previous_agent_message.tool_calls.map(({ id }: { id: string }) => id);
  return { log: body, ids, answers: ids.map((id) => answerTo(id, `for ${id}`)) };
}

const proceed = (log_id: string, messages: readonly unknown[], more: object = {}) =>
  api.post('/agents/continue', { log_id, messages, ...more });

/** A log, without its agent, whose counters follow a second late. */
async function logOf(id: string): Promise<Answer['body']> {
  const { agent, ...log } = (await api.get(`/logs/${id}`)).body;
  return log;
}

/** Expects a refusal, and that the log is as it was. */
async function refused(
  logId: string,
  messages: readonly unknown[],
  status: number,
  ...locs: (string | number)[][]
): Promise<Answer> {
  const [before, log] = [await rowCounts(api), await logOf(logId)];
  for (const stream of [false, true]) {
    const answer = await proceed(logId, messages, { stream });
    expectRefusal(answer, status, ...locs);
    expect(await rowCounts(api)).toEqual(before);
    expect(await logOf(logId)).toEqual(log);
  }
  return proceed(logId, messages);
}

describe('what is not suspended cannot be continued', () => {
  test('a run that was continued to its end', async () => {
    const { log, answers } = await suspendedRun();
    expect((await proceed(log.id, answers)).body.log_status).toBe('complete');
    expect((await refused(log.id, answers, 409)).body).toMatchObject({
      code: 'not_suspended',
      detail: `Log \`${log.id}\` cannot be continued: it is complete.`,
    });
  });

  test('a run that never waited', async () => {
    const agent = scripted([{ content: 'At once.' }]);
    const call = { path: 'continue/once', agent, messages: hello };
    const { body } = await api.post('/agents/call', call);
    await refused(body.id, [], 409);
    const open = await api.post('/agents/call', { ...call, log_status: 'incomplete' });
    await refused(open.body.id, [], 409);
  });

  test('a log that was made elsewhere, open or closed', async () => {
    await suspendedRun();
    for (const log_status of ['incomplete', 'complete', null]) {
      const { body } = await api.post('/agents/log', { path: 'continue/errors', log_status });
      expect((await refused(body.id, [answerTo('call_1_1', 'x')], 409)).body.code).toBe(
        'not_suspended',
      );
    }
  });

  test('a log that is not there', async () => {
    for (const id of ['log_none', '../logs', "'", 'x'.repeat(5_000)]) {
      expectRefusal(await proceed(id, []), 404);
    }
  });

  test('the log of another kind', async () => {
    const prompt = await upsertVersion(api.workspace, promptKind, {
      path: 'continue/prompt',
      spec: { provider: 'mock', model: 'm' },
    });
    const link = { type: 'file', link: { file_id: prompt.id } };
    const agent = scripted([{ tool_calls: [callOf('prompt', { message: 'x' })] }], {
      tools: [lookup, stop, link],
    });
    const { body } = await api.post('/agents/call', {
      path: 'continue/calls-prompt',
      agent,
      messages: hello,
      include_trace_children: true,
    });
    const [child] = body.trace_children;
    expect(child).toHaveProperty('prompt');
    await refused(child.id, [], 404);
  });

  test('a run whose log was closed by hand', async () => {
    const { log, answers } = await suspendedRun();
    const closed = await api.patch(`/agents/${log.agent.id}/log/${log.id}`, {
      log_status: 'complete',
    });
    expect(closed.body).toMatchObject({ log_status: 'complete', previous_agent_message: null });
    await refused(log.id, answers, 409);
  });

  test('a run whose log was deleted', async () => {
    const { log, answers } = await suspendedRun();
    expect((await api.delete(`/logs?id=${log.id}`)).statusCode).toBe(204);
    expectRefusal(await proceed(log.id, answers), 404);
  });
});

describe('messages that do not answer the calls are refused', () => {
  test('calls without an answer, named by their ids', async () => {
    const { log, ids, answers } = await suspendedRun(two);
    for (const messages of [[], [{ role: 'user', content: 'Well?' }]]) {
      const { body } = await refused(log.id, messages, 422, ['body', 'messages']);
      for (const id of ids) expect(body.detail[0].msg).toContain(`\`${id}\``);
    }
    const { body } = await refused(log.id, [answers[1]], 422, ['body', 'messages']);
    expect(body.detail[0].msg).toBe(
      `Tool messages are missing for these tool calls: \`${ids[0]}\`.`,
    );
  });

  test('an answer to a call that was not made', async () => {
    const { log, answers } = await suspendedRun();
    const stray = answerTo('call_9_9', 'x');
    await refused(log.id, [...answers, stray], 422, ['body', 'messages', 1, 'tool_call_id']);
    await refused(
      log.id,
      [stray],
      422,
      ['body', 'messages', 0, 'tool_call_id'],
      ['body', 'messages'],
    );
  });

  test('two answers to one call', async () => {
    const { log, answers } = await suspendedRun();
    const twice = [...answers, ...answers];
    await refused(log.id, twice, 422, ['body', 'messages', 1, 'tool_call_id']);
  });

  test('an answer that does not say to what', async () => {
    const { log, answers } = await suspendedRun();
    for (const tool_call_id of [undefined, null, '']) {
      const message = { role: 'tool', tool_call_id, content: 'x' };
      await refused(log.id, [...answers, message], 422, ['body', 'messages', 1, 'tool_call_id']);
    }
  });

  test('after every refusal the run can still be continued', async () => {
    const { log, answers } = await suspendedRun(two);
    await refused(log.id, [answers[0]], 422);
    await refused(log.id, [...answers, ...answers], 422);
    const done = await proceed(log.id, answers);
    expect(done.body).toMatchObject({ log_status: 'complete', output: 'Done.' });
  });
});

describe('of continues at once', () => {
  test('equal ones are one: the model is called once, and all have its answer', async () => {
    const { log, answers } = await suspendedRun();
    const all = await Promise.all(Array.from({ length: 8 }, () => proceed(log.id, answers)));
    const won = all.filter(({ statusCode }) => statusCode === 200);
    expect(won.length).toBeGreaterThan(0);
    // One that came after the end finds a log that is complete.
    const late = all.filter(({ statusCode }) => statusCode !== 200);
    for (const answer of late) expectRefusal(answer, 409);
    for (const { body } of won) expect(body).toMatchObject({ id: log.id, output: 'Done.' });
    expect((await api.get(`/logs/${log.id}`)).body.turns).toHaveLength(2);
  });

  test('equal ones join for as long as the run goes on', async () => {
    const slow = [{ tool_calls: [callOf('lookup')] }, { content: 'Done.', delay_ms: 400 }];
    const { log, answers } = await suspendedRun(undefined, { agent: scripted(slow) });
    const all = await Promise.all(Array.from({ length: 5 }, () => proceed(log.id, answers)));
    for (const { statusCode, body } of all) {
      expect({ statusCode, output: body.output }).toEqual({ statusCode: 200, output: 'Done.' });
    }
    expect((await api.get(`/logs/${log.id}`)).body.turns).toHaveLength(2);
  });

  test('different ones exclude each other: exactly one wins', async () => {
    const { log, ids } = await suspendedRun();
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, n) => proceed(log.id, [answerTo(ids[0] as string, `No ${n}`)])),
    );
    const won = all.filter(({ statusCode }) => statusCode === 200);
    expect(won).toHaveLength(1);
    for (const answer of all) if (answer !== won[0]) expectRefusal(answer, 409);
    const { body } = await api.get(`/logs/${log.id}`);
    expect(body.turns).toHaveLength(2);
    expect(body.messages).toEqual(won[0]?.body.messages);
  });
});

describe('the log of a run', () => {
  test('cannot be changed while the run is under way', async () => {
    const agent = scripted([{ content: 'Slowly.', delay_ms: 1_000 }]);
    const running = api.post('/agents/call', {
      path: 'continue/slow',
      agent,
      messages: hello,
      log_id: 'slow-run',
    });
    await expect.poll(async () => (await api.get('/logs/slow-run')).statusCode).toBe(200);
    const { body: log } = await api.get('/logs/slow-run');
    for (const body of [{ log_status: 'complete' }, { output: 'x' }]) {
      const answer = await api.patch(`/agents/${log.agent.id}/log/slow-run`, body);
      expectRefusal(answer, 409);
      expect(answer.body.code).toBe('run_under_way');
    }
    expectRefusal(await proceed('slow-run', []), 409);
    expect((await running).body.output).toBe('Slowly.');
  });

  test('can be closed while the run waits, but not changed otherwise', async () => {
    const { log, answers } = await suspendedRun();
    const answer = await api.patch(`/agents/${log.agent.id}/log/${log.id}`, { output: 'x' });
    expectRefusal(answer, 409);
    expect((await proceed(log.id, answers)).body.log_status).toBe('complete');
  });
});
