import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import {
  addFilledRun,
  addJudgment,
  failed,
  filledEvaluation,
  type Said,
} from '../../support/evaluations.ts';

const api = await testApp();

const statsOf = async ({ id }: { readonly id: string }) => {
  const { statusCode, body } = await api.get(`/evaluations/${id}/stats`);
  expect(statusCode, JSON.stringify(body)).toBe(200);
  return body;
};

/** The only evaluator's statistics of the only Run. */
async function only(
  returns: 'boolean' | 'number' | 'select' | 'multi_select' | 'text',
  said: readonly Said[],
  options?: readonly { readonly name: string }[],
) {
  const evaluation = await filledEvaluation(api, {
    evaluators: [{ returns, ...(options ? { options } : {}) }],
    runs: [{ logs: said.map((one) => [one]) }],
  });
  const { evaluator_version_id, ...stats } = (await statsOf(evaluation)).run_stats[0]
    .evaluator_stats[0];
  expect(evaluator_version_id).toBe(evaluation.evaluators[0].version_id);
  return stats;
}

const counts = (total: number, judged: number, nulls: number, errors: number) => ({
  total_logs: total,
  num_judgments: judged,
  num_nulls: nulls,
  num_errors: errors,
});

test('a boolean evaluator has exactly the counts of true and false, and a Wilson interval', async () => {
  const said = [...Array(8).fill(true), false, false];
  const { confidence_interval, ...stats } = await only('boolean', said);
  expect(stats).toEqual({ ...counts(10, 10, 0, 0), num_true: 8, num_false: 2 });
  expect(confidence_interval.low).toBeCloseTo(0.4902, 4);
  expect(confidence_interval.high).toBeCloseTo(0.9433, 4);
  expect(confidence_interval.level).toBe(0.95);
});

test('a number evaluator has exactly mean, sum, std and nine percentiles', async () => {
  const { confidence_interval, std, percentiles, ...stats } = await only('number', [4, 1, 3, 2]);
  expect(stats).toEqual({ ...counts(4, 4, 0, 0), mean: 2.5, sum: 10 });
  expect(std).toBeCloseTo(1.291, 4);
  expect(Object.keys(percentiles)).toHaveLength(9);
  expect(percentiles).toMatchObject({ 0: 1, 25: 1.75, 50: 2.5, 75: 3.25, 100: 4 });
  expect(percentiles['90']).toBeCloseTo(3.7, 12);
  expect(percentiles['99.9']).toBeCloseTo(3.997, 12);
  // Four judgments are too few for an interval.
  expect(confidence_interval).toBeNull();
});

test.each([
  ['number', { mean: null, sum: null, std: null, percentiles: {}, confidence_interval: null }],
  ['boolean', { num_true: 0, num_false: 0, confidence_interval: null }],
  ['select', { num_judgments_per_option: { good: 0, bad: 0 } }],
  ['multi_select', { num_judgments_per_option: { good: 0, bad: 0 } }],
  ['text', {}],
] as const)(
  'errors and nulls of a %s evaluator are counted, and are no value',
  async (returns, fields) => {
    const options = returns.includes('select') ? [{ name: 'good' }, { name: 'bad' }] : undefined;
    const stats = await only(returns, [failed, null, failed], options);
    expect(stats).toEqual({ ...counts(3, 0, 1, 2), ...fields });
  },
);

test('one number has no deviation', async () => {
  expect(await only('number', [7])).toMatchObject({ mean: 7, std: null, percentiles: { 50: 7 } });
});

test('each option of a select evaluator is counted, with 0 where nobody chose it', async () => {
  const options = [{ name: 'good' }, { name: 'fair' }, { name: 'bad' }];
  const said = ['good', 'bad', 'good', null];
  expect(await only('select', said, options)).toEqual({
    ...counts(4, 3, 1, 0),
    num_judgments_per_option: { good: 2, fair: 0, bad: 1 },
  });
  const several = [['good', 'bad'], [], ['bad']];
  expect(await only('multi_select', several, options)).toEqual({
    ...counts(3, 3, 0, 0),
    num_judgments_per_option: { good: 1, fair: 0, bad: 2 },
  });
});

test('text is only counted', async () => {
  expect(await only('text', ['a', null, 'b'])).toEqual(counts(3, 2, 1, 0));
});

test('every evaluator has an item in every Run, with zeros before anything is judged', async () => {
  const evaluation = await filledEvaluation(api, {
    evaluators: [{ returns: 'boolean' }, { returns: 'number' }, { returns: 'text' }],
    runs: [{ status: 'pending' }, { status: 'running', logs: [[true]] }],
  });
  const { run_stats } = await statsOf(evaluation);
  const versions = evaluation.evaluators.map(({ version_id }) => version_id);
  for (const { evaluator_stats } of run_stats) {
    const of = (evaluator_stats as { evaluator_version_id: string }[]).map(
      ({ evaluator_version_id }) => evaluator_version_id,
    );
    expect(of).toEqual(versions);
  }
  expect(run_stats[1]).toMatchObject({
    run_id: evaluation.runs[0]?.id,
    batch_id: null,
    num_logs: 0,
    status: 'pending',
    evaluator_stats: [counts(0, 0, 0, 0), counts(0, 0, 0, 0), counts(0, 0, 0, 0)],
  });
});

test('a Run that is cancelled or has no judgment stands behind those that have some', async () => {
  const evaluation = await filledEvaluation(api, {
    evaluators: [{ returns: 'boolean' }],
    runs: [
      { logs: [[true]] },
      { status: 'cancelled', logs: [[true]] },
      { logs: [[false]] },
      { status: 'cancelled' },
      { status: 'running', logs: [[undefined]] },
    ],
  });
  const { run_stats } = await statsOf(evaluation);
  const order = (run_stats as { run_id: string }[]).map(({ run_id }) =>
    evaluation.runs.findIndex(({ id }) => id === run_id),
  );
  expect(order).toEqual([2, 0, 4, 3, 1]);
});

test('a judgment of another version of an attached client-judged evaluator counts for it', async () => {
  const evaluation = await filledEvaluation(api, {
    evaluators: [{ returns: 'boolean', orchestrated: false }],
    runs: [{ logs: [[undefined], [true]] }],
  });
  const [evaluator] = evaluation.evaluators;
  const [run] = evaluation.runs;
  const newer = { id: evaluator.id, version_id: `${evaluator.version_id}2` };
  await addJudgment(api, run?.logIds[0] ?? '', newer, false);
  // The second log was judged by the attached version before.
  await addJudgment(api, run?.logIds[1] ?? '', newer, failed);
  expect((await statsOf(evaluation)).run_stats[0].evaluator_stats[0]).toMatchObject({
    evaluator_version_id: evaluator.version_id,
    ...counts(2, 1, 0, 1),
    num_true: 0,
    num_false: 1,
  });
});

test('a judgment of another version of a server-judged evaluator does not count', async () => {
  const evaluation = await filledEvaluation(api, {
    evaluators: [{ returns: 'boolean', orchestrated: true }],
    runs: [{ logs: [[true]] }],
  });
  const [evaluator] = evaluation.evaluators;
  const other = { id: evaluator.id, version_id: `${evaluator.version_id}2` };
  await addJudgment(api, evaluation.runs[0]?.logIds[0] ?? '', other, false);
  expect((await statsOf(evaluation)).run_stats[0].evaluator_stats[0]).toMatchObject({
    total_logs: 1,
    num_true: 1,
  });
});

test('the judgments of two people on one log stand side by side', async () => {
  const evaluation = await filledEvaluation(api, {
    evaluators: [{ returns: 'boolean', orchestrated: false }],
    runs: [{ logs: [[undefined]] }],
  });
  const logId = evaluation.runs[0]?.logIds[0] ?? '';
  await addJudgment(api, logId, evaluation.evaluators[0], true, { judge: 'ada' });
  await addJudgment(api, logId, evaluation.evaluators[0], false, { judge: 'bob' });
  expect((await statsOf(evaluation)).run_stats[0].evaluator_stats[0]).toMatchObject({
    total_logs: 2,
    num_true: 1,
    num_false: 1,
  });
});

test('a completed Run has an interval of the mean, which is the same each time', async () => {
  const said = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((value) => [value]);
  const evaluation = await filledEvaluation(api, {
    evaluators: [{ returns: 'number', orchestrated: false }],
    // The last log waits for its judgment, so the server does not complete the Run.
    runs: [{ logs: said }, { status: 'running', logs: [...said, [undefined]] }],
  });
  const first = await statsOf(evaluation);
  const [open, completed] = first.run_stats;
  expect(open.evaluator_stats[0].confidence_interval).toBeNull();
  const interval = completed.evaluator_stats[0].confidence_interval;
  expect(interval.low).toBeGreaterThan(3.5);
  expect(interval.low).toBeLessThan(4);
  expect(interval.high).toBeGreaterThan(7);
  expect(interval.high).toBeLessThan(7.5);
  expect(await statsOf(evaluation)).toEqual(first);
  await api.database.db.deleteFrom('evaluation_run_stats').execute();
  expect(await statsOf(evaluation)).toEqual(first);
});

test('progress and report are texts, and progress is empty for the SDK of Node', async () => {
  const evaluation = await filledEvaluation(api, {
    evaluators: [{ returns: 'boolean' }, { returns: 'number' }],
    runs: [
      { logs: [[true, 7]] },
      {
        logs: [
          [true, 8],
          [false, failed],
          [undefined, undefined],
        ],
      },
    ],
  });
  const { progress, report } = await statsOf(evaluation);
  expect(progress).toBe('\n⏳ Evaluation Progress\nTotal Logs: 3/3\nTotal Judgments: 4/6\n\n');
  expect(report).toContain('Evaluation results for filled');
  const url = `/v5/evaluations/${evaluation.id}/stats`;
  const headers = { 'x-api-key': 'a-key-for-tests-only', 'x-fern-language': 'JavaScript' };
  const { body } = await api.app.inject({ method: 'GET', url, headers });
  expect(JSON.parse(body)).toMatchObject({ progress: '', report });
});

test('the report has a row for each evaluator and a column for each Run, the control first', async () => {
  const evaluation = await filledEvaluation(api, {
    evaluators: [
      { path: 'report/good', returns: 'boolean' },
      { path: 'report/score', returns: 'number' },
    ],
    runs: [
      { logs: [[true, 1]], version: 'one' },
      {
        logs: [
          [true, 2],
          [false, failed],
          [true, 2.12345],
        ],
        version: 'two',
        isControl: true,
      },
      { logs: [[failed, null]], version: 'three' },
    ],
  });
  const { report } = await statsOf(evaluation);
  const lines = (report as string).split('\n');
  const cells = (name: string) =>
    lines
      .filter((line) => line.startsWith(`| ${name} `))
      .map((line) =>
        line
          .split('|')
          .slice(2, -1)
          .map((cell) => cell.trim()),
      );
  expect(cells('report/good')).toEqual([['0.667', '1', '– (1 err)']]);
  expect(cells('report/score')).toEqual([['2.062 (1 err)', '1', '–']]);
  const order = [1, 0, 2].map((index) => evaluation.runs[index]?.id);
  const versions = await api.database.db
    .selectFrom('evaluation_run')
    .select(['id', 'version_id'])
    .execute();
  expect(cells('Version ID')).toEqual([
    order.map((id) => versions.find((row) => row.id === id)?.version_id),
  ]);
  expect(cells('Added')[0]?.[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
  expect(cells('Latency')).toHaveLength(1);
  expect(cells('Cost')).toHaveLength(1);
  const widths = new Set(lines.filter((line) => /^[|+]/.test(line)).map((line) => line.length));
  expect(widths.size).toBe(1);
  expect(lines.at(-1)).toMatch(
    new RegExp(`^Navigate to Evaluation:  \\S*/evaluations/${evaluation.id}$`),
  );
  expect((await statsOf(evaluation)).report).toBe(report);
});

test('the report shows the control and the four newest other Runs, in lines of at most 200', async () => {
  const evaluation = await filledEvaluation(api, {
    evaluators: [{ path: `long/${'x'.repeat(220)}`, returns: 'boolean' }],
    runs: [
      { isControl: true, logs: [[true]] },
      ...Array.from({ length: 5 }, () => ({ logs: [[false]] })),
    ],
  });
  const lines = (await statsOf(evaluation)).report.split('\n') as string[];
  const row = lines.find((line) => line.includes('xxx')) ?? '';
  expect(
    row
      .split('|')
      .slice(2, -1)
      .map((cell) => cell.trim()),
  ).toEqual(['1', '0', '0', '0', '0']);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(200);
});

test('an Evaluation without Runs has empty statistics', async () => {
  const evaluation = await filledEvaluation(api, { evaluators: [], runs: [] });
  expect(await statsOf(evaluation)).toMatchObject({
    run_stats: [],
    status: 'pending',
    report: expect.stringContaining('No Runs yet.'),
  });
  expect((await api.get('/evaluations/evr_unknown/stats')).statusCode).toBe(404);
});

test('the metrics of a Run come from its logs and what is below them', async () => {
  const evaluation = await filledEvaluation(api, { evaluators: [], runs: [] });
  const times = { start_time: '2026-05-04T10:00:00Z', end_time: '2026-05-04T10:00:04Z' };
  const usage = { prompt_tokens: 10, output_tokens: 4, prompt_cost: 0.01, output_cost: 0.02 };
  const run = await addFilledRun(
    api,
    { ...evaluation, datapoints: [] },
    { logs: [[], []], log: { ...times, ...usage, provider_latency: 2 } },
  );
  const [first = ''] = run.logIds;
  await api.post('/tools/log', {
    path: 'metrics tool',
    tool: { function: { name: 'look_up', description: 'x' } },
    trace_parent_id: first,
  });
  const [{ metrics, num_logs }] = (await statsOf(evaluation)).run_stats;
  expect(num_logs).toBe(2);
  expect(metrics).toEqual({
    latency: { mean: 2, p50: 2, p90: 2, p95: 2, p99: 2, max: 2 },
    cost: { mean: 0.03, sum: 0.06, unknown: 0 },
    prompt_tokens: { mean: 10, sum: 20, unknown: 0 },
    output_tokens: { mean: 4, sum: 8, unknown: 0 },
    model_calls: { mean: 1, sum: 2 },
    tool_calls: { mean: 0.5, sum: 1 },
    errors: { count: 0, share: 0 },
    judging: { cost: null, latency_mean: null },
  });
});

test('the statistics of a deleted file are not found', async () => {
  const evaluation = await filledEvaluation(api, { evaluators: [], runs: [] });
  const url = `/evaluations/${evaluation.id}/stats`;
  expect((await api.get(url)).statusCode).toBe(200);
  await api.delete(`/prompts/${evaluation.file.id}`);
  expect(await api.get(url)).toMatchObject({
    statusCode: 404,
    body: { code: 'evaluation_not_found' },
  });
});

test('the metrics of judging come from the judgments that count', async () => {
  const evaluation = await filledEvaluation(api, {
    evaluators: [{ returns: 'boolean' }, { returns: 'number' }],
    runs: [{ logs: [[], []] }],
  });
  const [first, second] = evaluation.runs[0]?.logIds ?? [];
  const [one, other] = evaluation.evaluators;
  const times = { start_time: '2026-05-04T10:00:00Z', end_time: '2026-05-04T10:00:04Z' };
  for (const log of [
    { id: one.id, parent_id: first, judgment: true, provider_latency: 60 },
    { id: one.id, parent_id: first, judgment: true, ...times },
    { id: one.id, parent_id: second, judgment: false },
    { id: other.id, parent_id: first, judgment: 3, provider_latency: 1 },
    { id: other.id, parent_id: second, error: 'It failed.', provider_latency: 1 },
  ]) {
    expect((await api.post('/evaluators/log', log)).statusCode).toBe(200);
  }
  const [{ metrics }] = (await statsOf(evaluation)).run_stats;
  expect(metrics.judging).toEqual({ cost: null, latency_mean: 2 });
});
