import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { addJudgment, failed, filledEvaluation, type Said } from '../../support/evaluations.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

/** A prompt whose logs were judged at some times; and what the API says of them. */
async function judgedAt(
  evaluator: Parameters<typeof filledEvaluation>[1]['evaluators'][number],
  judged: readonly (readonly [at: string, said: Said])[],
) {
  const { file, evaluators } = await filledEvaluation(api, { evaluators: [evaluator], runs: [] });
  for (const [at, said] of judged) await judge(file, evaluators[0], at, said);
  return { file, evaluator: evaluators[0] };
}

async function judge(
  { id, version_id }: { readonly id: string; readonly version_id: string },
  evaluator: { readonly id: string; readonly version_id: string },
  at: string,
  said: Said,
) {
  const log = { id, output: 'x' };
  const { body } = await api.post(`/prompts/log?version_id=${version_id}`, log);
  await addJudgment(api, body.id, evaluator, said, { traffic: true });
  await api.database.db
    .updateTable('judgment')
    .set({ log_created_at: at })
    .where('log_id', '=', body.id)
    .execute();
}

const may = 'from=2026-05-01&to=2026-05-31';
const seriesOf = async (file: { readonly id: string }, query = may) => {
  const { statusCode, body } = await api.get(`/prompts/${file.id}/evaluators/stats?${query}`);
  expect(statusCode, JSON.stringify(body)).toBe(200);
  return body.series;
};

test('judgments are added up by the day on which the judged logs were made', async () => {
  const { file, evaluator } = await judgedAt({ returns: 'number' }, [
    ['2026-05-04T00:00:00Z', 1],
    ['2026-05-04T23:59:59Z', 2],
    ['2026-05-04T12:00:00Z', null],
    ['2026-05-06T12:00:00Z', failed],
    ['2026-06-01T00:00:00Z', 9],
  ]);
  expect(await seriesOf(file)).toEqual([
    {
      evaluator_id: evaluator.id,
      evaluator_version_id: evaluator.version_id,
      version_id: null,
      points: [
        { at: '2026-05-04T00:00:00.000000Z', total: 3, judged: 2, nulls: 1, errors: 0, mean: 1.5 },
        { at: '2026-05-06T00:00:00.000000Z', total: 1, judged: 0, nulls: 0, errors: 1, mean: null },
      ],
    },
  ]);
});

test.each([
  ['hour', '2026-05-06T12:00:00.000000Z'],
  ['day', '2026-05-06T00:00:00.000000Z'],
  ['week', '2026-05-04T00:00:00.000000Z'],
])('a point stands for one %s in UTC', async (interval, at) => {
  const { file } = await judgedAt({ returns: 'boolean' }, [['2026-05-06T12:34:56Z', true]]);
  expect(await seriesOf(file, `${may}&interval=${interval}`)).toMatchObject([
    { points: [{ at, share: 1 }] },
  ]);
});

test('booleans have the share of true, options are counted, text has only its counts', async () => {
  const at = '2026-05-06T12:00:00Z';
  const counts = { at: '2026-05-06T00:00:00.000000Z', total: 2, judged: 2, nulls: 0, errors: 0 };
  const { file, evaluator } = await judgedAt({ returns: 'boolean' }, [
    [at, true],
    [at, false],
  ]);
  expect((await seriesOf(file))[0].points).toEqual([{ ...counts, share: 0.5 }]);
  const options = [{ name: 'good' }, { name: 'bad' }];
  const chosen = await judgedAt({ returns: 'multi_select', options }, [
    [at, ['good', 'bad']],
    [at, ['bad']],
  ]);
  expect((await seriesOf(chosen.file))[0].points).toEqual([
    { ...counts, per_option: { good: 1, bad: 2 } },
  ]);
  const texts = await judgedAt({ returns: 'text' }, [
    [at, 'a'],
    [at, 'b'],
  ]);
  expect((await seriesOf(texts.file))[0].points).toEqual([counts]);
  const none = `${may}&evaluator_version_id=${evaluator.version_id}`;
  expect(await seriesOf(texts.file, none)).toEqual([]);
});

test('a version may be asked for alone', async () => {
  const at = '2026-05-06T12:00:00Z';
  const { file, evaluator } = await judgedAt({ returns: 'boolean' }, [[at, true]]);
  const { body: newer } = await api.post('/prompts', { path: file.path, model: 'newer' });
  await judge(newer, evaluator, at, false);
  expect(await seriesOf(file)).toMatchObject([{ version_id: null, points: [{ share: 0.5 }] }]);
  expect(await seriesOf(file, `${may}&version_id=${newer.version_id}`)).toMatchObject([
    { version_id: newer.version_id, points: [{ total: 1, share: 0 }] },
  ]);
});

test('without times, the last 30 days are shown', async () => {
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  const { file } = await judgedAt({ returns: 'boolean' }, [
    [ago(29), true],
    [ago(31), true],
  ]);
  expect((await seriesOf(file, ''))[0].points).toHaveLength(1);
});

test('a time that ends before it begins, and too many points, are refused', async () => {
  const { file } = await filledEvaluation(api, { evaluators: [], runs: [] });
  const url = `/prompts/${file.id}/evaluators/stats`;
  const backwards = await api.get(`${url}?from=2026-05-02&to=2026-05-01`);
  expectRefusal(backwards, 422, ['query', 'to']);
  expectRefusal(await api.get(`${url}?interval=year`), 422, ['query', 'interval']);
  expect((await api.get(`/prompts/${file.id}x/evaluators/stats`)).statusCode).toBe(404);
  const { evaluator, file: many } = await judgedAt({ returns: 'boolean' }, [
    ['2026-05-06T12:00:00Z', true],
  ]);
  // As many hours as fit into a year and a bit, of one log each.
  await api.database.pool.query(
    `INSERT INTO judgment SELECT organization_id, log_id, evaluator_version_id, n::text,
      evaluator_id, evaluator_log_id, file_id, version_id, is_traffic, outcome, value, options, cost,
      latency, is_current, datapoint_id, timestamptz '2024-01-01' + n * interval '1 hour', judged_at
    FROM judgment CROSS JOIN generate_series(1, 10000) n WHERE evaluator_version_id = $1`,
    [evaluator.version_id],
  );
  const hours = `/prompts/${many.id}/evaluators/stats?interval=hour&from=2020-01-01`;
  expectRefusal(await api.get(hours), 422, ['query', 'interval']);
});
