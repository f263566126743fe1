import { describe, expect, test } from 'vitest';
import { callOf, scripted } from '../../support/agents.ts';
import { type Answer, testApp } from '../../support/app.ts';
import {
  datasetOf,
  echoPrompt,
  evaluationOf,
  human,
  logsOf,
  modelJudge,
  onDataset,
  readRun,
  runOf,
  statsOf,
  untilStatus,
  words,
} from '../../support/evaluation-runs.ts';
import { gates, heldModel, trouble, untilAborted } from '../../support/held-model.ts';
import { bodyOf } from '../../support/judging.ts';

type Body = Answer['body'];

const model = heldModel();
const api = await testApp({
  providers: { mock: model.provider },
  modelLimits: { maxAttempts: 1 },
  evaluationLimits: { concurrency: 64 },
});
const isRight = await modelJudge(api, 'ending/is right');

/** Ends a Run at the request of a client. */
const end = (evaluation: Body, run: Body, status: string) =>
  api.patch(`/evaluations/${evaluation.id}/runs/${run.id}`, { status });

/** How many logs and judgments there are. */
async function written(): Promise<{ logs: number; judgments: number }> {
  const { rows } = await api.database.pool.query(
    `SELECT (SELECT count(*)::integer FROM log) AS logs,
      (SELECT count(*)::integer FROM judgment) AS judgments`,
  );
  return rows[0];
}

/** Waits until no call is in progress any more, on any server. */
const noCallsLeft = () =>
  expect
    .poll(
      async () => (await api.database.pool.query('SELECT count(*)::integer AS n FROM run')).rows,
      { timeout: 20_000 },
    )
    .toEqual([{ n: 0 }]);

describe('a Run that a client cancels', { timeout: 60_000 }, () => {
  test('with 200 slow calls ends at once: no log or judgment comes after it, and its calls end', async () => {
    model.before = (_text, signal) => untilAborted(signal);
    const prompt = await echoPrompt(api, 'ending/slow');
    const dataset = await datasetOf(api, 'ending/many words', words(200));
    const evaluation = await evaluationOf(api, prompt, [isRight]);
    const run = await runOf(api, evaluation, onDataset(dataset, prompt, { concurrency: 64 }));
    await expect.poll(() => model.atOnce.now, { timeout: 20_000 }).toBeGreaterThanOrEqual(8);
    const { statusCode, body } = await end(evaluation, run, 'cancelled');
    const before = await written();
    expect(statusCode).toBe(200);
    expect(body.status).toBe('cancelled');
    await expect.poll(() => model.atOnce.now, { timeout: 10_000 }).toBe(0);
    await noCallsLeft();
    expect(await written()).toEqual(before);
    model.before = () => undefined;
    const logs = await logsOf(api, evaluation, run);
    expect(logs.length).toBe(before.logs);
    expect(new Set(logs.map(({ log }) => log.error))).toEqual(new Set(['cancelled']));
    expect(await end(evaluation, run, 'cancelled')).toMatchObject({
      statusCode: 409,
      body: { code: 'evaluation_run_ended' },
    });
    expect((await end(evaluation, run, 'running')).statusCode).toBe(422);
  });

  test('is open again after a retry, which makes what was cancelled and what was never begun', async () => {
    model.before = (text, signal) => (text === 'w0' ? undefined : untilAborted(signal));
    const prompt = await echoPrompt(api, 'ending/cancelled and retried');
    const dataset = await datasetOf(api, 'ending/four words', words(4));
    const evaluation = await evaluationOf(api, prompt, [isRight]);
    const run = await runOf(api, evaluation, onDataset(dataset, prompt, { concurrency: 2 }));
    await expect
      .poll(async () => (await readRun(api, evaluation, run)).progress.logs.done)
      .toBeGreaterThanOrEqual(1);
    await end(evaluation, run, 'cancelled');
    await noCallsLeft();
    model.before = () => undefined;
    await bodyOf(api.post(`/evaluations/${evaluation.id}/runs/${run.id}/retry`, {}));
    await untilStatus(api, evaluation, run, 'completed');
    const logs = await logsOf(api, evaluation, run);
    expect(logs.map(({ log }) => log.error)).toEqual([null, null, null, null]);
    expect(await statsOf(api, evaluation, run)).toMatchObject({
      num_logs: 4,
      evaluator_stats: [{ total_logs: 4, num_true: 4 }],
    });
  });

  test('ends the agents below its calls, too', async () => {
    const inner = await bodyOf(
      api.post('/agents', {
        path: 'ending/inner',
        ...scripted([{ content: 'never', delay_ms: 3_600_000 }]),
      }),
    );
    const outer = await bodyOf(
      api.post('/agents', {
        path: 'ending/outer',
        ...scripted([{ tool_calls: [callOf('inner', { message: 'x' })] }], {
          template: [{ role: 'user', content: '{{word}}' }],
          tools: [
            {
              type: 'file',
              link: { file_id: inner.id, environment_id: null },
              on_agent_call: 'continue',
            },
          ],
        }),
      }),
    );
    const dataset = await datasetOf(api, 'ending/one word', words(1));
    const evaluation = await evaluationOf(api, outer, []);
    const run = await runOf(api, evaluation, onDataset(dataset, outer));
    await expect
      .poll(
        async () =>
          (await api.database.pool.query('SELECT FROM run WHERE parent_log_id IS NOT NULL'))
            .rowCount,
        { timeout: 20_000 },
      )
      .toBe(1);
    expect((await end(evaluation, run, 'cancelled')).statusCode).toBe(200);
    await noCallsLeft();
    const { rows } = await api.database.pool.query(
      'SELECT log_status, ended_as FROM log WHERE file_id = ANY($1)',
      [[inner.id, outer.id]],
    );
    const cancelled = { log_status: 'complete', ended_as: 'cancelled' };
    expect(rows).toEqual([cancelled, cancelled]);
  });
});

describe('a Run that a client completes', { timeout: 60_000 }, () => {
  test('does not wait for people, and their judgments still count later', async () => {
    const prompt = await echoPrompt(api, 'ending/rated');
    const dataset = await datasetOf(api, 'ending/rated words', words(2));
    const rating = await human(api, 'ending/rating');
    const evaluation = await evaluationOf(api, prompt, [rating, isRight]);
    const run = await runOf(api, evaluation, onDataset(dataset, prompt));
    await expect
      .poll(async () => (await readRun(api, evaluation, run)).progress, { timeout: 20_000 })
      .toMatchObject({ waiting_for: ['people'], judgments: { wanted: 4, done: 2 } });
    expect((await bodyOf(end(evaluation, run, 'completed'))).status).toBe('completed');
    const [first] = await logsOf(api, evaluation, run);
    await bodyOf(
      api.post(`/evaluators/log?version_id=${rating.version_id}`, {
        id: rating.id,
        parent_id: first.log.id,
        judgment: true,
      }),
    );
    expect((await statsOf(api, evaluation, run)).evaluator_stats[0]).toMatchObject({
      total_logs: 1,
      num_true: 1,
    });
    expect((await readRun(api, evaluation, run)).status).toBe('completed');
  });

  test('makes no further logs, also when another evaluator is added', async () => {
    const held = gates();
    model.before = held.wait;
    const prompt = await echoPrompt(api, 'ending/early');
    const dataset = await datasetOf(api, 'ending/early words', words(4));
    const evaluation = await evaluationOf(api, prompt, []);
    const run = await runOf(api, evaluation, onDataset(dataset, prompt, { concurrency: 1 }));
    await expect.poll(() => held.waiting.length, { timeout: 20_000 }).toBe(1);
    held.open();
    await expect.poll(() => held.waiting.length, { timeout: 20_000 }).toBe(1);
    await bodyOf(end(evaluation, run, 'completed'));
    await noCallsLeft();
    model.before = () => undefined;
    await bodyOf(
      api.post(`/evaluations/${evaluation.id}/evaluators`, { evaluators: [{ id: isRight.id }] }),
    );
    await untilStatus(api, evaluation, run, 'completed');
    const logs = await logsOf(api, evaluation, run);
    expect(logs.map(({ log }) => log.error)).toEqual([null, 'cancelled']);
    expect(logs[0].evaluator_logs).toHaveLength(1);
  });

  test('is completed by itself when the last evaluator that it waits for is removed', async () => {
    const prompt = await echoPrompt(api, 'ending/unrated');
    const dataset = await datasetOf(api, 'ending/unrated words', words(1));
    const rating = await human(api, 'ending/removed rating');
    const evaluation = await evaluationOf(api, prompt, [rating, isRight]);
    const run = await runOf(api, evaluation, onDataset(dataset, prompt));
    await expect
      .poll(async () => (await readRun(api, evaluation, run)).progress.waiting_for, {
        timeout: 20_000,
      })
      .toEqual(['people']);
    await bodyOf(api.delete(`/evaluations/${evaluation.id}/evaluators/${rating.version_id}`));
    await untilStatus(api, evaluation, run, 'completed');
    const [first] = await logsOf(api, evaluation, run);
    expect(first.evaluator_logs).toHaveLength(1);
  });
});

describe('a Run that cannot go on', { timeout: 60_000 }, () => {
  test('because its file was deleted is cancelled', async () => {
    model.before = (_text, signal) => untilAborted(signal);
    const prompt = await echoPrompt(api, 'ending/deleted');
    const dataset = await datasetOf(api, 'ending/words of the deleted', words(2));
    const evaluation = await evaluationOf(api, prompt, []);
    const run = await runOf(api, evaluation, onDataset(dataset, prompt));
    await expect.poll(() => model.atOnce.now, { timeout: 20_000 }).toBe(2);
    expect((await api.delete(`/prompts/${prompt.id}`)).statusCode).toBe(204);
    await expect
      .poll(
        async () =>
          (
            await api.database.pool.query(
              'SELECT status, error FROM evaluation_run WHERE id = $1',
              [run.id],
            )
          ).rows[0],
        { timeout: 20_000 },
      )
      .toEqual({
        status: 'cancelled',
        error: 'The Run was cancelled because its file was deleted.',
      });
    await noCallsLeft();
    model.before = () => undefined;
  });

  test('because it costs more than its limit is cancelled, and says so', async () => {
    const prompt = await echoPrompt(api, 'ending/dear');
    const dataset = await datasetOf(api, 'ending/dear words', words(30));
    const evaluation = await evaluationOf(api, prompt, []);
    model.before = async (text) => {
      // Each call is dear: as if the table of prices said so.
      await api.database.pool.query(
        "UPDATE log SET prompt_cost = 1 WHERE prompt_cost IS DISTINCT FROM 1 AND log_status IS DISTINCT FROM 'incomplete'",
      );
      return text;
    };
    const run = await runOf(
      api,
      evaluation,
      onDataset(dataset, prompt, { max_cost: 2, concurrency: 1 }),
    );
    const ended = await untilStatus(api, evaluation, run, 'cancelled');
    model.before = () => undefined;
    expect(ended.error).toBe('The Run was cancelled because it has cost more than its `max_cost`.');
    expect((await logsOf(api, evaluation, run)).length).toBeLessThan(30);
  });

  test('as it was is completed although its dataset, an evaluator and a judged log are deleted', async () => {
    const held = gates();
    model.before = (text, signal) => (text === 'w2' ? held.wait(text, signal) : undefined);
    const prompt = await echoPrompt(api, 'ending/robbed');
    const dataset = await datasetOf(api, 'ending/robbed words', words(3));
    const judge = await modelJudge(api, 'ending/robbed judge');
    const rating = await human(api, 'ending/robbed rating');
    const evaluation = await evaluationOf(api, prompt, [judge, isRight, rating]);
    const run = await runOf(api, evaluation, onDataset(dataset, prompt));
    await expect
      .poll(async () => (await readRun(api, evaluation, run)).progress.judgments.done, {
        timeout: 20_000,
      })
      .toBeGreaterThanOrEqual(4);
    const [judged] = await logsOf(api, evaluation, run);
    for (const gone of [
      `/datasets/${dataset.id}`,
      `/evaluators/${judge.id}`,
      `/evaluators/${rating.id}`,
      `/logs?id=${judged.log.id}`,
    ]) {
      expect((await api.delete(gone)).statusCode, gone).toBe(204);
    }
    held.open();
    model.before = () => undefined;
    await untilStatus(api, evaluation, run, 'completed');
    const logs = await logsOf(api, evaluation, run);
    expect(logs.map(({ log }) => log.inputs)).toEqual(words(3));
    expect(logs.every(({ log }) => log.id !== judged.log.id)).toBe(true);
  });

  test('slows down when its vendor has too many requests, and goes on', async () => {
    let refusals = 3;
    model.before = () => {
      if (refusals-- > 0) throw trouble(429, 200);
    };
    const slow = await testApp({ database: api.database, providers: { mock: model.provider } });
    const prompt = await echoPrompt(slow, 'ending/limited');
    const dataset = await datasetOf(slow, 'ending/limited words', words(6));
    const evaluation = await evaluationOf(slow, prompt, []);
    const run = await runOf(slow, evaluation, onDataset(dataset, prompt));
    await untilStatus(slow, evaluation, run, 'completed');
    model.before = () => undefined;
    const logs = await logsOf(slow, evaluation, run);
    expect(logs.filter(({ log }) => log.error === null).length).toBeGreaterThanOrEqual(3);
  });
});
