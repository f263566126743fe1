import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { drainFeed } from '../../support/feed.ts';
import { addColleague } from '../../support/reviewers.ts';

const api = await testApp();
const ada = await addColleague(api, 'ada');
const grace = await addColleague(api, 'grace');

/** A Run over two logs, in an Evaluation with a human evaluator. */
async function reviewedRun(path: string, attributes: object) {
  const spec = {
    evaluator_type: 'human',
    arguments_type: 'target_free',
    return_type: 'boolean',
    attributes,
  };
  const { body: evaluator } = await api.post('/evaluators', { path: `${path}/person`, spec });
  const prompt = { path: `${path}/prompt`, prompt: { model: 'gpt-4o' } };
  const logs = [];
  for (const output of ['one', 'two']) {
    logs.push((await api.post('/prompts/log', { ...prompt, output })).body);
  }
  const { body: evaluation } = await api.post('/evaluations', {
    file: { id: logs[0].prompt_id },
    evaluators: [{ version_id: evaluator.version_id }],
  });
  const { body: run } = await api.post(`/evaluations/${evaluation.id}/runs`, {
    logs: { file_id: logs[0].prompt_id },
  });
  return { evaluationId: evaluation.id as string, runId: run.id as string };
}

async function statusOf(evaluationId: string): Promise<string> {
  await drainFeed(api.database);
  return (await api.get(`/evaluations/${evaluationId}/runs`)).body.runs[0].status;
}

/** Gives the next review of a Run. @returns false when there is none. */
async function review(reviewer: Pick<typeof ada, 'post'>, run_id: string, judgment: boolean) {
  const { body } = await reviewer.post('/reviews/next', { run_id });
  if (!body.review) return false;
  expect(body.review.run_ids).toEqual([run_id]);
  const { statusCode } = await reviewer.post(`/reviews/${body.review.id}`, { judgment });
  expect(statusCode).toBe(200);
  return true;
}

test('the logs of a Run wait for reviews, and the last one completes it', async () => {
  const { evaluationId, runId } = await reviewedRun('run/one', {});
  expect(await review(ada, runId, true)).toBe(true);
  expect(await statusOf(evaluationId)).not.toBe('completed');
  expect(await review(grace, runId, false)).toBe(true);
  await expect.poll(() => statusOf(evaluationId), { timeout: 20_000 }).toBe('completed');
  expect(await review(ada, runId, true)).toBe(false);
  const { body } = await api.get(`/evaluations/${evaluationId}/stats`);
  expect(body.run_stats[0].evaluator_stats).toMatchObject([{ num_true: 1, num_false: 1 }]);
});

test('a Run whose logs several people are to judge waits for all of them', async () => {
  const { evaluationId, runId } = await reviewedRun('run/two', { reviews_per_log: 2 });
  for (const judgment of [true, false]) await review(ada, runId, judgment);
  expect(await review(ada, runId, true)).toBe(false);
  const { body: list } = await grace.get(`/reviews?run_id=${runId}`);
  expect(list).toMatchObject({ total: 2, records: [{ reviews_count: 1 }, { reviews_count: 1 }] });
  await review(grace, runId, true);
  expect(await statusOf(evaluationId)).not.toBe('completed');
  await review(grace, runId, true);
  await expect.poll(() => statusOf(evaluationId), { timeout: 20_000 }).toBe('completed');
});

test('a reserved review is taken even if its Run was ended meanwhile', async () => {
  const { evaluationId, runId } = await reviewedRun('run/ended', {});
  const { body } = await ada.post('/reviews/next', { run_id: runId });
  await api.patch(`/evaluations/${evaluationId}/runs/${runId}`, { status: 'completed' });
  expect(await review(grace, runId, true)).toBe(false);
  const given = await ada.post(`/reviews/${body.review.id}`, { judgment: true });
  expect(given).toMatchObject({ statusCode: 200, body: { state: 'done', run_ids: [] } });
  const { body: stats } = await api.get(`/evaluations/${evaluationId}/stats`);
  expect(stats.run_stats[0].evaluator_stats).toMatchObject([{ num_judgments: 1 }]);
});
