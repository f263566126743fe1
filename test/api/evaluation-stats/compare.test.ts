import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import {
  addFilledRun,
  type FilledEvaluation,
  failed,
  filledEvaluation,
  type Said,
} from '../../support/evaluations.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

type GivenEvaluator = Parameters<typeof filledEvaluation>[1]['evaluators'][number];

/** An Evaluation whose control is the first Run, and whose other Run is the candidate. */
async function twoRuns(
  evaluators: readonly GivenEvaluator[],
  baseline: readonly (readonly (Said | undefined)[])[],
  candidate: readonly (readonly (Said | undefined)[])[],
) {
  return filledEvaluation(api, {
    evaluators,
    runs: [{ logs: baseline, isControl: true }, { logs: candidate }],
  });
}

async function comparison({ id, runs }: FilledEvaluation, query = '') {
  const url = `/evaluations/${id}/compare?run=${runs[1]?.id}${query}`;
  const { statusCode, body } = await api.get(url);
  expect(statusCode, JSON.stringify(body)).toBe(200);
  return body;
}

const repeated = (count: number, ...said: Said[]) => Array.from({ length: count }, () => said);

test('10 wins and 3 losses of a boolean evaluator have a p-value of 0.0923', async () => {
  const before = [...repeated(10, false), ...repeated(3, true), ...repeated(20, true)];
  const after = [...repeated(10, true), ...repeated(3, false), ...repeated(20, true)];
  const evaluation = await twoRuns([{ returns: 'boolean' }], before, after);
  const [control, candidate] = evaluation.runs;
  const body = await comparison(evaluation);
  expect(body).toMatchObject({
    run_id: candidate?.id,
    baseline_run_id: control?.id,
    level: 0.95,
    cluster_by: null,
  });
  const [{ p_value, p_adjusted, difference, low, high, ...rest }] = body.evaluators;
  expect(p_value).toBeCloseTo(0.0923, 4);
  expect(p_adjusted).toBe(p_value);
  expect(difference).toBeCloseTo(7 / 33, 12);
  expect(low).toBeLessThan(0.05);
  expect(high).toBeGreaterThan(0.35);
  expect(rest).toEqual({
    evaluator_id: evaluation.evaluators[0].id,
    evaluator_version_id: evaluation.evaluators[0].version_id,
    path: evaluation.evaluators[0].path,
    n_pairs: 33,
    n_only_run: 0,
    n_only_baseline: 0,
    baseline: 23 / 33,
    candidate: 30 / 33,
    method: 'mcnemar',
    wins: 10,
    losses: 3,
    ties: 20,
    better: 'higher',
  });
});

test('1 win and 9 losses have a p-value of 0.0215', async () => {
  const evaluation = await twoRuns(
    [{ returns: 'boolean' }],
    [...repeated(1, false), ...repeated(9, true)],
    [...repeated(1, true), ...repeated(9, false)],
  );
  expect((await comparison(evaluation)).evaluators[0].p_value).toBeCloseTo(0.0215, 4);
});

test('identical Runs differ by 0, with a p-value of 1', async () => {
  const said = [...repeated(5, true, 3), ...repeated(4, false, 8)];
  const evaluation = await twoRuns([{ returns: 'boolean' }, { returns: 'number' }], said, said);
  const body = await comparison(evaluation);
  const same = { difference: 0, low: 0, high: 0, p_value: 1, p_adjusted: 1, wins: 0, losses: 0 };
  expect(body.evaluators).toMatchObject([
    { ...same, ties: 9, method: 'mcnemar', better: 'higher' },
    { ...same, ties: 9, method: 'sign_flip', better: null },
  ]);
  const itself = `/evaluations/${evaluation.id}/compare?run=${evaluation.runs[0]?.id}`;
  expect((await api.get(itself)).body.evaluators).toMatchObject([same, same]);
});

test('a Datapoint that only one Run has a value of is counted, and not used', async () => {
  const evaluation = await twoRuns(
    [{ returns: 'number' }],
    [[1], [2], [failed], [4], [5], [6], [7]],
    [[2], [3], [4], [5], [null], [7], [8], [9]],
  );
  expect((await comparison(evaluation)).evaluators[0]).toMatchObject({
    n_pairs: 5,
    n_only_run: 2,
    n_only_baseline: 1,
    difference: 1,
    method: 'sign_flip',
    p_value: 2 / 32,
  });
});

test('below five pairs there is a difference, but neither interval nor p-value', async () => {
  const evaluation = await twoRuns([{ returns: 'number' }], repeated(4, 1), repeated(4, 2));
  expect((await comparison(evaluation)).evaluators[0]).toMatchObject({
    n_pairs: 4,
    difference: 1,
    low: null,
    high: null,
    p_value: null,
    p_adjusted: null,
    method: 'too_few',
  });
});

test('the valence of an evaluator says which values are better', async () => {
  const options = [{ name: 'good', valence: 'positive' }, { name: 'bad' }];
  const evaluation = await twoRuns(
    [
      { returns: 'number', valence: 'negative' },
      { returns: 'number', valence: 'positive' },
      { returns: 'select', options },
      { returns: 'boolean', options: [{ name: 'true', valence: 'negative' }] },
    ],
    repeated(6, 2, 2, 'bad', true),
    repeated(6, 1, 1, 'good', false),
  );
  expect((await comparison(evaluation)).evaluators).toMatchObject([
    { better: 'lower', wins: 6, losses: 0, difference: -1 },
    { better: 'higher', wins: 0, losses: 6, difference: -1 },
    { better: 'higher', wins: 6, baseline: 0, candidate: 1, method: 'mcnemar' },
    { better: 'lower', wins: 6, losses: 0, difference: -1 },
  ]);
});

test('texts, and options without a valence, are not comparable', async () => {
  const options = [{ name: 'good' }, { name: 'bad' }];
  const evaluation = await twoRuns(
    [{ returns: 'text' }, { returns: 'select', options }],
    repeated(6, 'a', 'good'),
    repeated(6, 'b', 'bad'),
  );
  const none = { method: 'not_comparable', n_pairs: 0, difference: null, p_value: null };
  expect((await comparison(evaluation)).evaluators).toMatchObject([none, none]);
});

test('p-values are adjusted for the number of evaluators', async () => {
  const evaluation = await twoRuns(
    [{ returns: 'boolean' }, { returns: 'boolean' }],
    [...repeated(10, false, false), ...repeated(3, true, false)],
    [...repeated(10, true, true), ...repeated(3, false, true)],
  );
  const [one, other] = (await comparison(evaluation)).evaluators;
  expect(one.p_value).toBeCloseTo(0.0923, 4);
  expect(one.p_adjusted).toBeCloseTo(0.0923, 4);
  expect(other.p_adjusted).toBeCloseTo(2 * other.p_value, 12);
});

test('costs and latencies are compared likewise, and lower ones are better', async () => {
  const evaluation = await filledEvaluation(api, {
    evaluators: [],
    runs: [
      { logs: repeated(6), isControl: true, log: { provider_latency: 2, prompt_cost: 0.02 } },
      { logs: repeated(6), log: { provider_latency: 1, prompt_cost: 0.03 } },
    ],
  });
  const { metrics } = await comparison(evaluation);
  expect(metrics.latency).toMatchObject({ n_pairs: 6, baseline: 2, candidate: 1, wins: 6 });
  expect(metrics.cost).toMatchObject({ n_pairs: 6, losses: 6, better: 'lower' });
  expect(metrics.cost.difference).toBeCloseTo(0.01, 12);
});

test('several trials of a Datapoint are averaged first', async () => {
  const evaluation = await twoRuns([{ returns: 'boolean' }], repeated(5, false), repeated(5, true));
  const [, candidate] = evaluation.runs;
  // The second Run has three logs of the first Datapoint: one more true, and a false.
  const more = await addFilledRun(api, evaluation, { logs: [[true], [false]] });
  for (const [index, logId] of more.logIds.entries()) {
    await api.database.db
      .updateTable('evaluation_slot')
      .set({
        run_id: candidate?.id ?? '',
        position: 100 + index,
        trial: index + 1,
        datapoint_id: evaluation.datapoints[0] ?? '',
      })
      .where('log_id', '=', logId)
      .execute();
  }
  expect((await comparison(evaluation)).evaluators[0]).toMatchObject({
    n_pairs: 5,
    candidate: (4 + 2 / 3) / 5,
    method: 'sign_flip',
  });
});

test('Datapoints with the same input are no independent evidence', async () => {
  const evaluation = await twoRuns(
    [{ returns: 'boolean' }],
    repeated(12, false),
    repeated(12, true),
  );
  await api.database.db
    .insertInto('datapoint')
    .values(
      evaluation.datapoints.map((id, index) => ({
        organization_id: api.workspace.organizationId,
        id,
        file_id: evaluation.file.id,
        inputs: JSON.stringify({ of: { document: index % 6 } }),
        messages: null,
        target: null,
      })),
    )
    .execute();
  const body = await comparison(evaluation, '&cluster_by=inputs.of.document');
  expect(body).toMatchObject({ cluster_by: 'inputs.of.document' });
  // Twelve wins in six clusters are as good as six.
  expect(body.evaluators[0]).toMatchObject({ wins: 12, method: 'sign_flip', p_value: 2 / 64 });
});

test('the level of intervals can be chosen', async () => {
  const evaluation = await twoRuns(
    [{ returns: 'number' }],
    [1, 2, 3, 4, 5, 6, 7, 8].map((value) => [value]),
    [2, 2, 5, 4, 9, 6, 6, 9].map((value) => [value]),
  );
  const [wide] = (await comparison(evaluation, '&level=0.99')).evaluators;
  const [narrow] = (await comparison(evaluation, '&level=0.8')).evaluators;
  expect(wide.high - wide.low).toBeGreaterThan(narrow.high - narrow.low);
  expect(await comparison(evaluation)).toEqual(await comparison(evaluation));
});

test('the baseline is the control, the Run before, or any other', async () => {
  const evaluation = await filledEvaluation(api, {
    evaluators: [{ returns: 'boolean' }],
    runs: [
      { logs: [[true]] },
      { logs: [[true]] },
      { status: 'cancelled', logs: [[true]] },
      { logs: [[false]] },
    ],
  });
  const [first, second, , last] = evaluation.runs;
  const url = `/evaluations/${evaluation.id}/compare?run=${last?.id}`;
  expectRefusal(await api.get(url), 422, ['query', 'baseline']);
  const previous = (await api.get(`${url}&baseline=previous`)).body;
  expect(previous.baseline_run_id).toBe(second?.id);
  const any = (await api.get(`${url}&baseline=${first?.id}`)).body;
  expect(any.baseline_run_id).toBe(first?.id);
  expect((await api.get(`${url}&baseline=run_unknown`)).body.code).toBe('evaluation_run_not_found');
  const none = `/evaluations/${evaluation.id}/compare?run=${first?.id}&baseline=previous`;
  expectRefusal(await api.get(none), 422, ['query', 'baseline']);
  const unknown = `/evaluations/${evaluation.id}/compare?run=run_unknown`;
  expect((await api.get(unknown)).body.code).toBe('evaluation_run_not_found');
  expect((await api.get(`/evaluations/evr_unknown/compare?run=${last?.id}`)).statusCode).toBe(404);
  expectRefusal(await api.get(`/evaluations/${evaluation.id}/compare`), 422, ['query', 'run']);
  const cluster = `${url}&baseline=previous&cluster_by=output`;
  expectRefusal(await api.get(cluster), 422, ['query', 'cluster_by']);
});

test('Datapoints are listed with both logs and both judgments, in the order of the dataset', async () => {
  const evaluation = await twoRuns(
    [{ returns: 'boolean' }, { returns: 'number' }],
    [
      [true, 1],
      [true, 1],
      [false, 1],
      [true, failed],
    ],
    [
      [true, 1],
      [false, 2],
      [true, 1],
      [true, 3],
    ],
  );
  const [control, candidate] = evaluation.runs;
  const url = `/evaluations/${evaluation.id}/compare/datapoints?run=${candidate?.id}`;
  const { body } = await api.get(url);
  expect(body).toMatchObject({ page: 1, size: 10, total: 4 });
  expect(body.records[1]).toMatchObject({
    datapoint: null,
    run_logs: [{ id: candidate?.logIds[1] }],
    baseline_logs: [{ id: control?.logIds[1] }],
    evaluators: [
      {
        evaluator_version_id: evaluation.evaluators[0].version_id,
        change: 'regression',
        run: { value: 0, judgments: [{ log_id: candidate?.logIds[1] }] },
        baseline: { value: 1, judgments: [{ log_id: control?.logIds[1] }] },
      },
      { change: 'changed', run: { value: 2 }, baseline: { value: 1 } },
    ],
  });
  expect(body.records[3].evaluators[1]).toMatchObject({
    change: null,
    run: { value: null, judgments: [{}] },
  });
  const placesOf = async (query: string) => {
    const { records, total } = (await api.get(`${url}&${query}`)).body;
    expect(total).toBe(records.length);
    return records.map(({ run_logs: [log] }: { run_logs: { id: string }[] }) =>
      candidate?.logIds.indexOf(log?.id ?? ''),
    );
  };
  expect(await placesOf('only=regressions')).toEqual([1]);
  expect(await placesOf('only=improvements')).toEqual([2]);
  expect(await placesOf('only=changed')).toEqual([1, 2]);
  const number = evaluation.evaluators[1].version_id;
  expect(await placesOf(`only=changed&evaluator_version_id=${number}`)).toEqual([1]);
  expect((await api.get(`${url}&page=2&size=3`)).body).toMatchObject({ total: 4, records: [{}] });
  expect((await api.get(`${url}&page=9&size=3`)).body).toMatchObject({ total: 4, records: [] });
});
