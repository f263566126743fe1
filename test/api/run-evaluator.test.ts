import { describe, expect, test } from 'vitest';
import { runnableEvaluator } from '../../src/runtime/kinds/evaluator.ts';
import { startRun } from '../../src/runtime/runs/start-run.ts';
import { type Answer, testApp } from '../support/app.ts';
import { testPython } from '../support/python.ts';
import { expectRefusal } from '../support/refusals.ts';

type Body = Answer['body'];

const api = await testApp();
const never = new AbortController().signal;

const python = (code: string, return_type = 'text') => ({
  evaluator_type: 'python',
  arguments_type: 'target_free',
  return_type,
  code,
});

async function evaluator(path: string, spec: object): Promise<Body> {
  return (await api.post('/evaluators', { path, spec })).body;
}

/** Runs an evaluator as the server does, to evaluate it; answers its log. */
async function run(path: string, request: object, { runtime, workspace } = api): Promise<Body> {
  const called = { runnable: runnableEvaluator, selector: {}, inlineSpec: undefined };
  const started = await startRun(runtime, workspace, called, { path, ...request }, never);
  const { log } = await started.outcome;
  return (await api.get(`/logs/${log.view.record.id}`)).body;
}

describe('an evaluator that is evaluated', () => {
  test('judges the log in its inputs, with the datapoint that the run is made for', async () => {
    const { id: datasetId } = (
      await api.post('/datasets', {
        path: 'runs/dataset',
        datapoints: [{ inputs: { log: { output: 'yes' } }, target: { verdict: true } }],
      })
    ).body;
    const { body: list } = await api.get(`/datasets/${datasetId}/datapoints`);
    const [{ id, inputs }] = list.records;
    const code =
      'def f(log, testcase):\n    print(log["messages"], testcase["id"])\n    return {"judgment": testcase["target"]["verdict"] and log["output"] == "yes", "reason": "said yes"}\n';
    const { version_id } = await evaluator('runs/code', python(code, 'boolean'));
    const log = await run('runs/code', {
      inputs,
      source_datapoint_id: id,
      source: 'evaluation',
    });
    expect(log).toMatchObject({
      evaluator: { version_id },
      judgment: true,
      output: 'said yes',
      stdout: `[] ${id}\n`,
      error: null,
      inputs,
      parent_id: null,
      log_status: null,
      source: 'evaluation',
      source_datapoint_id: id,
      start_time: expect.any(String),
      end_time: expect.any(String),
    });
    // Nothing happens in between, so there is no stream to read again.
    expectRefusal(await api.get(`/logs/${log.id}/events`), 404);
  });

  test('judges inputs, messages and output of the call as a log when its inputs have none', async () => {
    const code =
      'import json\ndef f(log, testcase):\n    return json.dumps([log["inputs"], log["messages"], log["output"], testcase])\n';
    await evaluator('runs/inputs', python(code));
    const messages = [{ role: 'user', content: 'Hello' }];
    const inputs = { q: 1, output: 'Hi.', log: 'no object' };
    const { judgment } = await run('runs/inputs', { inputs, messages });
    expect(JSON.parse(judgment)).toEqual([inputs, messages, 'Hi.', null]);
  });

  test('has the tokens of the model that it asks', async () => {
    const prompt = {
      provider: 'mock',
      model: 'mock',
      template: [{ role: 'user', content: 'Right? {{log.output}}' }],
      other: { script: [{ content: 'So.\nNo', usage: { input_tokens: 7, output_tokens: 3 } }] },
    };
    const spec = {
      evaluator_type: 'llm',
      arguments_type: 'target_free',
      return_type: 'boolean',
      prompt,
    };
    await evaluator('runs/model', spec);
    expect(await run('runs/model', { inputs: { output: 'x' } })).toMatchObject({
      judgment: false,
      output: 'So.\nNo',
      prompt_tokens: 7,
      output_tokens: 3,
      finish_reason: 'stop',
      inputs: { output: 'x' },
      provider_latency: expect.any(Number),
    });
  });

  test('has an error as its judgment when its code fails, and that is no failure of the run', async () => {
    await evaluator('runs/fails', python('def f(log):\n    return 1 / 0\n'));
    expect(await run('runs/fails', {})).toMatchObject({
      judgment: null,
      error: expect.stringContaining('ZeroDivisionError'),
    });
  });

  test('fails when the server has no sandbox, and its log says so', async () => {
    const python = testPython({}, { deno: '/nowhere/deno' });
    const without = await testApp({ database: api.database, python });
    expect(await run('runs/fails', {}, without)).toMatchObject({
      judgment: null,
      error: expect.stringContaining('cannot run on this server'),
    });
  });

  test('is not started when only people or clients can judge', async () => {
    const spec = { evaluator_type: 'human', arguments_type: 'target_free', return_type: 'boolean' };
    await evaluator('runs/human', spec);
    await expect(run('runs/human', {})).rejects.toThrow('this one is `human`');
  });
});
