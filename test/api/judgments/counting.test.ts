import { expect, test } from 'vitest';
import { countEarlierJudgments } from '../../../src/evaluation/judgments/earlier-judgments.ts';
import { type Answer, testApp } from '../../support/app.ts';
import {
  addLogs,
  bodyOf,
  counting,
  evaluationWithRun,
  evaluatorLogs,
  externalEvaluator,
  loggedPrompt,
  logPrompt,
} from '../../support/judging.ts';

const api = await testApp();

type Body = Answer['body'];

const judge = (evaluator: Body, log: Body, more: object) =>
  bodyOf(
    api.post(`/evaluators/log?version_id=${evaluator.version_id}`, {
      id: evaluator.id,
      parent_id: log.id,
      ...more,
    }),
  );

test('a judgment counts, as a value, as an abstention or as an error', async () => {
  const evaluator = await externalEvaluator(api, 'outcomes');
  const prompt = await loggedPrompt(api, 'outcomes of');
  const log = await logPrompt(api, prompt);
  const cases = [
    [{ judgment: true }, { outcome: 'judged', value: 1 }],
    [{ judgment: false }, { outcome: 'judged', value: 0 }],
    [{ judgment: null }, { outcome: 'null', value: null }],
    [{ error: 'It broke.' }, { outcome: 'error', value: null }],
  ] as const;
  for (const [said, counts] of cases) {
    const { id } = await judge(evaluator, log, said);
    expect(await counting(api, log)).toMatchObject([
      { ...counts, evaluator_log_id: id, judge: '', is_traffic: true, file_id: prompt.id },
    ]);
  }
  expect(await evaluatorLogs(api, log)).toHaveLength(cases.length);
});

test('numbers and options can be added up, and texts cannot', async () => {
  const log = await logPrompt(api, await loggedPrompt(api, 'types of'));
  const options = [{ name: 'a' }, { name: 'b' }];
  const cases = [
    ['number', 2.5, { value: 2.5, options: null }],
    ['select', 'a', { value: null, options: ['a'] }],
    ['multi_select', ['a', 'b'], { value: null, options: ['a', 'b'] }],
    ['multi_select', [], { value: null, options: [] }],
    ['text', 'a', { value: null, options: null }],
  ] as const;
  for (const [index, [return_type, judgment, counts]] of cases.entries()) {
    const spec = return_type.endsWith('select') ? { return_type, options } : { return_type };
    const evaluator = await externalEvaluator(api, `type ${index}`, spec);
    await judge(evaluator, log, { judgment });
    const found = await counting(api, log);
    const of = ({ evaluator_version_id: id }: Body) => id === evaluator.version_id;
    expect(found.find(of)).toMatchObject({ outcome: 'judged', ...counts });
  }
});

test('the judgments of two people stand side by side, each the newest', async () => {
  const evaluator = await externalEvaluator(api, 'people', { evaluator_type: 'human' });
  const log = await logPrompt(api, await loggedPrompt(api, 'people of'));
  await judge(evaluator, log, { judgment: true, user: 'ada' });
  await judge(evaluator, log, { judgment: false, user: 'bob' });
  await judge(evaluator, log, { judgment: false, user: 'ada' });
  expect(await counting(api, log)).toMatchObject([
    { judge: 'ada', value: 0 },
    { judge: 'bob', value: 0 },
  ]);
});

test('the newest judgment counts by its time, not by when it came', async () => {
  const evaluator = await externalEvaluator(api, 'times');
  const log = await logPrompt(api, await loggedPrompt(api, 'times of'));
  await judge(evaluator, log, { judgment: true, created_at: '2026-01-02T00:00:00Z' });
  await judge(evaluator, log, { judgment: false, created_at: '2026-01-01T00:00:00Z' });
  expect(await counting(api, log)).toMatchObject([{ value: 1 }]);
});

test('a deleted judgment leaves the place to the one before', async () => {
  const evaluator = await externalEvaluator(api, 'deleted');
  const log = await logPrompt(api, await loggedPrompt(api, 'deleted of'));
  const ids: string[] = [];
  for (const judgment of [true, null, false]) {
    ids.push((await judge(evaluator, log, { judgment })).id);
  }
  const deleting = (...some: unknown[]) =>
    api.delete(`/logs?${some.map((id) => `id=${id}`).join('&')}`);
  await deleting(ids[2], ids[1]);
  expect(await counting(api, log)).toMatchObject([{ outcome: 'judged', value: 1 }]);
  await deleting(ids[0]);
  expect(await counting(api, log)).toEqual([]);
  await judge(evaluator, log, { judgment: true });
  await deleting(log.id);
  expect(await counting(api, log)).toEqual([]);
});

test('a judgment of another version of the evaluator counts for its file', async () => {
  const first = await externalEvaluator(api, 'changed');
  const second = await externalEvaluator(api, 'changed', { attributes: { code: 'new' } });
  const log = await logPrompt(api, await loggedPrompt(api, 'changed of'));
  await judge(second, log, { judgment: true });
  await bodyOf(
    api.post('/evaluators/log', { id: first.id, parent_id: log.id, error: 'It broke.' }),
  );
  expect(await counting(api, log)).toMatchObject([
    { evaluator_id: first.id, evaluator_version_id: first.version_id, outcome: 'error' },
    { evaluator_id: first.id, evaluator_version_id: second.version_id, outcome: 'judged' },
  ]);
});

test('judgments of logs that were made for a Run are no traffic, nor those of logs below', async () => {
  const evaluator = await externalEvaluator(api, 'tests');
  const flow = await bodyOf(api.post('/flows', { path: 'tests of', attributes: {} }));
  const { runId, ...run } = await evaluationWithRun(api, flow, [evaluator]);
  const logged = (more: object) =>
    bodyOf(api.post('/flows/log', { id: flow.id, log_status: 'incomplete', ...more }));
  const [made, added] = [await logged({ run_id: runId }), await logged({})];
  const prompt = await loggedPrompt(api, 'tests below');
  const below = await logPrompt(api, prompt, { trace_parent_id: made.id });
  await addLogs(api, run, [added]);
  const isTraffic = async (log: Body) => {
    const judgment = await judge(evaluator, log, { judgment: true });
    const [counted] = await counting(api, log);
    return [judgment, counted?.is_traffic] as const;
  };
  const [ofMade, madeIsTraffic] = await isTraffic(made);
  expect(madeIsTraffic).toBe(false);
  expect((await isTraffic(below))[1]).toBe(false);
  expect((await isTraffic(ofMade))[1]).toBe(false);
  expect((await isTraffic(added))[1]).toBe(true);
});

test('judgments of earlier releases are counted in the background, once', async () => {
  const evaluator = await externalEvaluator(api, 'earlier');
  const other = await externalEvaluator(api, 'earlier other');
  const log = await logPrompt(api, await loggedPrompt(api, 'earlier of'));
  await judge(evaluator, log, { judgment: true });
  await judge(evaluator, log, { judgment: false });
  await judge(other, log, { judgment: null, user: 'ada' });
  const before = (await counting(api, log)).map(({ written_at, ...row }) => row);
  await api.database.pool.query('DELETE FROM judgment WHERE log_id = $1', [log.id]);
  await api.database.pool.query(
    `INSERT INTO judgment_backlog (organization_id, evaluator_id)
      SELECT organization_id, id FROM file WHERE id = ANY($1)`,
    [[evaluator.id, other.id]],
  );
  await judge(evaluator, log, { judgment: true });
  while (await countEarlierJudgments(api.database)) {
    // One evaluator after the other.
  }
  const after = (await counting(api, log)).map(({ written_at, ...row }) => row);
  expect(after).toMatchObject([{ value: 1, evaluator_id: evaluator.id }, before[1] ?? {}]);
});

test('a judgment that a server of the release before writes meanwhile is counted later', async () => {
  const evaluator = await externalEvaluator(api, 'rolling');
  const log = await logPrompt(api, await loggedPrompt(api, 'rolling of'));
  const query = (text: string) => api.database.pool.query(text, [evaluator.id]);
  await query(`INSERT INTO judgment_backlog (organization_id, evaluator_id)
    SELECT organization_id, id FROM file WHERE id = $1`);
  await countEarlierJudgments(api.database);
  await judge(evaluator, log, { judgment: true });
  await query('DELETE FROM judgment WHERE evaluator_id = $1');
  expect(await countEarlierJudgments(api.database)).toBe(false);
  await query(`UPDATE judgment_backlog SET added_at = now() - interval '2 h', due_at = now()
    WHERE evaluator_id = $1`);
  while (await countEarlierJudgments(api.database)) {
    // Also those of other tests.
  }
  expect(await counting(api, log)).toMatchObject([{ value: 1 }]);
  const { rows } = await query('SELECT FROM judgment_backlog WHERE evaluator_id = $1');
  expect(rows).toEqual([]);
});

test('of two judgments that are deleted at once, neither counts afterwards', async () => {
  const evaluator = await externalEvaluator(api, 'both deleted');
  const prompt = await loggedPrompt(api, 'both deleted of');
  for (let round = 0; round < 10; round += 1) {
    const log = await logPrompt(api, prompt);
    const older = await judge(evaluator, log, { judgment: true });
    const newer = await judge(evaluator, log, { judgment: false });
    await Promise.all([older, newer].map(({ id }) => api.delete(`/logs?id=${id}`)));
    expect(await counting(api, log)).toEqual([]);
  }
});
