import { describe, expect, test } from 'vitest';
import { type Answer, testApp } from '../../support/app.ts';
import {
  clientJudge,
  datasetOf,
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
import { bodyOf } from '../../support/judging.ts';
import { addOrganization } from '../../support/organizations.ts';
import { pythonPayload } from '../../support/otel-payloads.ts';

type Body = Answer['body'];
type Json = Readonly<Record<string, unknown>>;

const api = await testApp();
const isRight = await modelJudge(api, 'client logs/is right');
let count = 0;

/** A Flow with a Dataset, and an Evaluation with a Run that awaits the client's logs. */
async function awaiting(size: number, { evaluators = [isRight], more = {} } = {}) {
  const path = `client logs/${++count}`;
  const flow = await bodyOf(api.post('/flows', { path: `${path} flow`, attributes: { v: 1 } }));
  const dataset = await datasetOf(api, `${path} dataset`, words(size));
  const { datapoints } = await bodyOf(api.get(`/datasets/${dataset.id}?include_datapoints=true`));
  const evaluation = await evaluationOf(api, flow, evaluators);
  const request = onDataset(dataset, flow, { orchestrated: false, ...more });
  const run = await runOf(api, evaluation, request);
  const ids: string[] = datapoints.map(({ id }: Body) => id);
  return { flow, dataset, evaluation, run, ids };
}

/** Logs a flow. */
const log = (flow: Body, fields: Json, query = `?version_id=${flow.version_id}`) =>
  api.post(`/flows/log${query}`, {
    id: flow.id,
    inputs: { q: 'x' },
    output: 'An answer.',
    log_status: 'complete',
    ...fields,
  });

describe('a log that names its Run', { timeout: 60_000 }, () => {
  test('fills the slot of its Datapoint, and the last one completes the Run', async () => {
    const { flow, evaluation, run, ids } = await awaiting(3);
    expect(run).toMatchObject({ status: 'pending', orchestrated: false });
    const made: string[] = [];
    for (const source_datapoint_id of ids.slice(0, 2)) {
      const { id } = await bodyOf(log(flow, { run_id: run.id, source_datapoint_id }));
      made.push(id);
    }
    await expect
      .poll(async () => (await readRun(api, evaluation, run)).progress, { timeout: 20_000 })
      .toMatchObject({ logs: { wanted: 3, done: 2 }, judgments: { done: 2 } });
    expect((await readRun(api, evaluation, run)).status).toBe('running');
    made.push(
      (await bodyOf(log(flow, { run_id: run.id, source_datapoint_id: ids[2] }))).id as string,
    );
    await untilStatus(api, evaluation, run, 'completed');
    const logs = await logsOf(api, evaluation, run);
    expect(logs.map(({ log }) => log.id)).toEqual(made);
    expect(logs.map(({ datapoint }) => datapoint.id)).toEqual(ids);
  });

  test('is one more trial when the slot is taken, and is appended when it names no Datapoint', async () => {
    const { flow, evaluation, run, ids } = await awaiting(1);
    const named = { run_id: run.id, source_datapoint_id: ids[0] };
    const made = [
      (await bodyOf(log(flow, named))).id,
      (await bodyOf(log(flow, named))).id,
      (await bodyOf(log(flow, { run_id: run.id }))).id,
    ];
    await untilStatus(api, evaluation, run, 'completed');
    const logs = await logsOf(api, evaluation, run);
    expect(logs.map(({ log }) => log.id)).toEqual(made);
    expect(logs.map(({ datapoint }) => datapoint?.id ?? null)).toEqual([ids[0], ids[0], null]);
  });

  test('may be of another version of the Run’s file, but not of another file', async () => {
    const { flow, evaluation, run, ids } = await awaiting(1);
    const other = await bodyOf(api.post('/flows', { path: flow.path, attributes: { v: 2 } }));
    const elsewhere = await awaiting(1);
    const named = { run_id: run.id, source_datapoint_id: ids[0] };
    expect(await log(elsewhere.flow, named)).toMatchObject({
      statusCode: 422,
      body: { detail: [{ loc: ['body', 'run_id'] }] },
    });
    await bodyOf(log(other, named));
    await untilStatus(api, evaluation, run, 'completed');
  });

  test('is refused when there is no such Run, or its Dataset does not have the Datapoint', async () => {
    const { flow, run } = await awaiting(1);
    const elsewhere = await awaiting(2);
    const unknown = await log(flow, { run_id: 'run_unknown', log_id: 'refused-1' });
    expect(unknown).toMatchObject({ statusCode: 404, body: { code: 'evaluation_run_not_found' } });
    const foreign = await datasetOf(api, 'client logs/foreign', [{ foreign: 1 }]);
    const { datapoints } = await bodyOf(api.get(`/datasets/${foreign.id}?include_datapoints=true`));
    expect(
      await log(flow, {
        run_id: run.id,
        source_datapoint_id: datapoints[0].id,
        log_id: 'refused-2',
      }),
    ).toMatchObject({
      statusCode: 422,
      body: { detail: [{ loc: ['body', 'source_datapoint_id'] }] },
    });
    for (const id of ['refused-1', 'refused-2']) {
      expect((await api.get(`/logs/${id}`)).statusCode).toBe(404);
    }
    expect(elsewhere.run.status).toBe('pending');
  });

  test('opens a completed Run again, and a cancelled one stores it without a judgment', async () => {
    const { flow, evaluation, run, ids } = await awaiting(1);
    await bodyOf(log(flow, { run_id: run.id, source_datapoint_id: ids[0] }));
    await untilStatus(api, evaluation, run, 'completed');
    await bodyOf(log(flow, { run_id: run.id }));
    expect((await readRun(api, evaluation, run)).status).toBe('running');
    await untilStatus(api, evaluation, run, 'completed');
    expect(await statsOf(api, evaluation, run)).toMatchObject({ num_logs: 2 });

    const ended = await awaiting(1);
    await api.patch(`/evaluations/${ended.evaluation.id}/runs/${ended.run.id}`, {
      status: 'cancelled',
    });
    const late = await bodyOf(
      log(ended.flow, { run_id: ended.run.id, source_datapoint_id: ended.ids[0] }),
    );
    const logs = await logsOf(api, ended.evaluation, ended.run);
    expect(logs.map(({ log }) => log.id)).toEqual([late.id]);
    await expect
      .poll(async () => (await api.database.pool.query('SELECT FROM log_feed')).rowCount, {
        timeout: 10_000,
      })
      .toBe(0);
    expect(await judgmentsOf(api, late.id)).toEqual([]);
    expect((await readRun(api, ended.evaluation, ended.run)).status).toBe('cancelled');
  });

  test('of a Run without a Dataset is judged, and the Run completes when no more come', async () => {
    const { flow, evaluation } = await awaiting(1);
    const run = await runOf(api, evaluation, {});
    expect(run).toMatchObject({ status: 'pending', dataset: null });
    const made = await bodyOf(log(flow, { run_id: run.id }));
    expect((await readRun(api, evaluation, run)).status).toBe('running');
    await expect.poll(() => judgmentsOf(api, made.id), { timeout: 20_000 }).toHaveLength(1);
    expect((await readRun(api, evaluation, run)).status).toBe('running');
    // Ten seconds after the last log.
    await api.database.pool.query(
      "UPDATE evaluation_slot SET filled_at = filled_at - interval '10 s' WHERE run_id = $1",
      [run.id],
    );
    await untilStatus(api, evaluation, run, 'completed');
  });

  test('comes with five hundred others at once', async () => {
    const { flow, evaluation, run, ids } = await awaiting(500, { evaluators: [] });
    const answers = await Promise.all(
      ids.map((source_datapoint_id) => log(flow, { run_id: run.id, source_datapoint_id })),
    );
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    await untilStatus(api, evaluation, run, 'completed');
    expect(await statsOf(api, evaluation, run)).toMatchObject({ num_logs: 500 });
  });
});

test('logs that wait for a Run do not hold up those of another organization', async () => {
  const { flow, run, ids } = await awaiting(8);
  const { apiKey } = await addOrganization(api, 'a-key-of-others');
  const holder = await api.database.pool.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT FROM evaluation_run WHERE id = $1 FOR UPDATE', [run.id]);
  const waiting = ids.map((source_datapoint_id) =>
    log(flow, { run_id: run.id, source_datapoint_id }),
  );
  await expect
    .poll(async () => {
      const { rowCount } = await holder.query(
        "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
      );
      return rowCount;
    })
    .toBeGreaterThanOrEqual(3);
  const theirs = api.app.inject({
    method: 'POST',
    url: '/v5/flows/log',
    headers: { 'x-api-key': apiKey },
    payload: { path: 'theirs', flow: { attributes: {} }, source_datapoint_id: 'any', output: 'x' },
  });
  expect((await theirs).statusCode).toBe(200);
  await holder.query('ROLLBACK');
  holder.release();
  for (const answer of waiting) expect((await answer).statusCode).toBe(200);
}, 60_000);

describe('a log that names only its Datapoint', { timeout: 60_000 }, () => {
  test('is taken by each open Run of its version that lacks it', async () => {
    const { flow, dataset, evaluation, run, ids } = await awaiting(1);
    const request = onDataset(dataset, flow, { orchestrated: false });
    const second = await runOf(api, evaluation, request);
    const other = await bodyOf(api.post('/flows', { path: flow.path, attributes: { v: 2 } }));
    await bodyOf(log(other, { source_datapoint_id: ids[0] }));
    expect(await logsOf(api, evaluation, run)).toEqual([]);
    const made = await bodyOf(log(flow, { source_datapoint_id: ids[0] }));
    for (const each of [run, second]) {
      await untilStatus(api, evaluation, each, 'completed');
      const logs = await logsOf(api, evaluation, each);
      expect(logs.map(({ log }) => log.id)).toEqual([made.id]);
    }
    const later = await bodyOf(log(flow, { source_datapoint_id: ids[0] }));
    expect(await judgmentsOf(api, later.id)).toEqual([]);
  });
});

describe('a Flow that goes on', { timeout: 60_000 }, () => {
  test.each([
    ['is incomplete', { log_status: 'incomplete' }],
    ['has neither a status nor an outcome', { log_status: null }],
  ])('is judged only when it is complete, if at first it %s', async (_how, opened) => {
    const { flow, evaluation, run, ids } = await awaiting(1);
    const named = { run_id: run.id, source_datapoint_id: ids[0] };
    const trace = await bodyOf(log(flow, { ...named, output: null, ...opened }));
    await bodyOf(
      api.post('/tools/log', {
        path: 'client logs/step',
        tool: { function: { name: 'step', description: 'A step.' } },
        output: 'stepped',
        trace_parent_id: trace.id,
      }),
    );
    expect((await readRun(api, evaluation, run)).progress.logs.done).toBe(0);
    expect(await judgmentsOf(api, trace.id)).toEqual([]);
    const done = { output: 'Done.', log_status: 'complete' };
    await bodyOf(api.patch(`/flows/logs/${trace.id}`, done));
    await untilStatus(api, evaluation, run, 'completed');
    expect(await judgmentsOf(api, trace.id)).toHaveLength(1);
  });

  test('is judged again when its output is changed, and its new judgment replaces the old one', async () => {
    const { flow, evaluation, run, ids } = await awaiting(1);
    const { id } = await bodyOf(log(flow, { run_id: run.id, source_datapoint_id: ids[0] }));
    await untilStatus(api, evaluation, run, 'completed');
    await bodyOf(api.patch(`/flows/logs/${id}`, { metadata: { just: 'a note' } }));
    expect((await readRun(api, evaluation, run)).status).toBe('completed');
    await bodyOf(api.patch(`/flows/logs/${id}`, { output: 'Another answer.' }));
    expect((await readRun(api, evaluation, run)).status).toBe('running');
    await untilStatus(api, evaluation, run, 'completed');
    expect(await statsOf(api, evaluation, run)).toMatchObject({
      evaluator_stats: [{ total_logs: 1, num_true: 1 }],
    });
    expect(await judgmentsOf(api, id)).toHaveLength(2);
  });

  test.each([
    ['ends it', { log_status: 'incomplete', output: null }],
    ['says again what a complete one was', { output: 'Done.' }],
  ])('is attached and judged when the span that %s names its Run', async (_what, opened) => {
    const { flow, evaluation, run, ids } = await awaiting(1);
    const { id } = await bodyOf(log(flow, opened));
    await expect
      .poll(async () => (await api.database.pool.query('SELECT FROM log_feed')).rowCount)
      .toBe(0);
    const attributes = {
      'humanloop.file.path': flow.path,
      'humanloop.file.type': 'flow',
      'humanloop.log.id': id,
      'humanloop.log.output': 'Done.',
      'humanloop.log.log_status': 'complete',
      'humanloop.log.source_datapoint_id': String(ids[0]),
      'humanloop.log.run_id': run.id,
    };
    const answer = await api.post('/import/otel/v1/traces', pythonPayload({ attributes }));
    expect(answer).toMatchObject({ statusCode: 200, body: { records: [id] } });
    await untilStatus(api, evaluation, run, 'completed', 20_000);
    const [filled] = await logsOf(api, evaluation, run);
    expect(filled).toMatchObject({ log: { id, output: 'Done.' }, datapoint: { id: ids[0] } });
    expect(await judgmentsOf(api, id)).toHaveLength(1);
  });
});

describe('a log that is deleted', { timeout: 60_000 }, () => {
  test('leaves its slot empty, and another one takes it', async () => {
    const { flow, evaluation, run, ids } = await awaiting(2);
    const named = { run_id: run.id, source_datapoint_id: ids[0] };
    const { id } = await bodyOf(log(flow, named));
    expect((await api.delete(`/logs?id=${id}`)).statusCode).toBe(204);
    expect(await logsOf(api, evaluation, run)).toEqual([]);
    for (const source_datapoint_id of ids) {
      await bodyOf(log(flow, { run_id: run.id, source_datapoint_id }));
    }
    await untilStatus(api, evaluation, run, 'completed');
    expect(await logsOf(api, evaluation, run)).toHaveLength(2);
  });
});

describe('judgments of clients', { timeout: 60_000 }, () => {
  test('complete the Run that waits for them, within two seconds of the last', async () => {
    const judge = await clientJudge(api, 'client logs/judge');
    const { flow, evaluation, run, ids } = await awaiting(2, { evaluators: [judge] });
    const said = [{ judgment: true }, { error: 'It failed.' }];
    const logs: Body[] = [];
    for (const source_datapoint_id of ids) {
      logs.push(await bodyOf(log(flow, { run_id: run.id, source_datapoint_id })));
    }
    for (const [index, { id }] of logs.entries()) {
      expect((await readRun(api, evaluation, run)).status).toBe('running');
      await bodyOf(api.post('/evaluators/log', { id: judge.id, parent_id: id, ...said[index] }));
    }
    await untilStatus(api, evaluation, run, 'completed');
    expect(await statsOf(api, evaluation, run)).toMatchObject({
      evaluator_stats: [{ total_logs: 2, num_true: 1, num_errors: 1 }],
    });
  });
});
