import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { addJudgment, failed, filledEvaluation, type Said } from '../../support/evaluations.ts';

const api = await testApp();

/** The logs of a prompt, judged as traffic by one evaluator; the evaluator and the prompt. */
async function traffic(
  given: Parameters<typeof filledEvaluation>[1]['evaluators'][number],
  said: readonly Said[],
) {
  const { file, evaluators } = await filledEvaluation(api, { evaluators: [given], runs: [] });
  const [evaluator] = evaluators;
  await judge(file, evaluator, said);
  return { file, evaluator };
}

async function judge(
  { id, version_id }: { readonly id: string; readonly version_id: string },
  evaluator: { readonly id: string; readonly version_id: string },
  said: readonly Said[],
) {
  for (const one of said) {
    const { body } = await api.post(`/prompts/log?version_id=${version_id}`, { id, output: 'x' });
    await addJudgment(api, body.id, evaluator, one, { traffic: true });
  }
}

const aggregatesOf = async ({ id }: { readonly id: string }) =>
  (await api.get(`/prompts/${id}?evaluator_aggregates=true`)).body.evaluator_aggregates;

test('the aggregate of a boolean evaluator is the share of true among the judged', async () => {
  const said = [true, true, true, false, null, failed];
  const { file, evaluator } = await traffic({ returns: 'boolean' }, said);
  const [aggregate, ...others] = await aggregatesOf(file);
  expect(others).toEqual([]);
  expect(aggregate).toEqual({
    value: 0.75,
    evaluator_id: evaluator.id,
    evaluator_version_id: evaluator.version_id,
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  expect(aggregate.created_at < aggregate.updated_at).toBe(true);
});

test('the aggregate of a number evaluator is the mean', async () => {
  const { file } = await traffic({ returns: 'number' }, [1, 2, 6, failed]);
  expect(await aggregatesOf(file)).toMatchObject([{ value: 3 }]);
});

test('the aggregate of options is the share of judgments with a positive one', async () => {
  const options = [{ name: 'good', valence: 'positive' }, { name: 'bad' }];
  const { file } = await traffic({ returns: 'select', options }, [
    'good',
    'bad',
    'bad',
    'good',
    null,
  ]);
  expect(await aggregatesOf(file)).toMatchObject([{ value: 0.5 }]);
  const several = [['good', 'bad'], ['bad'], [], ['bad']];
  const other = await traffic({ returns: 'multi_select', options }, several);
  expect(await aggregatesOf(other.file)).toMatchObject([{ value: 0.25 }]);
});

test.each([
  ['text', { returns: 'text' }, ['a', 'b']],
  ['options without a valence', { returns: 'select', options: [{ name: 'good' }] }, ['good']],
  ['errors alone', { returns: 'number' }, [failed, null]],
] as const)('there is no aggregate of %s', async (_, evaluator, said) => {
  const { file } = await traffic(evaluator, said);
  expect(await aggregatesOf(file)).toEqual([]);
});

test('each version has aggregates of its own', async () => {
  const { file, evaluator } = await traffic({ returns: 'boolean' }, [true]);
  const { body: newer } = await api.post('/prompts', { path: file.path, model: 'newer' });
  await judge(newer, evaluator, [false, true]);
  const url = `/prompts/${file.id}/versions`;
  const { records } = (await api.get(`${url}?evaluator_aggregates=true`)).body;
  expect(records).toMatchObject([
    { version_id: newer.version_id, evaluator_aggregates: [{ value: 0.5 }] },
    { version_id: file.version_id, evaluator_aggregates: [{ value: 1 }] },
  ]);
});

test('aggregates are null unless they are asked for', async () => {
  const { file } = await traffic({ returns: 'boolean' }, [true]);
  const { records } = (await api.get(`/prompts/${file.id}/versions`)).body;
  expect(records).toMatchObject([{ evaluator_aggregates: null }]);
  expect((await api.get(`/prompts/${file.id}`)).body.evaluator_aggregates).toBeNull();
});

test('logs that were made for a Run have no part in aggregates', async () => {
  const { file } = await filledEvaluation(api, {
    evaluators: [{ returns: 'boolean' }],
    runs: [{ logs: [[true], [false]] }],
  });
  expect(await aggregatesOf(file)).toEqual([]);
});

test('a deleted evaluator has no aggregate', async () => {
  const { file, evaluator } = await traffic({ returns: 'boolean' }, [true]);
  await api.delete(`/evaluators/${evaluator.id}`);
  expect(await aggregatesOf(file)).toEqual([]);
});
