import { expect, test } from 'vitest';
import { inTransaction } from '../../../src/database/workspace.ts';
import { lockRuns } from '../../../src/evaluation/runs/lock-queries.ts';
import { readEvaluationNumbers } from '../../../src/evaluation/stats/evaluation-stats.ts';
import { computeAndKeep, loadKept } from '../../../src/evaluation/stats/kept-stats.ts';
import { findScope, type StatsScope } from '../../../src/evaluation/stats/scope-queries.ts';
import { reprice } from '../../../src/logs/reprice.ts';
import { createPriceTable } from '../../../src/pricing/price-table.ts';
import { testApp } from '../../support/app.ts';
import { addJudgment, type FilledEvaluation, filledEvaluation } from '../../support/evaluations.ts';

const api = await testApp();
const { workspace } = api;

const one = () =>
  filledEvaluation(api, {
    evaluators: [{ returns: 'boolean' }],
    runs: [{ logs: [[true], [undefined]] }],
  });

const totalOf = async ({ id }: FilledEvaluation): Promise<number> =>
  (await api.get(`/evaluations/${id}/stats`)).body.run_stats[0].evaluator_stats[0].total_logs;

const keptCount = async ({ id }: FilledEvaluation): Promise<number> =>
  (await loadKept(workspace, (await findScope(workspace, id)) as StatsScope)).size;

/** Judges the second log as all writers of judgments do. */
function judge({ runs, evaluators }: FilledEvaluation): Promise<void> {
  return inTransaction(workspace, async (workspace) => {
    const [run] = runs;
    await lockRuns(workspace, [run?.id ?? ''], 'judge');
    const own = { ...api, workspace, database: { ...api.database, db: workspace.db } };
    await addJudgment(own, run?.logIds[1] ?? '', evaluators[0], true);
    await workspace.db
      .deleteFrom('evaluation_run_stats')
      .where('run_id', '=', run?.id ?? '')
      .execute();
  });
}

/** Computes the statistics of the Run while something happens. */
async function computeWhile(evaluation: FilledEvaluation, happening: () => Promise<unknown>) {
  const scope = (await findScope(workspace, evaluation.id)) as StatsScope;
  const { runs } = await readEvaluationNumbers(workspace, evaluation.id);
  await api.database.db.deleteFrom('evaluation_run_stats').execute();
  const [run] = scope.runs;
  if (!run || !runs[0]) throw new Error('There is no Run.');
  const { numbers } = runs[0];
  await computeAndKeep(workspace, scope, run, async () => {
    await happening();
    return numbers;
  });
}

test('the statistics of a completed Run are stored', async () => {
  const evaluation = await one();
  expect(await totalOf(evaluation)).toBe(1);
  expect(await keptCount(evaluation)).toBe(1);
  expect(await totalOf(evaluation)).toBe(1);
});

test('a judgment that comes later shows at once', async () => {
  const evaluation = await one();
  expect(await totalOf(evaluation)).toBe(1);
  await judge(evaluation);
  expect(await totalOf(evaluation)).toBe(2);
});

test('statistics are not stored when a judgment comes while they are computed', async () => {
  const evaluation = await one();
  await computeWhile(evaluation, () => judge(evaluation));
  expect(await keptCount(evaluation)).toBe(0);
  expect(await totalOf(evaluation)).toBe(2);
});

test('of two computations at once, only the later may store its result', async () => {
  const evaluation = await one();
  await computeWhile(evaluation, async () => {
    await judge(evaluation);
    // A second reader: it reserves, computes and stores.
    expect(await totalOf(evaluation)).toBe(2);
  });
  expect(await totalOf(evaluation)).toBe(2);
  expect(await keptCount(evaluation)).toBe(1);
});

test('statistics of before a Run was reopened are not used', async () => {
  const evaluation = await one();
  await totalOf(evaluation);
  await api.database.db
    .updateTable('evaluation_run')
    .set({ ended_at: '2030-01-01T00:00:00.000000Z' })
    .where('id', '=', evaluation.runs[0]?.id ?? '')
    .execute();
  expect(await keptCount(evaluation)).toBe(0);
});

test('statistics are stored for each Evaluation of a Run', async () => {
  const evaluation = await one();
  const other = await filledEvaluation(api, { evaluators: [{ returns: 'number' }], runs: [] });
  await api.database.db
    .insertInto('evaluation_member')
    .values({
      organization_id: workspace.organizationId,
      evaluation_id: other.id,
      run_id: evaluation.runs[0]?.id ?? '',
    })
    .execute();
  expect(await totalOf(evaluation)).toBe(1);
  expect(await totalOf(other)).toBe(0);
  expect(await totalOf(evaluation)).toBe(1);
  expect([await keptCount(evaluation), await keptCount(other)]).toEqual([1, 1]);
});

test('statistics of before a repricing are not used', async () => {
  const evaluation = await one();
  const { db } = api.database;
  await totalOf(evaluation);
  const [logId = ''] = evaluation.runs[0]?.logIds ?? [];
  // A model call that cost nothing, of a model that has a price now.
  await db
    .insertInto('turn')
    .values({
      ...{ organization_id: workspace.organizationId, log_id: logId, number: 1 },
      ...{ started_at: '2026-05-04T10:00:00Z', ended_at: '2026-05-04T10:00:01Z' },
      ...{ first_token_at: null, provider: 'openai', model: 'priced', finish_reason: 'stop' },
      ...{ error: null, input_tokens: 1_000, cache_read_tokens: null, cache_write_tokens: null },
      ...{ output_tokens: 0, reasoning_tokens: null, prompt_cost: null, output_cost: null },
      ...{ price_table: null, message: null, parts: null, continuation: null },
      ...{ provider_request: null, provider_response: null },
    })
    .execute();
  const prices = createPriceTable([
    { provider: 'openai', model: 'priced', input: 1_000, output: 1_000 },
  ]);
  await reprice(api.database, prices, { since: null, isDryRun: false });
  expect(await keptCount(evaluation)).toBe(0);
});
