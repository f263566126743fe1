import { describe, expect, test } from 'vitest';
import { hello } from '../../support/agents.ts';
import { testApp } from '../../support/app.ts';
import {
  datasetOf,
  echoPrompt,
  evaluationOf,
  logsOf,
  onDataset,
  readRun,
  runOf,
  untilStatus,
  words,
} from '../../support/evaluation-runs.ts';
import { gates, heldModel } from '../../support/held-model.ts';

const model = heldModel();
const providers = { mock: model.provider };
const one = await testApp({ providers });
await testApp({ providers, database: one.database });

describe('two servers', { timeout: 60_000 }, () => {
  test('share the concurrency of a Run, and make each log once', async () => {
    const prompt = await echoPrompt(one, 'several/shared', {
      other: { script: [{ content: 'Slow.', delay_ms: 30 }] },
    });
    const dataset = await datasetOf(one, 'several/words', words(20));
    const evaluation = await evaluationOf(one, prompt, []);
    model.atOnce.most = 0;
    model.asked.length = 0;
    const run = await runOf(one, evaluation, onDataset(dataset, prompt, { concurrency: 3 }));
    await untilStatus(one, evaluation, run, 'completed');
    expect(model.atOnce.most).toBeLessThanOrEqual(3);
    expect(model.asked.toSorted()).toEqual(
      words(20)
        .map(({ word }) => word)
        .toSorted(),
    );
    expect(await logsOf(one, evaluation, run)).toHaveLength(20);
  });

  test('make the call for which a server that died had reserved a slot, with its log id', async () => {
    const held = gates();
    model.before = held.wait;
    const prompt = await echoPrompt(one, 'several/reserved');
    const dataset = await datasetOf(one, 'several/two words', words(2));
    const evaluation = await evaluationOf(one, prompt, []);
    const run = await runOf(one, evaluation, onDataset(dataset, prompt, { concurrency: 1 }));
    await expect.poll(() => held.waiting.length, { timeout: 20_000 }).toBe(1);
    const { rowCount } = await one.database.pool.query(
      `UPDATE evaluation_slot SET state = 'started', origin = 'generated', log_id = 'log_of_dead',
        lease_owner = 'own_dead', lease_token = 1, lease_expires_at = now() + interval '1 s'
      WHERE run_id = $1 AND state = 'empty'`,
      [run.id],
    );
    expect(rowCount).toBe(1);
    held.open();
    model.before = () => undefined;
    await untilStatus(one, evaluation, run, 'completed');
    const logs = await logsOf(one, evaluation, run);
    expect(logs[1].log).toMatchObject({ id: 'log_of_dead', inputs: { word: 'w1' }, error: null });
  });
});

describe('a limit of runs at once', { timeout: 60_000 }, () => {
  test('is half for Runs, which wait as long as others have all of it', async () => {
    const limited = await testApp({ providers, runLimits: { atOnce: 4 } });
    const held = gates();
    model.before = held.wait;
    const prompt = await echoPrompt(limited, 'several/limited');
    const dataset = await datasetOf(limited, 'several/limited words', words(5));
    const evaluation = await evaluationOf(limited, prompt, []);
    const agent = { provider: 'mock', model: 'mock' };
    const calling = [1, 2, 3, 4].map(() =>
      limited.post('/agents/call', { path: 'several/agent', agent, messages: hello }),
    );
    await expect.poll(() => held.waiting.length, { timeout: 20_000 }).toBe(4);
    const run = await runOf(limited, evaluation, onDataset(dataset, prompt));
    // It has tried, and has given its slots back.
    await expect
      .poll(
        async () =>
          (
            await limited.database.pool.query(
              'SELECT max(lease_token) AS tries FROM evaluation_slot WHERE run_id = $1',
              [run.id],
            )
          ).rows[0].tries,
        { timeout: 20_000 },
      )
      .toBeGreaterThanOrEqual(1);
    expect(held.waiting).toHaveLength(4);
    held.open();
    for (const answer of await Promise.all(calling)) expect(answer.statusCode).toBe(200);
    await expect.poll(() => held.waiting.length, { timeout: 20_000 }).toBe(2);
    const more = limited.post('/agents/call', { path: 'several/agent', agent, messages: hello });
    await expect.poll(() => held.waiting.length, { timeout: 20_000 }).toBe(3);
    expect((await readRun(limited, evaluation, run)).progress.logs.done).toBe(0);
    model.before = () => undefined;
    held.open();
    expect((await more).statusCode).toBe(200);
    await untilStatus(limited, evaluation, run, 'completed');
    const logs = await logsOf(limited, evaluation, run);
    expect(logs.map(({ log }) => log.error)).toEqual([null, null, null, null, null]);
  });
});
