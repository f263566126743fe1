import { describe, expect, test } from 'vitest';
import { callOf, scripted } from '../../support/agents.ts';
import { testApp } from '../../support/app.ts';
import {
  alwaysTrue,
  datasetOf,
  echoPrompt,
  evaluationOf,
  judgmentsOf,
  logsOf,
  modelJudge,
  onDataset,
  readRun,
  runOf,
  statsOf,
  untilStatus,
  words,
} from '../../support/evaluation-runs.ts';
import { gates, heldModel, trouble } from '../../support/held-model.ts';
import { bodyOf } from '../../support/judging.ts';

const model = heldModel();
const api = await testApp({ providers: { mock: model.provider }, modelLimits: { maxAttempts: 1 } });
const isRight = await modelJudge(api, 'orchestrated/is right');

describe('an orchestrated Run', { timeout: 90_000 }, () => {
  test('of a Prompt on three Datapoints is generated, judged by code and completed by itself', async () => {
    const prompt = await echoPrompt(api, 'orchestrated/prompt');
    const dataset = await datasetOf(api, 'orchestrated/words', words(3));
    const evaluation = await evaluationOf(api, prompt, [
      await alwaysTrue(api, 'orchestrated/true'),
    ]);
    const run = await runOf(api, evaluation, onDataset(dataset, prompt));
    expect(run).toMatchObject({ orchestrated: true });
    await untilStatus(api, evaluation, run, 'completed');
    const stats = await statsOf(api, evaluation, run);
    expect(stats).toMatchObject({ num_logs: 3, status: 'completed' });
    expect(stats.evaluator_stats).toMatchObject([{ total_logs: 3, num_true: 3, num_errors: 0 }]);
    const logs = await logsOf(api, evaluation, run);
    expect(logs.map(({ log }) => log.inputs)).toEqual(words(3));
    expect(logs.map(({ log }) => log.source)).toEqual(Array(3).fill('evaluation'));
    expect(logs.map(({ log }) => log.source_datapoint_id)).toEqual(
      logs.map(({ datapoint }) => datapoint.id),
    );
  });

  test('of an Agent with a Python tool, and of a Tool, runs the tool for each Datapoint', async () => {
    const parameters = { type: 'object', properties: { word: { type: 'string' } } };
    const { body: tool } = await api.post('/tools', {
      path: 'orchestrated/shout',
      function: { name: 'shout', description: 'Shouts.', parameters },
      source_code: 'def shout(word):\n    return word.upper()\n',
    });
    const agent = await bodyOf(
      api.post('/agents', {
        path: 'orchestrated/agent',
        ...scripted([{ tool_calls: [callOf('shout', { word: 'hey' })] }, { content: 'Shouted.' }], {
          template: [{ role: 'user', content: '{{word}}' }],
          tools: [{ type: 'file', link: { file_id: tool.id }, on_agent_call: 'continue' }],
        }),
      }),
    );
    const dataset = await datasetOf(api, 'orchestrated/two words', words(2));
    for (const [file, output] of [
      [agent, ['Shouted.', 'Shouted.']],
      [tool, ['W0', 'W1']],
    ] as const) {
      const evaluation = await evaluationOf(api, file, [isRight]);
      const run = await runOf(api, evaluation, onDataset(dataset, file));
      await untilStatus(api, evaluation, run, 'completed');
      const logs = await logsOf(api, evaluation, run);
      expect(logs.map(({ log }) => log.output)).toEqual(output);
      expect(logs.map(({ log }) => log.error)).toEqual([null, null]);
    }
  });

  test('goes from pending to running to completed, and its progress never falls', async () => {
    const held = gates();
    model.before = held.wait;
    const prompt = await echoPrompt(api, 'orchestrated/steps');
    const dataset = await datasetOf(api, 'orchestrated/ten words', words(10));
    const evaluation = await evaluationOf(api, prompt, [isRight]);
    const run = await runOf(api, evaluation, onDataset(dataset, prompt));
    expect(run.status).toBe('pending');
    const seen: { status: string; done: number; judged: number }[] = [];
    await expect
      .poll(
        async () => {
          held.open();
          const { status, progress } = await readRun(api, evaluation, run);
          seen.push({ status, done: progress.logs.done, judged: progress.judgments.done });
          return status;
        },
        { timeout: 30_000, interval: 20 },
      )
      .toBe('completed');
    model.before = () => undefined;
    const order = ['pending', 'running', 'completed'];
    for (const [index, { status, done, judged }] of seen.entries()) {
      const before = seen[index - 1] ?? { status: 'pending', done: 0, judged: 0 };
      expect(order.indexOf(status)).toBeGreaterThanOrEqual(order.indexOf(before.status));
      expect(done).toBeGreaterThanOrEqual(before.done);
      expect(judged).toBeGreaterThanOrEqual(before.judged);
    }
    expect(seen.at(-1)).toEqual({ status: 'completed', done: 10, judged: 10 });
  });

  test('makes no more calls at once than its concurrency, and as many logs as trials', async () => {
    model.atOnce.most = 0;
    const prompt = await echoPrompt(api, 'orchestrated/narrow', {
      other: { script: [{ content: 'Slow.', delay_ms: 20 }] },
    });
    const dataset = await datasetOf(api, 'orchestrated/six words', words(6));
    const evaluation = await evaluationOf(api, prompt, []);
    const run = await runOf(
      api,
      evaluation,
      onDataset(dataset, prompt, { concurrency: 2, trials: 2 }),
    );
    await untilStatus(api, evaluation, run, 'completed');
    expect(await logsOf(api, evaluation, run)).toHaveLength(12);
    expect(model.atOnce.most).toBe(2);
  });

  test('in which a vendor fails has a log with that error, and a retry makes only this one again', async () => {
    const prompt = await echoPrompt(api, 'orchestrated/failing');
    const dataset = await datasetOf(api, 'orchestrated/failing words', words(3));
    const evaluation = await evaluationOf(api, prompt, [isRight]);
    model.before = (text) => {
      if (text === 'w1') throw trouble(500);
    };
    const run = await runOf(api, evaluation, onDataset(dataset, prompt));
    await untilStatus(api, evaluation, run, 'completed');
    model.before = () => undefined;
    const logs = await logsOf(api, evaluation, run);
    expect(logs.map(({ log }) => log.error)).toEqual([null, 'Mock answered 500.', null]);
    expect(logs[1].evaluator_logs).toMatchObject([
      { judgment: null, error: expect.stringContaining('error') },
    ]);

    model.asked.length = 0;
    const url = `/evaluations/${evaluation.id}/runs/${run.id}/retry`;
    expect((await bodyOf(api.post(url, {}))).status).toBe('running');
    await untilStatus(api, evaluation, run, 'completed');
    const again = await logsOf(api, evaluation, run);
    expect(again.map(({ log }) => log.error)).toEqual([null, null, null]);
    expect(again.map(({ log }) => log.id === logs[1].log.id)).toEqual([false, false, false]);
    expect([again[0].log.id, again[2].log.id]).toEqual([logs[0].log.id, logs[2].log.id]);
    expect(model.asked.filter((text) => /^w\d$/.test(text))).toEqual(['w1']);
    expect(again.map(({ evaluator_logs }) => evaluator_logs.length)).toEqual([1, 1, 1]);
    expect((await api.get(`/logs/${logs[1].log.id}`)).body.error).toBe('Mock answered 500.');
  });

  test('has a log with an error for a Datapoint that cannot even be called', async () => {
    const prompt = await echoPrompt(api, 'orchestrated/incomplete');
    const dataset = await datasetOf(api, 'orchestrated/one lacks its word', [
      { word: 'here' },
      { other: 'x' },
    ]);
    const evaluation = await evaluationOf(api, prompt, [isRight]);
    const run = await runOf(api, evaluation, onDataset(dataset, prompt));
    await untilStatus(api, evaluation, run, 'completed');
    const logs = await logsOf(api, evaluation, run);
    expect(logs[0].log).toMatchObject({ error: null });
    expect(logs[1].log).toMatchObject({
      error: expect.stringContaining('word'),
      inputs: { other: 'x' },
      log_status: 'complete',
      source: 'evaluation',
    });
  });

  test('beside another in one Evaluation completes on its own', async () => {
    const prompt = await echoPrompt(api, 'orchestrated/both');
    const dataset = await datasetOf(api, 'orchestrated/both words', words(2));
    const evaluation = await evaluationOf(api, prompt, [isRight]);
    const held = gates();
    model.before = (text, signal) => (text.startsWith('w') ? held.wait(text, signal) : undefined);
    const first = await runOf(api, evaluation, onDataset(dataset, prompt));
    await expect.poll(() => held.waiting.length, { timeout: 10_000 }).toBe(2);
    model.before = () => undefined;
    const second = await runOf(api, evaluation, onDataset(dataset, prompt));
    await untilStatus(api, evaluation, second, 'completed');
    expect((await readRun(api, evaluation, first)).status).toBe('running');
    expect((await bodyOf(api.get(`/evaluations/${evaluation.id}/stats`))).status).toBe('running');
    held.open();
    await untilStatus(api, evaluation, first, 'completed');
    expect((await bodyOf(api.get(`/evaluations/${evaluation.id}/stats`))).status).toBe('completed');
  });
});

describe('the evaluators of a completed Run', { timeout: 60_000 }, () => {
  test('can be more later: the Run is running until they have judged, and old judgments stay', async () => {
    const prompt = await echoPrompt(api, 'orchestrated/more');
    const dataset = await datasetOf(api, 'orchestrated/more words', words(3));
    const evaluation = await evaluationOf(api, prompt, [isRight]);
    const run = await runOf(api, evaluation, onDataset(dataset, prompt));
    await untilStatus(api, evaluation, run, 'completed');
    const later = await modelJudge(api, 'orchestrated/later', 'false');
    await bodyOf(
      api.post(`/evaluations/${evaluation.id}/evaluators`, { evaluators: [{ id: later.id }] }),
    );
    expect((await readRun(api, evaluation, run)).status).toBe('running');
    await untilStatus(api, evaluation, run, 'completed');
    const { evaluator_stats } = await statsOf(api, evaluation, run);
    expect(evaluator_stats).toMatchObject([
      { total_logs: 3, num_true: 3 },
      { total_logs: 3, num_false: 3 },
    ]);
    for (const { log } of await logsOf(api, evaluation, run)) {
      expect(await judgmentsOf(api, log.id)).toHaveLength(2);
    }
  });
});
