import { expect, test } from 'vitest';
import { type Answer, testApp } from '../../support/app.ts';
import { drainFeed } from '../../support/feed.ts';
import {
  addLogs,
  bodyOf,
  counting,
  evaluationWithRun,
  evaluatorLogs,
  externalEvaluator,
  judgments,
  loggedPrompt,
  logPrompt,
  mockEvaluator,
  monitor,
  tasksOn,
  untilJudged,
} from '../../support/judging.ts';

const api = await testApp();

type Body = Answer['body'];

test('every new log of a file is judged by the evaluators that monitor it', async () => {
  const [judge, person] = [
    await mockEvaluator(api, 'monitors'),
    await externalEvaluator(api, 'says nothing', { evaluator_type: 'human' }),
  ];
  const prompt = await loggedPrompt(api, 'monitored');
  await monitor(api, prompt, [judge, person]);
  const log = await logPrompt(api, prompt);
  await untilJudged(api);
  expect(await evaluatorLogs(api, log)).toMatchObject([
    { judgment: true, source: 'monitoring', source_datapoint_id: null },
  ]);
  expect(await counting(api, log)).toMatchObject([{ is_traffic: true, value: 1 }]);
});

test('a call is judged when it is complete', async () => {
  const judge = await mockEvaluator(api, 'of calls', { says: '{{log.output}}' });
  const agent = await bodyOf(
    api.post('/agents', {
      path: 'called',
      provider: 'mock',
      model: 'any',
      other: { script: [{ content: 'true' }] },
    }),
  );
  await monitor(api, agent, [judge]);
  const messages = [{ role: 'user', content: 'Well?' }];
  const log = await bodyOf(
    api.post('/agents/call', { path: 'called', messages, environment: 'production' }),
  );
  await untilJudged(api);
  expect(await judgments(api, log)).toEqual([true]);
});

test('a flow is judged when it is completed, and again when its output changes, as one', async () => {
  const judge = await mockEvaluator(api, 'of flows');
  const flow = await bodyOf(api.post('/flows', { path: 'flow', attributes: {} }));
  await monitor(api, flow, [judge]);
  const log = await bodyOf(
    api.post('/flows/log', { id: flow.id, inputs: {}, log_status: 'incomplete' }),
  );
  await drainFeed(api.database);
  expect(await tasksOn(api, log)).toEqual([]);
  const change = (more: object) => bodyOf(api.patch(`/flows/logs/${log.id}`, more));
  await change({ output: 'true', log_status: 'complete' });
  await untilJudged(api);
  expect(await judgments(api, log)).toEqual([true]);
  await change({ metadata: { seen: 1 } });
  await drainFeed(api.database);
  expect(await tasksOn(api, log)).toEqual([]);
  await change({ output: 'perhaps' });
  await drainFeed(api.database);
  const [waiting] = await tasksOn(api, log);
  await change({ output: 'false' });
  await drainFeed(api.database);
  expect((await tasksOn(api, log))[0]?.due_at).toBe(waiting?.due_at);
  await untilJudged(api);
  expect(await judgments(api, log)).toEqual([true, false]);
  expect(await counting(api, log)).toMatchObject([{ value: 0 }]);
});

test('a log that a client opened by hand is judged when it has an outcome', async () => {
  const judge = await mockEvaluator(api, 'of open flows');
  const flow = await bodyOf(api.post('/flows', { path: 'open flow', attributes: {} }));
  await monitor(api, flow, [judge]);
  const log = await bodyOf(api.post('/flows/log', { id: flow.id, inputs: {} }));
  await drainFeed(api.database);
  expect(await tasksOn(api, log)).toEqual([]);
  await bodyOf(api.patch(`/flows/logs/${log.id}`, { output: 'true' }));
  await untilJudged(api);
  expect(await judgments(api, log)).toEqual([true]);
});

test('an evaluator that was deactivated judges nothing, also of what it had still to judge', async () => {
  const judge = await mockEvaluator(api, 'deactivated');
  const prompt = await loggedPrompt(api, 'deactivated for');
  const log = await logPrompt(api, prompt);
  await untilJudged(api);
  await monitor(api, prompt, [judge]);
  await bodyOf(api.patch(`/prompts/${prompt.id}/log/${log.id}`, { output: 'false' }));
  await drainFeed(api.database);
  expect(await tasksOn(api, log)).toHaveLength(1);
  await bodyOf(
    api.post(`/prompts/${prompt.id}/evaluators`, {
      deactivate: [{ evaluator_version_id: judge.version_id }],
    }),
  );
  const later = await logPrompt(api, prompt);
  await untilJudged(api);
  expect(await judgments(api, log)).toEqual([]);
  expect(await judgments(api, later)).toEqual([]);
});

test('the version that is deployed when a log becomes ready judges it', async () => {
  const [first, second] = [
    await mockEvaluator(api, 'deployed', { says: 'true' }),
    await mockEvaluator(api, 'deployed', { says: 'false' }),
  ];
  const prompt = await loggedPrompt(api, 'deployed for');
  const [{ id: environment }] = await bodyOf(api.get(`/evaluators/${first.id}/environments`));
  const url = `/evaluators/${first.id}/environments/${environment}`;
  const activate = [{ evaluator_id: first.id, environment_id: environment }];
  await bodyOf(api.post(`/prompts/${prompt.id}/evaluators`, { activate }));
  await bodyOf(api.post(`${url}?version_id=${first.version_id}`));
  const log = await logPrompt(api, prompt);
  await drainFeed(api.database);
  await bodyOf(api.post(`${url}?version_id=${second.version_id}`));
  await untilJudged(api);
  expect(await judgments(api, log)).toEqual([true]);
  const later = await logPrompt(api, prompt);
  await untilJudged(api);
  expect(await judgments(api, later)).toEqual([false]);
  await bodyOf(api.delete(url));
  const unjudged = await logPrompt(api, prompt);
  await untilJudged(api);
  expect(await judgments(api, unjudged)).toEqual([]);
});

test('evaluators that watch each other judge a log a finite number of times', async () => {
  const [a, b, c] = [
    await mockEvaluator(api, 'circle a', { says: 'true' }),
    await mockEvaluator(api, 'circle b', { says: 'true' }),
    await mockEvaluator(api, 'circle c', { says: 'true' }),
  ];
  const prompt = await loggedPrompt(api, 'circled');
  await monitor(api, prompt, [a]);
  await monitor(api, a, [b, c]);
  await monitor(api, b, [a, c]);
  await monitor(api, c, [a, b]);
  const log = await logPrompt(api, prompt);
  await untilJudged(api);
  const below = async (log: Body): Promise<unknown> => {
    const found: [string, unknown][] = [];
    for (const each of await evaluatorLogs(api, log)) {
      found.push([each.evaluator.path.at(-1), await below(each)]);
    }
    return Object.fromEntries(found);
  };
  expect(await below(log)).toEqual({ a: { b: { c: {} }, c: { b: {} } } });
});

test('logs that were made for a Run are not monitored, and logs that were added to one are', async () => {
  const judge = await mockEvaluator(api, 'of traffic');
  const prompt = await loggedPrompt(api, 'traffic and tests');
  await monitor(api, prompt, [judge]);
  const run = await evaluationWithRun(api, prompt, [await externalEvaluator(api, 'of tests')]);
  const made = await logPrompt(api, prompt, { run_id: run.runId });
  const [added] = [await logPrompt(api, prompt)];
  await addLogs(api, run, [added]);
  await untilJudged(api);
  expect(await judgments(api, made)).toEqual([]);
  expect(await judgments(api, added)).toEqual([true]);
});

test('logs without payloads are not monitored', async () => {
  const prompt = await loggedPrompt(api, 'no payloads');
  await monitor(api, prompt, [await mockEvaluator(api, 'of no payloads')]);
  const log = await logPrompt(api, prompt, { save: false });
  await untilJudged(api);
  expect(await judgments(api, log)).toEqual([]);
});

test('a sample is the same logs each time, and each evaluator has its own', async () => {
  const [one, two] = [
    await mockEvaluator(api, 'sample one', { says: 'true' }),
    await mockEvaluator(api, 'sample two', { says: 'true' }),
  ];
  const prompt = await loggedPrompt(api, 'sampled');
  await monitor(api, prompt, [one, two], { sample_rate: 0.5 });
  // Made in one statement, as an import would.
  await api.database.pool.query(
    `INSERT INTO log (organization_id, id, type, file_id, version_id, created_at, save, output)
      SELECT organization_id, 'log_sampled_' || n, 'prompt', $1, $2, now(), true, 'true'
      FROM organization_of_tests($3), generate_series(1, 1000) n`.replace(
      'organization_of_tests($3)',
      '(SELECT $3::text AS organization_id) o',
    ),
    [prompt.id, prompt.version_id, api.workspace.organizationId],
  );
  const chosen = async () => {
    await drainFeed(api.database);
    const { rows } = await api.database.pool.query(
      `WITH gone AS (DELETE FROM judgment_task WHERE log_id LIKE 'log_sampled_%' RETURNING *)
        SELECT evaluator_version_id AS version, array_agg(log_id ORDER BY log_id) AS logs
        FROM (SELECT evaluator_version_id, log_id FROM gone
          UNION SELECT evaluator_version_id, log_id FROM judgment WHERE log_id LIKE 'log_sampled_%')
          all_chosen GROUP BY 1 ORDER BY 1`,
    );
    return rows as { version: string; logs: string[] }[];
  };
  const first = await chosen();
  for (const { logs } of first) {
    expect(logs.length).toBeGreaterThan(430);
    expect(logs.length).toBeLessThan(570);
  }
  const both = first[0]?.logs.filter((id) => first[1]?.logs.includes(id)) ?? [];
  expect(both.length).toBeGreaterThan(180);
  expect(both.length).toBeLessThan(320);
  await api.database.pool.query(`UPDATE log SET output = 'false' WHERE id LIKE 'log_sampled_%'`);
  expect(await chosen()).toEqual(first);
});

test('activating again with another rate changes it, and without one keeps it', async () => {
  const judge = await externalEvaluator(api, 'rated');
  const prompt = await loggedPrompt(api, 'rated of');
  const rates = async (more: object) => {
    const { evaluators } = await monitor(api, prompt, [judge], { ...more });
    return evaluators.map(({ sample_rate, state }: Body) => [sample_rate, state]);
  };
  expect(await rates({})).toEqual([[1, 'active']]);
  expect(await rates({ sample_rate: 0.25 })).toEqual([[0.25, 'active']]);
  expect(await rates({})).toEqual([[0.25, 'active']]);
  expect(await rates({ sample_rate: null })).toEqual([[0.25, 'active']]);
  const url = `/prompts/${prompt.id}/evaluators`;
  const off = { deactivate: [{ evaluator_version_id: judge.version_id }] };
  expect((await bodyOf(api.post(url, off))).evaluators).toMatchObject([
    { state: 'inactive', sample_rate: 0.25 },
  ]);
  expect(await rates({ sample_rate: 1 })).toEqual([[1, 'active']]);
  for (const sample_rate of [0, -1, 1.01, 'half']) {
    const activate = [{ evaluator_version_id: judge.version_id, sample_rate }];
    expect(await api.post(url, { activate })).toMatchObject({
      statusCode: 422,
      body: { detail: [{ loc: ['body', 'activate', 0, 'sample_rate'] }] },
    });
  }
});
