import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import {
  addLogs,
  bodyOf,
  counting,
  evaluationWithRun,
  evaluatorLogs,
  judgments,
  loggedPrompt,
  logPrompt,
  mockEvaluator,
  monitor,
  pythonEvaluator,
  tasksOn,
  untilCompleted,
  untilJudged,
} from '../../support/judging.ts';

const api = await testApp();

/** A script with which the mock does not answer while a test runs. */
const never = [{ content: 'true', delay_ms: 3_600_000 }];

test('the logs of a Run are judged by its evaluators, and the evaluators’ logs say so', async () => {
  const evaluator = await mockEvaluator(api, 'judges');
  const prompt = await loggedPrompt(api, 'judged');
  const run = await evaluationWithRun(api, prompt, [evaluator]);
  const good = await logPrompt(api, prompt, { source_datapoint_id: 'dp_label' });
  const bad = await logPrompt(api, prompt, { output: 'false' });
  const odd = await logPrompt(api, prompt, { output: 'perhaps' });
  await addLogs(api, run, [good, bad, odd]);
  await untilCompleted(api, run);
  const [log] = await evaluatorLogs(api, good);
  expect(log).toMatchObject({
    parent_id: good.id,
    judgment: true,
    error: null,
    source: 'evaluation',
    source_datapoint_id: 'dp_label',
    log_status: 'complete',
    trace_parent_id: null,
    user: null,
    evaluator: { id: evaluator.id, version_id: evaluator.version_id },
  });
  expect(log.output_tokens).toBeGreaterThan(0);
  expect(await judgments(api, bad)).toEqual([false]);
  expect(await judgments(api, odd)).toEqual([expect.stringContaining('no verdict')]);
  const { records } = await bodyOf(api.get(`/logs?file_id=${evaluator.id}`));
  expect(records).toHaveLength(3);
});

test('an evaluator is given the datapoint of the slot', async () => {
  const evaluator = await mockEvaluator(api, 'with target', {
    says: '{{testcase.target.verdict}}',
    arguments_type: 'target_required',
  });
  const prompt = await loggedPrompt(api, 'with target of');
  const datapoints = [{ inputs: { q: 1 }, target: { verdict: 'false' } }];
  const dataset = await bodyOf(api.post('/datasets', { path: 'targets', datapoints }));
  const run = await evaluationWithRun(api, prompt, [evaluator], {
    dataset: { version_id: dataset.version_id },
    version: { version_id: prompt.version_id },
    orchestrated: false,
  });
  const { records } = await bodyOf(api.get(`/datasets/${dataset.id}/datapoints`));
  const log = await logPrompt(api, prompt, {
    run_id: run.runId,
    source_datapoint_id: records[0].id,
  });
  await untilCompleted(api, run);
  expect(await judgments(api, log)).toEqual([false]);
  expect(await counting(api, log)).toMatchObject([{ datapoint_id: records[0].id, value: 0 }]);
});

test('a second Run of the same logs keeps the judgments that they have', async () => {
  const evaluator = await mockEvaluator(api, 'kept', {
    says: '{{testcase.target.verdict}}',
    arguments_type: 'target_required',
  });
  const prompt = await loggedPrompt(api, 'kept of');
  const datapoints = [{ inputs: { q: 2 }, target: { verdict: 'false' } }];
  const dataset = await bodyOf(api.post('/datasets', { path: 'kept targets', datapoints }));
  const run = await evaluationWithRun(api, prompt, [evaluator], {
    dataset: { version_id: dataset.version_id },
    version: { version_id: prompt.version_id },
    orchestrated: false,
  });
  const { records } = await bodyOf(api.get(`/datasets/${dataset.id}/datapoints`));
  const log = await logPrompt(api, prompt, {
    run_id: run.runId,
    source_datapoint_id: records[0].id,
  });
  await untilCompleted(api, run);
  const second = await evaluationWithRun(api, prompt, [evaluator], {
    logs: { file_id: prompt.id },
  });
  await untilCompleted(api, second);
  expect(await judgments(api, log)).toEqual([false]);
  const other = await mockEvaluator(api, 'later kept', {
    says: '{{testcase.target.verdict}}',
    arguments_type: 'target_required',
  });
  await bodyOf(
    api.post(`/evaluations/${second.id}/evaluators`, {
      evaluators: [{ version_id: other.version_id }],
    }),
  );
  await untilCompleted(api, second);
  expect(await judgments(api, log)).toEqual([false, false]);
});

test('a Run that a client ended as completed has only changed logs judged', async () => {
  const evaluator = await mockEvaluator(api, 'ended early');
  const flow = await bodyOf(api.post('/flows', { path: 'ended early of', attributes: {} }));
  const run = await evaluationWithRun(api, flow, [evaluator]);
  const open = () =>
    bodyOf(
      api.post('/flows/log', {
        id: flow.id,
        run_id: run.runId,
        inputs: { q: 3 },
        output: 'true',
        log_status: 'incomplete',
      }),
    );
  const complete = (log: { id: string }, output: string) =>
    bodyOf(api.patch(`/flows/logs/${log.id}`, { output, log_status: 'complete' }));
  const statusOf = async () =>
    (await bodyOf(api.get(`/evaluations/${run.id}/runs`))).runs[0].status;
  const [judged, late] = [await open(), await open()];
  await complete(judged, 'true');
  await expect.poll(() => judgments(api, judged)).toEqual([true]);
  await bodyOf(api.patch(run.url, { status: 'completed' }));
  await complete(late, 'true');
  await untilJudged(api);
  expect(await judgments(api, late)).toEqual([]);
  expect(await statusOf()).toBe('completed');
  await complete(judged, 'false');
  await expect.poll(() => judgments(api, judged)).toEqual([true, false]);
  await untilCompleted(api, run);
});

test('an evaluator that is added judges what is there, and the others do not judge again', async () => {
  const [first, second] = [
    await mockEvaluator(api, 'first', { arguments_type: 'target_required' }),
    await mockEvaluator(api, 'second'),
  ];
  const prompt = await loggedPrompt(api, 'added to');
  const run = await evaluationWithRun(api, prompt, [first]);
  const log = await logPrompt(api, prompt);
  await addLogs(api, run, [log]);
  await untilCompleted(api, run);
  await bodyOf(
    api.post(`/evaluations/${run.id}/evaluators`, {
      evaluators: [{ version_id: second.version_id }],
    }),
  );
  await untilCompleted(api, run);
  const by = (await evaluatorLogs(api, log)).map(({ evaluator }) => evaluator.path);
  expect(by).toEqual(['first', 'second']);
});

test('a judgment of monitoring is used again, until the log changes', async () => {
  const evaluator = await mockEvaluator(api, 'reused');
  const prompt = await loggedPrompt(api, 'reused by');
  await monitor(api, prompt, [evaluator]);
  const log = await logPrompt(api, prompt);
  await untilJudged(api);
  const once = await evaluationWithRun(api, prompt, [evaluator]);
  await addLogs(api, once, [log]);
  await untilCompleted(api, once);
  expect(await judgments(api, log)).toEqual([true]);
  await bodyOf(
    api.post(`/prompts/${prompt.id}/evaluators`, {
      deactivate: [{ evaluator_version_id: evaluator.version_id }],
    }),
  );
  await bodyOf(api.patch(`/prompts/${prompt.id}/log/${log.id}`, { output: 'false' }));
  await untilCompleted(api, once);
  expect(await judgments(api, log)).toEqual([true, false]);
  expect(await counting(api, log)).toMatchObject([{ value: 0 }]);
});

test('a log without payloads gets an error that says so', async () => {
  const evaluator = await mockEvaluator(api, 'without payloads');
  const prompt = await loggedPrompt(api, 'without payloads of');
  const run = await evaluationWithRun(api, prompt, [evaluator]);
  const log = await logPrompt(api, prompt, { save: false });
  await addLogs(api, run, [log]);
  await untilCompleted(api, run);
  expect(await judgments(api, log)).toEqual([expect.stringContaining('`save: false`')]);
});

test('a log that changes while it is judged is judged once, as it is then', async () => {
  const evaluator = await mockEvaluator(api, 'slow', {
    says: '{{log_output}}',
    script: undefined,
  });
  const stuck = await mockEvaluator(api, 'stuck', { script: never });
  const prompt = await loggedPrompt(api, 'changed meanwhile');
  const run = await evaluationWithRun(api, prompt, [evaluator, stuck]);
  const log = await logPrompt(api, prompt);
  await addLogs(api, run, [log]);
  const claimed = async () => (await tasksOn(api, log)).map(({ lease_owner }) => lease_owner);
  await expect.poll(claimed).toEqual([expect.stringMatching(/^own_/)]);
  const [before] = await tasksOn(api, log);
  await bodyOf(api.patch(`/prompts/${prompt.id}/log/${log.id}`, { output: 'false' }));
  await expect.poll(async () => (await counting(api, log)).map(({ value }) => value)).toEqual([0]);
  await expect.poll(claimed).toEqual([expect.stringMatching(/^own_/)]);
  const [after] = await tasksOn(api, log);
  expect(after?.lease_token).toBeGreaterThan(before?.lease_token ?? 0);
  expect(await judgments(api, log)).toEqual([true, false]);
  await bodyOf(api.patch(run.url, { status: 'cancelled' }));
  expect(await tasksOn(api, log)).toEqual([]);
});

test('what is deleted while it is judged is dropped, and the Run ends', async () => {
  const [fine, stuck] = [
    await mockEvaluator(api, 'fine'),
    await mockEvaluator(api, 'dropped', { script: never }),
  ];
  const prompt = await loggedPrompt(api, 'dropped of');
  const run = await evaluationWithRun(api, prompt, [fine, stuck]);
  const [deleted, kept] = [await logPrompt(api, prompt), await logPrompt(api, prompt)];
  await addLogs(api, run, [deleted, kept]);
  const claims = async () =>
    [...(await tasksOn(api, deleted)), ...(await tasksOn(api, kept))].length;
  await expect.poll(claims).toBe(2);
  await bodyOf(api.delete(`/logs?id=${deleted.id}`));
  await expect.poll(() => tasksOn(api, deleted)).toEqual([]);
  await bodyOf(api.delete(`/evaluators/${stuck.id}`));
  await untilCompleted(api, run);
  await expect.poll(() => tasksOn(api, kept)).toEqual([]);
  expect(await judgments(api, kept)).toEqual([true]);
});

test('a log that has left its Run is not judged for it', async () => {
  const evaluator = await mockEvaluator(api, 'left');
  const log = await logPrompt(api, await loggedPrompt(api, 'left of'));
  await api.database.pool.query(
    `INSERT INTO judgment_task (organization_id, log_id, evaluator_version_id, for_run,
        for_monitoring, due_at)
      SELECT organization_id, id, $2, true, false, now() FROM log WHERE id = $1`,
    [log.id, evaluator.version_id],
  );
  await expect.poll(() => tasksOn(api, log)).toEqual([]);
  expect(await judgments(api, log)).toEqual([]);
});

test('a cancelled Run gets no judgment more', async () => {
  const [fine, stuck] = [
    await mockEvaluator(api, 'before cancel'),
    await mockEvaluator(api, 'cancelled', { script: never }),
  ];
  const prompt = await loggedPrompt(api, 'cancelled of');
  const run = await evaluationWithRun(api, prompt, [fine, stuck]);
  const log = await logPrompt(api, prompt);
  await addLogs(api, run, [log]);
  await expect.poll(() => judgments(api, log)).toEqual([true]);
  await bodyOf(api.patch(run.url, { status: 'cancelled' }));
  expect(await tasksOn(api, log)).toEqual([]);
  await bodyOf(api.patch(`/prompts/${prompt.id}/log/${log.id}`, { output: 'false' }));
  await untilJudged(api);
  expect(await judgments(api, log)).toEqual([true]);
});

test('code that judges is run in the sandbox, with the log and its testcase', async () => {
  const code =
    'def judge(log, testcase):\n    print("seen", testcase)\n    return log["output"] == "true"\n';
  const evaluator = await pythonEvaluator(api, 'code', code);
  const prompt = await loggedPrompt(api, 'code of');
  const run = await evaluationWithRun(api, prompt, [evaluator]);
  const logs = [];
  for (const output of ['true', 'false', 'true']) {
    logs.push(await logPrompt(api, prompt, { output }));
  }
  await addLogs(api, run, logs);
  await untilCompleted(api, run);
  for (const [index, log] of logs.entries()) {
    const [judged] = await evaluatorLogs(api, log);
    expect(judged).toMatchObject({
      judgment: index !== 1,
      stdout: expect.stringContaining('seen'),
    });
  }
});
