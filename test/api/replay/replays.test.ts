import { describe, expect, test } from 'vitest';
import { answerTo, callOf, hello, lookup, scripted } from '../../support/agents.ts';
import { testApp } from '../../support/app.ts';
import { drainFeed } from '../../support/feed.ts';

const api = await testApp();

/** A Python tool whose result is never the same twice. */
async function makeClock() {
  const { body } = await api.post('/tools', {
    path: 'replays/clock',
    function: {
      name: 'clock',
      description: 'The time in a city.',
      parameters: { type: 'object', properties: { city: { type: 'string' } } },
    },
    source_code: 'import time\n\ndef clock(city):\n    return f"{city}: {time.time_ns()}"\n',
  });
  return { id: body.id as string, link: { type: 'file', link: { file_id: body.id as string } } };
}

// One for all tests: each tool has a Python process of its own.
const clock = await makeClock();

const clockIn = (city: string) => callOf('clock', { city });
const words = [{ content: 'Done.' }];

async function agentAt(path: string, agent: Record<string, unknown>) {
  const { body } = await api.post('/agents', { path, ...agent });
  return { id: body.id as string, versionId: body.version_id as string };
}

async function callAgent(id: string, more: Record<string, unknown> = {}) {
  const { body } = await api.post('/agents/call', { id, messages: hello, ...more });
  return body;
}

const lengthOf = {
  evaluator_type: 'python',
  arguments_type: 'target_free',
  return_type: 'number',
  code: 'def length(log):\n    return len(log["output"] or "")\n',
};

/** How many logs the tool has. */
async function toolLogs(): Promise<number> {
  return (await api.get(`/logs?file_id=${clock.id}`)).body.total;
}

/** An Evaluation of a file. @param path of its evaluator, if it has one. */
async function evaluationOf(fileId: string, path?: string): Promise<string> {
  const spec = lengthOf;
  const evaluators = path ? [(await api.post('/evaluators', { path, spec })).body] : [];
  const { body } = await api.post('/evaluations', {
    file: { id: fileId },
    evaluators: evaluators.map(({ version_id }) => ({ version_id })),
  });
  return body.id;
}

interface RunStats {
  readonly run_id: string;
  readonly evaluator_stats: readonly { readonly mean: number }[];
}

/** Replays, and waits until both Runs are completed. @returns the answer, and the new logs. */
async function replay(evaluationId: string, request: Record<string, unknown>) {
  const { statusCode, body } = await api.post(`/evaluations/${evaluationId}/replays`, request);
  expect(body).toMatchObject({ run: { orchestrated: true }, baseline: { orchestrated: false } });
  expect(statusCode).toBe(200);
  await completed(evaluationId);
  const { body: logs } = await api.get(
    `/evaluations/${evaluationId}/logs?run_id=${body.run.id}&size=100&include_trace_children=true`,
  );
  const records = logs.records as { log: Record<string, unknown>; evaluator_logs: unknown[] }[];
  return {
    run: body.run,
    baseline: body.baseline,
    records,
    logs: records.map(({ log }) => log),
  };
}

async function completed(evaluationId: string): Promise<void> {
  const statuses = async () => {
    await drainFeed(api.database);
    const { body } = await api.get(`/evaluations/${evaluationId}/runs`);
    return body.runs.map(({ status }: { status: string }) => status);
  };
  await expect.poll(statuses, { timeout: 80_000 }).toEqual(['completed', 'completed']);
}

describe('a replay', { timeout: 90_000 }, () => {
  test('of the same version with recorded tools runs no tool, and differs in nothing', async () => {
    const { id, versionId } = await agentAt(
      'same/agent',
      scripted([{ tool_calls: [clockIn('Oslo')] }], { tools: [clock.link] }),
    );
    const before = [
      await callAgent(id, { user: 'ada' }),
      await callAgent(id, { inputs: { a: 1 } }),
    ];
    const evaluation = await evaluationOf(id, 'same/length');
    const { run, baseline, records, logs } = await replay(evaluation, {
      version: { version_id: versionId },
    });
    expect(run.options).toEqual({
      replay: { tools: 'recorded', on_miss: 'fail', baseline_run_id: baseline.id },
    });
    expect(logs.map(({ output }) => output)).toEqual(before.map(({ output }) => output));
    expect(logs).toMatchObject([
      {
        user: 'ada',
        source: 'evaluation',
        metadata: { replayed_from: before[0].id, first_difference: null },
        trace_children: [],
        error: null,
      },
      { inputs: { a: 1 }, metadata: { replayed_from: before[1].id, first_difference: null } },
    ]);
    expect(records.map(({ evaluator_logs: logs }) => logs)).toMatchObject([[{}], [{}]]);
    expect(await toolLogs()).toBe(2);
  });

  test('of another version says where it first differs, beside the old logs as the baseline', async () => {
    const tools = [clock.link];
    const { id, versionId: old } = await agentAt(
      'other/agent',
      scripted([{ tool_calls: [clockIn('Oslo')] }, ...words], { tools }),
    );
    const before = await callAgent(id);
    const { versionId } = await agentAt(
      'other/agent',
      scripted([{ tool_calls: [clockIn('Oslo')] }, { content: 'It is late.' }], { tools }),
    );
    const evaluation = await evaluationOf(id, 'other/length');
    const { run, baseline, logs } = await replay(evaluation, {
      version: { version_id: versionId },
      name: 'Later',
    });
    expect(logs).toMatchObject([
      { output: 'It is late.', metadata: { first_difference: { turn: 2, kind: 'text' } } },
    ]);
    expect(run).toMatchObject({ name: 'Later', version: { version_id: versionId } });
    expect(baseline).toMatchObject({ name: 'Later (baseline)', version: { version_id: old } });
    const { body: stats } = await api.get(`/evaluations/${evaluation}/stats`);
    expect(
      stats.run_stats.map(({ run_id, evaluator_stats: [numbers] }: RunStats) => [
        run_id,
        numbers?.mean,
      ]),
    ).toEqual([
      [run.id, 'It is late.'.length],
      [baseline.id, 'Done.'.length],
    ]);
    const { body: logged } = await api.get(`/evaluations/${evaluation}/logs?run_id=${baseline.id}`);
    expect(logged.records).toMatchObject([{ log: { id: before.id } }]);
  });

  test.each([
    [
      'fail',
      { output: null, error: expect.stringContaining('no result for this call of `clock`') },
      0,
    ],
    ['stop', { output: null, error: null, output_message: { tool_calls: [{}] } }, 0],
    ['live', { output: 'Done.', error: null }, 1],
  ])('answers a call that was not recorded with on_miss %s', async (on_miss, log, children) => {
    const tools = [clock.link];
    const path = `miss/${on_miss}/agent`;
    const { id } = await agentAt(
      path,
      scripted([{ tool_calls: [clockIn('Oslo')] }, ...words], { tools }),
    );
    await callAgent(id);
    const { versionId } = await agentAt(
      path,
      scripted([{ tool_calls: [clockIn('Rome')] }, ...words], { tools }),
    );
    const evaluation = await evaluationOf(id);
    const { logs } = await replay(evaluation, { version: { version_id: versionId }, on_miss });
    expect(logs).toMatchObject([
      { ...log, metadata: { first_difference: { turn: 1, kind: 'arguments' } } },
    ]);
    expect(logs[0]?.['trace_children'] ?? []).toHaveLength(children);
  });

  test('with live tools runs them', async () => {
    const { id, versionId } = await agentAt(
      'live/agent',
      scripted([{ tool_calls: [clockIn('Oslo')] }, ...words], { tools: [clock.link] }),
    );
    await callAgent(id);
    const evaluation = await evaluationOf(id);
    const { logs } = await replay(evaluation, {
      version: { version_id: versionId },
      tools: 'live',
    });
    expect(logs).toMatchObject([
      { output: 'Done.', metadata: { first_difference: { turn: 1, kind: 'results' } } },
    ]);
    expect(logs[0]?.['trace_children']).toHaveLength(1);
  });

  test('gives the answers that the client gave', async () => {
    const { id, versionId } = await agentAt(
      'client/agent',
      scripted([{ tool_calls: [callOf('lookup', { key: 'a' })] }], { tools: [lookup] }),
    );
    const { id: log_id } = await callAgent(id);
    const { body: before } = await api.post('/agents/continue', {
      log_id,
      messages: [answerTo('call_1_1', 'the value of a')],
    });
    const evaluation = await evaluationOf(id);
    const { logs } = await replay(evaluation, { version: { version_id: versionId } });
    expect(before.output).toContain('the value of a');
    expect(logs).toMatchObject([{ output: before.output, metadata: { first_difference: null } }]);
  });

  test('of a prompt asks it again', async () => {
    const spec = { provider: 'mock', model: 'mock', template: 'Say {{word}}.' };
    const { body: prompt } = await api.post('/prompts', { path: 'prompts/asked', ...spec });
    await api.post('/prompts/call', { id: prompt.id, inputs: { word: 'hello' } });
    const { body: next } = await api.post('/prompts', {
      path: 'prompts/asked',
      ...spec,
      template: 'Shout {{word}}!',
    });
    const evaluation = await evaluationOf(prompt.id);
    const { logs } = await replay(evaluation, { version: { version_id: next.version_id } });
    expect(logs).toMatchObject([
      {
        output: expect.stringContaining('Shout hello!'),
        inputs: { word: 'hello' },
        metadata: { first_difference: { turn: 1, kind: 'text' } },
      },
    ]);
  });
});

describe('the logs of a replay', { timeout: 90_000 }, () => {
  test('are the newest, in their order, without those of Runs and those that cannot be replayed', async () => {
    const { id, versionId } = await agentAt('chosen/agent', scripted(words, { tools: [lookup] }));
    const ids: string[] = [];
    for (let n = 1; n <= 4; n++) ids.push((await callAgent(id, { metadata: { n } })).id);
    await callAgent(id, { save: false });
    const evaluation = await evaluationOf(id);
    const asked = { version: { version_id: versionId } };
    const first = await replay(evaluation, { ...asked, logs: { last: 2 } });
    const from = (logs: readonly Record<string, unknown>[]) =>
      logs.map(({ metadata }) => (metadata as Record<string, unknown>)['replayed_from']);
    expect(from(first.logs)).toEqual(ids.slice(2));
    const second = await evaluationOf(id);
    expect(from((await replay(second, asked)).logs)).toEqual(ids);
    const third = await evaluationOf(id);
    const filtered = await replay(third, { ...asked, logs: { metadata_search: '"n": 3' } });
    expect(from(filtered.logs)).toEqual([ids[2]]);
  });

  test('that are deleted before they are replayed become logs with an error', async () => {
    const path = 'deleted/agent';
    const { id } = await agentAt(path, scripted(words, { tools: [lookup] }));
    const before = [await callAgent(id), await callAgent(id)];
    // One call at a time, and the first one takes long enough to delete the log of the second.
    const slow = scripted([{ content: 'Done.', delay_ms: 2_000 }], { tools: [lookup] });
    const { versionId } = await agentAt(path, slow);
    const evaluation = await evaluationOf(id);
    const { body } = await api.post(`/evaluations/${evaluation}/replays`, {
      version: { version_id: versionId },
      concurrency: 1,
    });
    const logs = async () => {
      await drainFeed(api.database);
      const url = `/evaluations/${evaluation}/logs?run_id=${body.run.id}`;
      return (await api.get(url)).body.records.map(({ log }: { log: unknown }) => log);
    };
    await expect.poll(async () => (await logs()).length, { timeout: 20_000 }).toBe(1);
    await api.delete(`/logs?id=${before[1].id}`);
    await completed(evaluation);
    expect(await logs()).toMatchObject([
      { output: 'Done.', metadata: { first_difference: null } },
      {
        output: null,
        error: `There is no log \`${before[1].id}\`.`,
        metadata: { replayed_from: before[1].id },
      },
    ]);
  });
});

test('a replay is refused when none of the newest 10,000 logs can be replayed', async () => {
  const path = 'far/prompt';
  const { body: log } = await api.post('/prompts/log', {
    path,
    prompt: { provider: 'mock', model: 'mock' },
  });
  await api.database.pool.query(
    `INSERT INTO log SELECT (jsonb_populate_record(log, jsonb_build_object('id', id || n,
        'trace_id', id || n, 'log_status', 'incomplete',
        'created_at', created_at + n * interval '1 microsecond'))).*
      FROM log CROSS JOIN generate_series(1, 10000) AS n WHERE id = $1`,
    [log.id],
  );
  const evaluation = await evaluationOf(log.prompt_id);
  const answer = await api.post(`/evaluations/${evaluation}/replays`, {
    version: { version_id: log.version_id },
  });
  expect(answer).toMatchObject({ statusCode: 422, body: { code: 'invalid' } });
  expect(JSON.stringify(answer.body)).toContain('None of the newest 10000 logs');
});

test('a replay is refused when it makes no sense, and then nothing is written', async () => {
  const { id, versionId } = await agentAt('refused/agent', scripted(words, { tools: [lookup] }));
  const { versionId: other } = await agentAt('refused/other', scripted(words, { tools: [lookup] }));
  const { body: flow } = await api.post('/flows', { path: 'refused/flow', attributes: {} });
  const evaluation = await evaluationOf(id);
  const { body: anyFile } = await api.post('/evaluations', { evaluators: [] });
  const version = { version_id: versionId };
  const answers = [
    [evaluation, { version }, 422, 'invalid'],
    [evaluation, { version, logs: { file_id: flow.id } }, 422, 'invalid'],
    [evaluation, { version: { version_id: other } }, 422, 'invalid'],
    [evaluation, {}, 422, 'invalid'],
    [evaluation, { version, tools: 'none' }, 422, 'invalid'],
    [evaluation, { version, on_miss: 'skip' }, 422, 'invalid'],
    [evaluation, { version, logs: { last: 0 } }, 422, 'invalid'],
    [anyFile.id, { version: { version_id: flow.version_id } }, 422, 'not_orchestratable'],
    [evaluation, { version: { version_id: 'agv_x' } }, 404, 'version_not_found'],
    ['evr_x', { version }, 404, 'evaluation_not_found'],
  ] as const;
  for (const [evaluationId, request, statusCode, code] of answers) {
    const answer = await api.post(`/evaluations/${evaluationId}/replays`, request);
    expect(answer, JSON.stringify(request)).toMatchObject({ statusCode, body: { code } });
  }
  expect((await api.get(`/evaluations/${evaluation}/runs`)).body.runs).toEqual([]);
});
