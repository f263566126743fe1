import { describe, expect, test } from 'vitest';
import { type Answer, testApp } from '../../support/app.ts';
import {
  clientJudge,
  datasetOf,
  echoPrompt,
  evaluationOf,
  human,
  logsOf,
  onDataset,
  readRun,
  runOf,
  untilStatus,
  words,
} from '../../support/evaluation-runs.ts';
import { bodyOf } from '../../support/judging.ts';

type Body = Answer['body'];

const api = await testApp();
const prompt = await echoPrompt(api, 'waiting/prompt');
const dataset = await datasetOf(api, 'waiting/words', words(2));

/** Lets a Run's last log and judgment be so long ago. */
async function age(run: Body, interval: string): Promise<void> {
  for (const text of [
    `UPDATE evaluation_run SET created_at = created_at - interval '${interval}' WHERE id = $1`,
    `UPDATE evaluation_slot SET filled_at = filled_at - interval '${interval}' WHERE run_id = $1`,
    `UPDATE evaluation_member SET added_at = added_at - interval '${interval}' WHERE run_id = $1`,
    `UPDATE judgment j SET written_at = written_at - interval '${interval}'
      FROM evaluation_slot s WHERE s.run_id = $1 AND s.log_id = j.log_id`,
    `UPDATE evaluation_evaluator e SET added_at = e.added_at - interval '${interval}'
      FROM evaluation_member m WHERE m.run_id = $1 AND m.evaluation_id = e.evaluation_id`,
  ]) {
    await api.database.pool.query(text, [run.id]);
  }
}

/** A Run whose logs are there, and which waits for a client's judgments. */
async function awaitingJudgments(evaluators: readonly Body[]) {
  const evaluation = await evaluationOf(api, prompt, evaluators);
  const run = await runOf(api, evaluation, onDataset(dataset, prompt));
  await expect
    .poll(async () => (await readRun(api, evaluation, run)).progress.logs.done, {
      timeout: 20_000,
    })
    .toBe(2);
  return { evaluation, run };
}

/** Waits until the server has looked twice for Runs to complete or to cancel. */
async function untilSwept(): Promise<void> {
  for (let look = 0; look < 2; look += 1) {
    const evaluation = await evaluationOf(api, prompt, []);
    const run = await runOf(api, evaluation, onDataset(dataset, prompt));
    await untilStatus(api, evaluation, run, 'completed');
  }
}

const judge = (evaluator: Body, log: Body, more: Record<string, unknown> = { judgment: true }) =>
  bodyOf(api.post('/evaluators/log', { id: evaluator.id, parent_id: log.id, ...more }));

describe('a Run that waits for external evaluators', { timeout: 60_000 }, () => {
  test('that said nothing and stay silent is completed two minutes after the last judgment', async () => {
    const [silent, busy] = [
      await clientJudge(api, 'waiting/silent'),
      await clientJudge(api, 'waiting/busy'),
    ];
    const { evaluation, run } = await awaitingJudgments([silent, busy]);
    await age(run, '60 s');
    const logs = await logsOf(api, evaluation, run);
    for (const { log } of logs)
      await judge(busy, log, { judgment: true, created_at: '2020-01-01' });
    await age(run, '90 s');
    await untilSwept();
    expect((await readRun(api, evaluation, run)).status).toBe('running');
    await age(run, '31 s');
    await untilStatus(api, evaluation, run, 'completed');
    await judge(silent, logs[0].log);
    const { run_stats } = await bodyOf(api.get(`/evaluations/${evaluation.id}/stats`));
    expect(run_stats[0].evaluator_stats).toMatchObject([{ total_logs: 1 }, { total_logs: 2 }]);
  });

  test('that were said to judge waits on', async () => {
    const external = await clientJudge(api, 'waiting/said');
    const said = { version_id: external.version_id, orchestrated: false };
    const { evaluation, run } = await awaitingJudgments([said]);
    await age(run, '1 h');
    await untilSwept();
    expect((await readRun(api, evaluation, run)).status).toBe('running');
    for (const { log } of await logsOf(api, evaluation, run)) await judge(external, log);
    await untilStatus(api, evaluation, run, 'completed');
  });

  test('is completed by judgments of a newer version, and by errors without a version', async () => {
    const external = await clientJudge(api, 'waiting/changed');
    const { evaluation, run } = await awaitingJudgments([external]);
    const newer = await bodyOf(
      api.post('/evaluators', {
        path: 'waiting/changed',
        spec: { ...external.spec, attributes: { code: 'newer' } },
      }),
    );
    const [first, second] = await logsOf(api, evaluation, run);
    await bodyOf(
      api.post(`/evaluators/log?version_id=${newer.version_id}`, {
        parent_id: first.log.id,
        id: external.id,
        judgment: true,
      }),
    );
    await judge(external, second.log, { error: 'It failed.' });
    await untilStatus(api, evaluation, run, 'completed');
  });

  test('in two versions waits for the judgments of both', async () => {
    const older = await clientJudge(api, 'waiting/twice');
    const newer = await bodyOf(
      api.post('/evaluators', {
        path: 'waiting/twice',
        spec: { ...older.spec, attributes: { code: 'newer' } },
      }),
    );
    const versions = [older, newer].map(({ version_id }) => ({ version_id, orchestrated: false }));
    const { evaluation, run } = await awaitingJudgments(versions);
    const logs = await logsOf(api, evaluation, run);
    const judgeWith = async ({ id, version_id }: Body) => {
      for (const { log } of logs) {
        const said = { id, parent_id: log.id, judgment: true };
        await bodyOf(api.post(`/evaluators/log?version_id=${version_id}`, said));
      }
    };
    await judgeWith(older);
    await untilSwept();
    expect(await readRun(api, evaluation, run)).toMatchObject({
      status: 'running',
      progress: { judgments: { wanted: 4, done: 2 }, waiting_for: ['client'] },
    });
    await judgeWith(newer);
    await untilStatus(api, evaluation, run, 'completed');
  });

  test('does not wait for a version that was deleted', async () => {
    const external = await clientJudge(api, 'waiting/deleted');
    const { version_id } = await bodyOf(
      api.post('/evaluators', {
        path: 'waiting/deleted',
        spec: { ...external.spec, attributes: { code: 'newer' } },
      }),
    );
    const { evaluation, run } = await awaitingJudgments([{ version_id, orchestrated: false }]);
    await bodyOf(api.delete(`/evaluators/${external.id}/versions/${version_id}`));
    const { progress } = await untilStatus(api, evaluation, run, 'completed', 20_000);
    expect(progress.judgments).toMatchObject({ wanted: 0 });
  });
});

describe('a Run that waits for people', { timeout: 60_000 }, () => {
  test('is completed when each log has a judgment, or is marked as completed', async () => {
    const rating = await human(api, 'waiting/rating');
    const { evaluation, run } = await awaitingJudgments([rating]);
    const [first, second] = await logsOf(api, evaluation, run);
    for (const user of ['ada', 'ben']) await judge(rating, first.log, { judgment: true, user });
    await age(run, '48 h');
    await untilSwept();
    expect((await readRun(api, evaluation, run)).status).toBe('running');
    await judge(rating, second.log, { marked_completed: true });
    await untilStatus(api, evaluation, run, 'completed');
    const { run_stats } = await bodyOf(api.get(`/evaluations/${evaluation.id}/stats`));
    expect(run_stats[0].evaluator_stats[0]).toMatchObject({ num_true: 2 });
  });
});

test('an Evaluation is running while judgments of an older Run come, whatever their own time', async () => {
  const { id: evaluatorId, version_id } = await clientJudge(api, 'waiting/dated');
  const { evaluation, run } = await awaitingJudgments([{ version_id, orchestrated: false }]);
  await age(run, '1 h');
  const newer = await runOf(api, evaluation, onDataset(dataset, prompt));
  const ended = { status: 'cancelled' };
  await bodyOf(api.patch(`/evaluations/${evaluation.id}/runs/${newer.id}`, ended));
  const readStatus = async () => (await bodyOf(api.get(`/evaluations/${evaluation.id}`))).status;
  expect(await readStatus()).toBe('completed');
  const [{ log }] = await logsOf(api, evaluation, run);
  await judge({ id: evaluatorId }, log, { judgment: true, created_at: '2020-01-01' });
  expect(await readStatus()).toBe('running');
}, 60_000);

describe('a Run that a client abandons', { timeout: 60_000 }, () => {
  test('is cancelled after a day without a log or judgment', async () => {
    const flow = await bodyOf(api.post('/flows', { path: 'waiting/flow', attributes: {} }));
    const evaluation = await evaluationOf(api, flow, []);
    const run = await runOf(api, evaluation, onDataset(dataset, flow, { orchestrated: false }));
    await age(run, '23 h');
    await untilSwept();
    expect((await readRun(api, evaluation, run)).status).toBe('pending');
    await age(run, '1 h');
    const ended = await untilStatus(api, evaluation, run, 'cancelled');
    expect(ended.error).toBe('The Run was cancelled because no log and no judgment came for 24 h.');
  });
});
