import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { filledEvaluation } from '../../support/evaluations.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

/** A judge on the mock provider, which says what it was told: its last line is the output of A. */
const judge = (
  await api.post('/evaluators', {
    path: 'pairwise/judge',
    spec: {
      evaluator_type: 'llm',
      arguments_type: 'target_free',
      return_type: 'select',
      options: [{ name: 'A' }, { name: 'B' }, { name: 'tie' }],
      prompt: {
        provider: 'mock',
        model: 'mock',
        endpoint: 'chat',
        template: [{ role: 'user', content: 'Not {{other.output}}, but:\n{{log.output}}' }],
      },
    },
  })
).body;

/** Two Runs whose logs have these outputs: those of the Run, and those of its baseline. */
async function runsThatSaid(said: readonly (readonly [run: string, baseline: string])[]) {
  const logs = said.map(() => []);
  const evaluation = await filledEvaluation(api, {
    evaluators: [],
    runs: [{ logs, isControl: true }, { logs }],
  });
  const [control, candidate] = evaluation.runs;
  for (const [index, [run, baseline]] of said.entries()) {
    await setOutput(candidate?.logIds[index], run);
    await setOutput(control?.logIds[index], baseline);
  }
  return evaluation;
}

const setOutput = (id = '', output: string) =>
  api.database.db.updateTable('log').set({ output }).where('id', '=', id).execute();

const judgmentsOf = async (logIds: readonly string[] = []) => {
  const { db } = api.database;
  return db
    .selectFrom('log')
    .select(['parent_id', 'judgment', 'metadata', 'source'])
    .where('parent_id', 'in', [...logIds])
    .orderBy('id')
    .execute();
};

test('a model compares the logs of two Runs in both orders, and a flip is a tie', async () => {
  const evaluation = await runsThatSaid([
    ['A', 'B'],
    ['A', 'B'],
    ['A', 'B'],
    ['B', 'A'],
    ['tie', 'tie'],
    // Whatever stands in the first place is better.
    ['A', 'A'],
    ['maybe', 'maybe'],
  ]);
  const [control, candidate] = evaluation.runs;
  const url = `/evaluations/${evaluation.id}/compare`;
  const request = { run: candidate?.id, evaluator: { path: 'pairwise/judge' } };
  const { statusCode, body } = await api.post(url, request);
  expect(statusCode, JSON.stringify(body)).toBe(200);
  expect(body).toMatchObject({
    run_id: candidate?.id,
    baseline_run_id: control?.id,
    evaluator_version_id: judge.version_id,
    n_pairs: 6,
    n_flips: 1,
    n_failed: 1,
    wins: 3,
    losses: 1,
    ties: 2,
    candidate: 0.5,
    method: 'mcnemar',
    p_value: 0.625,
    better: 'higher',
  });
  const judgments = await judgmentsOf(candidate?.logIds.slice(0, 1));
  expect(judgments.map(({ judgment }) => judgment)).toEqual(expect.arrayContaining(['A', 'B']));
  const other = control?.logIds[0];
  expect(judgments.map(({ metadata }) => metadata)).toEqual(
    expect.arrayContaining([
      { other, swapped: false },
      { other, swapped: true },
    ]),
  );
  // What was said is not asked again; what failed is.
  expect((await api.post(url, request)).body).toEqual(body);
  expect(await judgmentsOf(candidate?.logIds.slice(0, 6))).toHaveLength(12);
  expect(await judgmentsOf(candidate?.logIds.slice(6))).toHaveLength(4);
  // A verdict on two logs is no judgment of one.
  const { rows } = await api.database.pool.query(
    'SELECT FROM judgment WHERE evaluator_version_id = $1',
    [judge.version_id],
  );
  expect(rows).toEqual([]);
});

test('an evaluator that cannot choose between two logs is refused', async () => {
  const evaluation = await runsThatSaid([['A', 'B']]);
  const url = `/evaluations/${evaluation.id}/compare`;
  const run = evaluation.runs[1]?.id;
  await api.post('/evaluators', {
    path: 'pairwise/other',
    spec: { evaluator_type: 'external', arguments_type: 'target_free', return_type: 'boolean' },
  });
  const other = await api.post(url, { run, evaluator: { path: 'pairwise/other' } });
  expectRefusal(other, 422, ['body', 'evaluator']);
  expectRefusal(await api.post(url, { run, evaluator: {} }), 422);
  expectRefusal(await api.post(url, { run }), 422, ['body', 'evaluator']);
  const unknown = await api.post(url, { run, evaluator: { path: 'pairwise/none' } });
  expect(unknown.statusCode).toBe(404);
});
