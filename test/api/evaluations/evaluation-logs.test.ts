import { expect, test } from 'vitest';
import { type Answer, testApp } from '../../support/app.ts';
import { dataset, evaluator, posted, prompt } from '../../support/evaluated.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();
type Body = Answer['body'];

const own = await evaluator(api, 'Own');
await evaluator(api, 'Other');
const questions = await dataset(api, 'Questions', 3);
const ids: readonly string[] = questions.datapoints.map(({ id }: Body) => id);
const file = await prompt(api, 'Answer');

const evaluation = await posted(api, '/evaluations', {
  file: { id: file.id },
  evaluators: [{ path: 'Own' }],
});
const url = `/evaluations/${evaluation.id}`;
const runOf = (): Promise<Body> =>
  posted(api, `${url}/runs`, { dataset: { path: 'Questions' }, trials: 2 });

async function addLog({ id }: Body, fields: object = {}): Promise<string> {
  const log = await posted(api, '/prompts/log', { path: 'Answer', output: 'x', ...fields });
  await posted(api, `${url}/runs/${id}/logs`, { log_ids: [log.id] });
  return log.id;
}

const of = (index: number) => ({ source_datapoint_id: ids[index] });

// Each Run gets its logs in another order than that of its dataset.
const older = await runOf();
const newer = await runOf();
const free = await addLog(older);
const last = await addLog(older, of(2));
const first = await addLog(older, of(0));
const second = await addLog(older, of(0));
const alone = await addLog(newer, of(1));

test('the logs of an Evaluation come by Run, datapoint and trial, with datapoint and judgments', async () => {
  const judged = async (path: string, parentId: string) =>
    (await posted(api, '/evaluators/log', { path, parent_id: parentId, judgment: true })).id;
  const judgment = await judged('Own', first);
  await judged('Other', first);
  // A client judges by a version that it has just made.
  await evaluator(api, 'Own', { attributes: { n: 2 } });
  const { version_id: versionId } = await evaluator(api, 'Own', { attributes: { n: 3 } });
  const { id: later } = await posted(api, `/evaluators/log?version_id=${versionId}`, {
    id: own.id,
    parent_id: first,
    judgment: false,
  });

  const { body } = await api.get(`${url}/logs`);
  expect(body).toMatchObject({ page: 1, size: 10, total: 5 });
  expect(
    body.records.map(({ run_id, datapoint, log }: Body) => [run_id, datapoint?.id, log.id]),
  ).toEqual([
    [newer.id, ids[1], alone],
    [older.id, ids[0], first],
    [older.id, ids[0], second],
    [older.id, ids[2], last],
    [older.id, undefined, free],
  ]);
  const [, record] = body.records;
  expect(record.datapoint).toEqual({
    id: ids[0],
    inputs: { n: 1, half: 'odd' },
    messages: null,
    target: { output: '1' },
  });
  expect(record.log).toMatchObject({ output: 'x', trace_children: null, prompt: { id: file.id } });
  expect(record.log.evaluator_logs).toHaveLength(3);
  expect(record.evaluator_logs.map(({ id }: Body) => id)).toEqual([judgment, later]);
});

test('they are listed in pages, and for some Runs', async () => {
  const list = async (query: string) => {
    const { body } = await api.get(`${url}/logs?${query}`);
    return { total: body.total, logs: body.records.map(({ log }: Body) => log.id) };
  };
  expect(await list('size=2&page=2')).toEqual({ total: 5, logs: [second, last] });
  expect(await list('size=2&page=9')).toEqual({ total: 5, logs: [] });
  expect(await list('size=0')).toEqual({ total: 5, logs: [] });
  expect(await list(`run_id=${newer.id}`)).toEqual({ total: 1, logs: [alone] });
  expect((await list(`run_id=${newer.id}&run_id=${older.id}`)).total).toBe(5);
  expectRefusal(await api.get(`${url}/logs?run_id=run_none`), 404);
  expectRefusal(await api.get('/evaluations/evr_none/logs'), 404);
});

test('with their traces, if asked for', async () => {
  const flow = await posted(api, '/flows', { path: 'Flow', attributes: { a: 1 } });
  const ofFlow = await posted(api, '/evaluations', { file: { id: flow.id }, evaluators: [] });
  const trace = await posted(api, '/flows/log', { id: flow.id, inputs: {}, output: 'Done.' });
  const its = `/evaluations/${ofFlow.id}`;
  const open = await posted(api, '/flows/log', { id: flow.id, log_status: 'incomplete' });
  await posted(api, '/prompts/log', { path: 'Answer', output: 'y', trace_parent_id: open.id });
  const run = await posted(api, `${its}/runs`);
  await posted(api, `${its}/runs/${run.id}/logs`, { log_ids: [trace.id, open.id] });
  const { body } = await api.get(`${its}/logs?include_trace_children=true`);
  expect(body.records.map(({ log }: Body) => log.trace_children.length)).toEqual([0, 1]);
});
