import { describe, expect, test } from 'vitest';
import { type Answer, apiKey, testApp } from '../../support/app.ts';
import {
  datasetOf,
  evaluationOf,
  logsOf,
  modelJudge,
  onDataset,
  readRun,
  runOf,
  untilStatus,
  words,
} from '../../support/evaluation-runs.ts';
import { bodyOf } from '../../support/judging.ts';
import { pythonPayload } from '../../support/otel-payloads.ts';

type Body = Answer['body'];
type Json = Readonly<Record<string, unknown>>;

const api = await testApp();
const isRight = await modelJudge(api, 'adoption/is right');
let count = 0;

async function awaiting(inputs: readonly Json[], runs = 1) {
  const path = `adoption/${++count}`;
  const flow = await bodyOf(api.post('/flows', { path: `${path} flow`, attributes: { v: 1 } }));
  const dataset = await datasetOf(api, `${path} dataset`, inputs);
  const evaluation = await evaluationOf(api, flow, [isRight]);
  const made: Body[] = [];
  while (made.length < runs) {
    const request = onDataset(dataset, flow, { orchestrated: false });
    made.push(await runOf(api, evaluation, request));
  }
  const { datapoints } = await bodyOf(api.get(`/datasets/${dataset.id}?include_datapoints=true`));
  const ids: string[] = datapoints.map(({ id }: Body) => id);
  return { flow, evaluation, run: made[0], runs: made, ids };
}

/** Logs a flow as a v5 SDK does, whose requests say so. */
async function sdkLog(flow: Body, fields: Json, headers: Record<string, string> = sdk) {
  const response = await api.app.inject({
    method: 'POST',
    url: '/v5/flows/log',
    headers: { 'x-api-key': apiKey, ...headers },
    payload: { id: flow.id, output: 'An answer.', log_status: 'complete', ...fields },
  });
  expect(response.statusCode, response.body).toBe(200);
  return JSON.parse(response.body) as Body;
}

const sdk = { 'x-fern-language': 'JavaScript' };

/** The logs that a Run has. */
const idsIn = async (evaluation: Body, run: Body) =>
  (await logsOf(api, evaluation, run)).map(({ log }) => log.id);

describe('a log of an SDK that names neither Run nor Datapoint', { timeout: 60_000 }, () => {
  test('is adopted by the open Run of its key whose Datapoint has its inputs', async () => {
    const { flow, evaluation, run } = await awaiting([{ q: 'one', n: [1, null] }, { q: 'two' }]);
    const first = await sdkLog(flow, { inputs: { n: [1, null], q: 'one' }, messages: [] });
    expect(await idsIn(evaluation, run)).toEqual([first.id]);
    const second = await sdkLog(flow, { inputs: { q: 'two', left_out: null } });
    await untilStatus(api, evaluation, run, 'completed');
    expect(await idsIn(evaluation, run)).toEqual([first.id, second.id]);
  });

  test('is adopted when it is begun, and judged when it is complete', async () => {
    const { flow, evaluation, run } = await awaiting(words(1));
    const opened = { inputs: words(1)[0], output: null, log_status: 'incomplete' };
    const { id } = await sdkLog(flow, opened);
    expect((await readRun(api, evaluation, run)).progress.logs.done).toBe(0);
    await bodyOf(api.patch(`/flows/logs/${id}`, { output: 'Done.', log_status: 'complete' }));
    await untilStatus(api, evaluation, run, 'completed');
    expect(await idsIn(evaluation, run)).toEqual([id]);
  });

  test.each([
    ['comes from another client', words(1)[0], {}, 1],
    ['has other inputs', { word: 'other' }, sdk, 1],
    ['fits two open Runs', words(1)[0], sdk, 2],
  ])('is not adopted if it %s', async (_why, inputs, headers, runs) => {
    const awaited = await awaiting(words(1), runs);
    await sdkLog(awaited.flow, { inputs }, headers as Record<string, string>);
    for (const run of awaited.runs) expect(await idsIn(awaited.evaluation, run)).toEqual([]);
  });

  test('is not adopted below another log, nor by a Run of another key or of yesterday', async () => {
    const { flow, evaluation, run } = await awaiting(words(2));
    const [first, second] = words(2);
    const open = { output: null, log_status: 'incomplete' };
    const root = await sdkLog(flow, { inputs: { other: 1 }, ...open });
    await sdkLog(flow, { inputs: first, trace_parent_id: root.id });
    const change = (set: string) =>
      api.database.pool.query(`UPDATE evaluation_run SET ${set} WHERE id = $1`, [run.id]);
    const { rows } = await api.database.pool.query(
      'SELECT api_key_id FROM evaluation_run WHERE id = $1',
      [run.id],
    );
    await change("api_key_id = 'key_other'");
    await sdkLog(flow, { inputs: first });
    await change(`api_key_id = '${rows[0].api_key_id}', created_at = now() - interval '61 min'`);
    await sdkLog(flow, { inputs: second });
    expect(await idsIn(evaluation, run)).toEqual([]);
  });

  test('gives way to one that names the Datapoint, as long as it is not complete', async () => {
    const { flow, evaluation, run, ids } = await awaiting(words(1));
    const opened = { inputs: words(1)[0], output: null, log_status: 'incomplete' };
    const adopted = await sdkLog(flow, opened);
    expect(await idsIn(evaluation, run)).toEqual([adopted.id]);
    const named = await bodyOf(
      api.post('/flows/log', {
        id: flow.id,
        inputs: { q: 1 },
        output: 'Done.',
        log_status: 'complete',
        run_id: run.id,
        source_datapoint_id: ids[0],
      }),
    );
    await untilStatus(api, evaluation, run, 'completed');
    expect(await idsIn(evaluation, run)).toEqual([named.id]);
  });

  test('leaves the Run when its end names another', async () => {
    const { flow, evaluation, run } = await awaiting(words(1));
    const { id } = await sdkLog(flow, {
      inputs: words(1)[0],
      output: null,
      log_status: 'incomplete',
    });
    const other = await runOf(api, evaluation, {});
    const attributes = {
      'humanloop.file.path': flow.path,
      'humanloop.file.type': 'flow',
      'humanloop.log.id': id,
      'humanloop.log.output': 'Done.',
      'humanloop.log.run_id': other.id,
    };
    await bodyOf(api.post('/import/otel/v1/traces', pythonPayload({ attributes })));
    expect(await idsIn(evaluation, run)).toEqual([]);
    expect(await idsIn(evaluation, other)).toEqual([id]);
  });
});
