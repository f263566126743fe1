import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { type FilledEvaluation, failed, filledEvaluation } from '../../support/evaluations.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

const good = { path: 'gate/good', returns: 'boolean' } as const;
const score = { path: 'gate/score', returns: 'number' } as const;
const wrong = { path: 'gate/wrong', returns: 'number', valence: 'negative' } as const;

const gate = async ({ id, runs }: FilledEvaluation, body: object, index = runs.length - 1) => {
  const url = `/evaluations/${id}/runs/${runs[index]?.id}/gate`;
  const answer = await api.post(url, body);
  expect(answer.statusCode, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};

const of = (count: number, ...said: (boolean | number)[]) =>
  Array.from({ length: count }, () => said);

test('a Run passes when every evaluator reaches its least value', async () => {
  const evaluation = await filledEvaluation(api, {
    evaluators: [good, score],
    runs: [{ logs: [...of(9, true, 3), ...of(1, false, 3)] }],
  });
  const passed = await gate(evaluation, { min: { 'gate/good': 0.9, 'gate/score': 3 } });
  expect(passed).toEqual({
    passed: true,
    status: 'completed',
    run_id: evaluation.runs[0]?.id,
    baseline_run_id: null,
    checks: [
      { evaluator: 'gate/good', rule: 'min', value: 0.9, threshold: 0.9, passed: true, note: null },
      { evaluator: 'gate/score', rule: 'min', value: 3, threshold: 3, passed: true, note: null },
    ],
  });
  const byId = { [evaluation.evaluators[0].id]: 0.91, [evaluation.evaluators[1].version_id]: 3 };
  expect(await gate(evaluation, { min: byId })).toMatchObject({
    passed: false,
    checks: [{ passed: false }, { passed: true }],
  });
  expect(await gate(evaluation, {})).toMatchObject({ passed: true, checks: [] });
});

test('errors are no value, and what was not judged does not pass', async () => {
  const evaluation = await filledEvaluation(api, {
    evaluators: [{ ...good, path: 'gate/errors' }],
    runs: [{ logs: [[failed], [failed], [null]] }],
  });
  expect(await gate(evaluation, { min: { 'gate/errors': 0 }, max_errors: 0.5 })).toMatchObject({
    passed: false,
    checks: [
      { rule: 'min', value: null, passed: false, note: 'Nothing is known.' },
      { rule: 'max_errors', evaluator: null, value: 0, passed: true },
      { rule: 'max_errors', evaluator: 'gate/errors', value: 2 / 3, passed: false },
    ],
  });
});

test('a drop is measured against the baseline, in the direction that is worse', async () => {
  const evaluation = await filledEvaluation(api, {
    evaluators: [
      { ...score, path: 'gate/drop', valence: 'positive' },
      { ...wrong, path: 'gate/wrong' },
    ],
    runs: [{ logs: of(6, 1, 1) }, { logs: of(6, 0.9, 1.5) }],
  });
  const demands = { max_drop: { 'gate/drop': 0.05, 'gate/wrong': 0.6 } };
  const body = await gate(evaluation, demands);
  expect(body).toMatchObject({
    passed: false,
    baseline_run_id: evaluation.runs[0]?.id,
    checks: [
      { evaluator: 'gate/drop', rule: 'max_drop', threshold: 0.05, passed: false },
      { evaluator: 'gate/wrong', value: -0.5, passed: true },
    ],
  });
  expect(body.checks[0].value).toBeCloseTo(-0.1, 12);
  expect(await gate(evaluation, { ...demands, significant: true })).toMatchObject({
    passed: false,
  });
});

test('with `significant`, a drop within the noise passes', async () => {
  const before = [1, 2, 3, 4, 5, 6].map((value) => [value]);
  const after = [2, 1, 4, 3, 6, 1].map((value) => [value]);
  const evaluation = await filledEvaluation(api, {
    evaluators: [{ ...score, path: 'gate/noise' }],
    runs: [{ logs: before }, { logs: after }],
  });
  const demands = { max_drop: { 'gate/noise': 0.1 } };
  expect(await gate(evaluation, demands)).toMatchObject({ passed: false });
  expect(await gate(evaluation, { ...demands, significant: true })).toMatchObject({
    passed: true,
    checks: [{ note: 'The drop is not significant.' }],
  });
});

test('the first Run has no baseline, and passes what needs one', async () => {
  const evaluation = await filledEvaluation(api, {
    evaluators: [{ ...good, path: 'gate/first' }],
    runs: [{ logs: of(2, true) }],
  });
  expect(
    await gate(evaluation, { max_drop: { 'gate/first': 0 }, max_cost_increase: 0.1 }),
  ).toMatchObject({
    passed: true,
    baseline_run_id: null,
    checks: [
      { rule: 'max_drop', value: null, passed: true, note: 'There is no baseline yet.' },
      { rule: 'max_cost_increase', value: null, passed: true },
    ],
  });
});

test('costs and latencies are checked', async () => {
  const evaluation = await filledEvaluation(api, {
    evaluators: [],
    runs: [
      { logs: of(2), log: { prompt_cost: 0.1, output_cost: 0, provider_latency: 1 } },
      { logs: of(2), log: { prompt_cost: 0.12, output_cost: 0, provider_latency: 4 } },
    ],
  });
  const body = await gate(evaluation, { max_cost_increase: 0.1, max_p95_latency: 3 });
  expect(body.checks).toMatchObject([
    { rule: 'max_p95_latency', evaluator: null, value: 4, passed: false },
    { rule: 'max_cost_increase', evaluator: null, passed: false },
  ]);
  expect(body.checks[1].value).toBeCloseTo(0.2, 12);
  expect(await gate(evaluation, { max_cost_increase: 0.25, max_p95_latency: 4 })).toMatchObject({
    passed: true,
  });
});

test('a Run that is not completed does not pass', async () => {
  const evaluation = await filledEvaluation(api, {
    evaluators: [{ ...good, path: 'gate/open' }],
    runs: [{ status: 'running', logs: of(2, true) }],
  });
  expect(await gate(evaluation, { min: { 'gate/open': 0.5 } })).toMatchObject({
    passed: false,
    status: 'running',
    checks: [{ passed: true }],
  });
});

test('an unknown evaluator, baseline or Run is refused', async () => {
  const evaluation = await filledEvaluation(api, {
    evaluators: [{ ...good, path: 'gate/known' }],
    runs: [{ logs: of(2, true) }],
  });
  const url = `/evaluations/${evaluation.id}/runs/${evaluation.runs[0]?.id}/gate`;
  const unknown = await api.post(url, { min: { 'gate/unknown': 1 } });
  expectRefusal(unknown, 422, ['body', 'min', 'gate/unknown']);
  expect(JSON.stringify(unknown.body)).toContain('gate/known');
  expectRefusal(await api.post(url, { baseline: 'control' }), 422, ['body', 'baseline']);
  expectRefusal(await api.post(url, { max_errors: 2 }), 422, ['body', 'max_errors']);
  const other = `/evaluations/${evaluation.id}/runs/run_unknown/gate`;
  expect((await api.post(other, {})).body.code).toBe('evaluation_run_not_found');
});
