import { expect, test } from 'vitest';
import { JudgingLoop } from '../../../src/evaluation/tasks/judging-loop.ts';
import { testApp } from '../../support/app.ts';
import { heldModel, untilAborted } from '../../support/held-model.ts';
import {
  addLogs,
  bodyOf,
  counting,
  evaluationWithRun,
  judgments,
  loggedPrompt,
  logPrompt,
  mockEvaluator,
  monitor,
  tasksOn,
  untilCompleted,
  untilJudged,
} from '../../support/judging.ts';

test('two servers judge each log once', async () => {
  const one = await testApp();
  await testApp({ database: one.database });
  const [a, b] = [await mockEvaluator(one, 'shared a'), await mockEvaluator(one, 'shared b')];
  const prompt = await loggedPrompt(one, 'shared');
  const run = await evaluationWithRun(one, prompt, [a, b]);
  const logs = await Promise.all(Array.from({ length: 60 }, () => logPrompt(one, prompt)));
  await addLogs(one, run, logs);
  await untilCompleted(one, run);
  for (const log of logs) {
    expect(await judgments(one, log)).toEqual([true, true]);
    expect(await counting(one, log)).toHaveLength(2);
  }
});

test('logs that change again and again while two servers judge end with the judgment of the last state', async () => {
  const one = await testApp();
  const two = await testApp({ database: one.database });
  const [a, b] = [await mockEvaluator(one, 'restless a'), await mockEvaluator(one, 'restless b')];
  const prompt = await loggedPrompt(one, 'restless');
  await monitor(one, prompt, [a]);
  const run = await evaluationWithRun(one, prompt, [a, b]);
  const logs = await Promise.all(Array.from({ length: 20 }, () => logPrompt(one, prompt)));
  await addLogs(one, run, logs);
  const outputs = ['perhaps', 'false', 'true', 'false'];
  for (const [round, output] of outputs.entries()) {
    const server = round % 2 === 0 ? one : two;
    await Promise.all(
      logs.map(({ id }) => bodyOf(server.patch(`/prompts/${prompt.id}/log/${id}`, { output }))),
    );
  }
  await untilJudged(one);
  await untilCompleted(one, run);
  for (const log of logs) {
    expect(await counting(one, log)).toMatchObject([
      { outcome: 'judged', value: 0, is_current: true },
      { outcome: 'judged', value: 0, is_current: true },
    ]);
  }
});

test('a server whose leases have expired is replaced, and what it says later is not written', async () => {
  const held = heldModel();
  const late = Promise.withResolvers<void>();
  held.before = () => late.promise;
  const dying = await testApp({ providers: { mock: held.provider }, judging: { modelsAtOnce: 1 } });
  const evaluator = await mockEvaluator(dying, 'taken over');
  const prompt = await loggedPrompt(dying, 'taken over for');
  const run = await evaluationWithRun(dying, prompt, [evaluator]);
  // As many as it judges at once, so it claims none again: it is not dead, only silent.
  const logs = await Promise.all(Array.from({ length: 4 }, () => logPrompt(dying, prompt)));
  await addLogs(dying, run, logs);
  const owners = async () => {
    const tasks = await Promise.all(logs.map((log) => tasksOn(dying, log)));
    return tasks.flat().filter(({ lease_owner: owner }) => owner !== null).length;
  };
  await expect.poll(owners).toBe(4);
  const other = await testApp({ database: dying.database });
  await other.database.pool.query('UPDATE judgment_task SET due_at = now()');
  await untilCompleted(other, run);
  late.resolve();
  await expect.poll(() => held.atOnce.now).toBe(0);
  const again = await logPrompt(dying, prompt);
  await addLogs(dying, run, [again]);
  await untilCompleted(dying, run);
  for (const log of logs) expect(await judgments(dying, log)).toEqual([true]);
});

test('a server that stops gives its tasks back, and that is no failed attempt', async () => {
  const held = heldModel();
  held.before = (_text, signal) => untilAborted(signal);
  const api = await testApp({ providers: { mock: held.provider }, judging: { modelsAtOnce: 1 } });
  const evaluator = await mockEvaluator(api, 'given back');
  const prompt = await loggedPrompt(api, 'given back for');
  const run = await evaluationWithRun(api, prompt, [evaluator]);
  const logs = await Promise.all(Array.from({ length: 6 }, () => logPrompt(api, prompt)));
  await addLogs(api, run, logs);
  const tasks = async () => (await Promise.all(logs.map((log) => tasksOn(api, log)))).flat();
  const claimed = async () =>
    (await tasks()).filter(({ lease_owner: owner }) => owner !== null).length;
  // The server judges as much for one organization as it may.
  await expect.poll(claimed).toBe(4);
  const loop = new JudgingLoop(api.runtime.parts);
  loop.wake();
  await expect.poll(claimed).toBe(6);
  await loop.stop();
  const free = (await tasks()).filter(({ lease_owner: owner }) => owner === null);
  expect(free.map(({ attempts }) => attempts)).toEqual([0, 0]);
  expect(await claimed()).toBe(4);
});

test('a task that fails five times because of the server becomes an error', async () => {
  const held = heldModel();
  held.before = () => {
    throw new Error('A bug of the server.');
  };
  const api = await testApp({ providers: { mock: held.provider } });
  const evaluator = await mockEvaluator(api, 'failing');
  const prompt = await loggedPrompt(api, 'failing for');
  const run = await evaluationWithRun(api, prompt, [evaluator]);
  const log = await logPrompt(api, prompt);
  await addLogs(api, run, [log]);
  const judged = async () => {
    // Do not wait for the pauses between attempts.
    await api.database.pool.query(
      'UPDATE judgment_task SET due_at = now() WHERE lease_owner IS NULL',
    );
    return judgments(api, log);
  };
  await expect.poll(judged, { interval: 200 }).toEqual([expect.stringContaining('5 attempts')]);
  expect(held.asked).toHaveLength(5);
  await untilCompleted(api, run);
});

test('a log that a server without this consumer has taken out of the feed is judged all the same', async () => {
  const api = await testApp({ feedConsumers: [] });
  const evaluator = await mockEvaluator(api, 'missed');
  const prompt = await loggedPrompt(api, 'missed of');
  const run = await evaluationWithRun(api, prompt, [evaluator]);
  const log = await logPrompt(api, prompt, { run_id: run.runId });
  await expect.poll(() => judgments(api, log)).toEqual([true]);
});
