import { describe, expect, test } from 'vitest';
import { openaiProvider } from '../../../src/providers/openai/openai-provider.ts';
import { type Answer, testApp } from '../../support/app.ts';
import { dataset, evaluator, posted, prompt, saying, untilRun } from '../../support/evaluated.ts';
import { expectRefusal, rowCounts } from '../../support/refusals.ts';

const api = await testApp({
  providers: { openai: openaiProvider({ apiKey: undefined, baseUrl: undefined }) },
});
type Body = Answer['body'];

await evaluator(api, 'Client');
await evaluator(api, 'Model', saying('True'));
const questions = await dataset(api, 'Questions', 3);
const ids: readonly string[] = questions.datapoints.map(({ id }: Body) => id);

const judgedBy = (...paths: readonly string[]) => paths.map((path) => ({ path }));

/** An Evaluation of a new prompt. */
async function evaluationOf(path: string, ...evaluators: readonly string[]): Promise<Body> {
  const file = await prompt(api, path);
  const request = { file: { id: file.id }, evaluators: judgedBy(...evaluators) };
  return { ...(await posted(api, '/evaluations', request)), file };
}

const runOf = ({ id }: Body, request: object = {}): Promise<Body> =>
  posted(api, `/evaluations/${id}/runs`, { ...request });

const logOf = async (path: string, fields: object = {}): Promise<string> =>
  (await posted(api, '/prompts/log', { path, output: 'An answer.', ...fields })).id;

/** The places of the slots of a Run that have logs: datapoint and log. */
async function placed({ id }: Body, run: Body): Promise<readonly (string | null)[][]> {
  const { body } = await api.get(`/evaluations/${id}/logs?size=1000&run_id=${run.id}`);
  return body.records.map(({ datapoint, log }: Body) => [datapoint?.id ?? null, log.id]);
}

const runsOf = async ({ id }: Body): Promise<Body[]> =>
  (await api.get(`/evaluations/${id}/runs`)).body.runs;

describe('a new Run', () => {
  test('shows every field', async () => {
    const evaluation = await evaluationOf('fields', 'Client', 'Model');
    const { file } = evaluation;
    const run = await runOf(evaluation, {
      dataset: { path: 'Questions' },
      version: { version_id: file.version_id },
      orchestrated: false,
      name: 'First',
      metadata: { commit: 'abc' },
      trials: 2,
    });
    expect(run).toEqual({
      id: expect.stringMatching(/^run_/),
      dataset: expect.objectContaining({ type: 'dataset', version_id: questions.version_id }),
      version: expect.objectContaining({ type: 'prompt', version_id: file.version_id }),
      orchestrated: false,
      added_at: run.created_at,
      created_at: expect.stringMatching(/Z$/),
      created_by: expect.objectContaining({ email_address: 'owner@localhost' }),
      status: 'pending',
      control: false,
      name: 'First',
      metadata: { commit: 'abc' },
      error: null,
      options: { trials: 2 },
      progress: {
        logs: { wanted: 6, done: 0, failed: 0 },
        judgments: { wanted: 12, done: 0, failed: 0 },
        waiting_for: ['client'],
      },
      cost: { generation: null, judging: 0 },
    });
    expect(run.dataset).not.toHaveProperty('datapoints');
    expect(await runsOf(evaluation)).toEqual([run]);
    expect((await api.get(`/evaluations/${evaluation.id}`)).body).toMatchObject({
      runs_count: 1,
      status: 'pending',
    });
  });

  test('is orchestrated if it has a dataset and a version, unless the request says otherwise', async () => {
    const evaluation = await evaluationOf('orchestrated');
    const both = { dataset: { path: 'Questions' }, version: { path: 'orchestrated' } };
    expect(await runOf(evaluation)).toMatchObject({ orchestrated: false, dataset: null });
    const { orchestrated } = await runOf(evaluation, { dataset: { path: 'Questions' } });
    expect(orchestrated).toBe(false);
    expect((await runOf(evaluation, both)).orchestrated).toBe(true);
    expect((await runOf(evaluation, { ...both, orchestrated: false })).orchestrated).toBe(false);
    const refused = (request: object) => api.post(`/evaluations/${evaluation.id}/runs`, request);
    const { dataset, version } = both;
    const needsDataset = ['body', 'dataset'];
    expectRefusal(await refused({ orchestrated: true }), 422, needsDataset);
    expectRefusal(await refused({ orchestrated: true, version }), 422, needsDataset);
    expectRefusal(await refused({ dataset, orchestrated: true }), 422, ['body', 'version']);
    expectRefusal(await refused({ dataset, use_existing_logs: true }), 422, ['body', 'version']);
  });

  test('is refused for what only its owner can run', async () => {
    const runs = async (collection: string, fields: object) => {
      const file = await posted(api, `/${collection}`, { path: `own/${collection}`, ...fields });
      const request = { file: { id: file.id }, evaluators: [] };
      const { id } = await posted(api, '/evaluations', request);
      const version = { version_id: file.version_id };
      return api.post(`/evaluations/${id}/runs`, { dataset: { path: 'Questions' }, version });
    };
    const refusals = [
      await runs('flows', { attributes: { a: 1 } }),
      await runs('tools', { function: { name: 'f', description: 'x' } }),
      await runs('evaluators', {
        spec: {
          evaluator_type: 'human',
          arguments_type: 'target_free',
          return_type: 'boolean',
        },
      }),
    ];
    for (const answer of refusals) {
      expectRefusal(answer, 422);
      expect(answer.body.code).toBe('not_orchestratable');
    }
  });

  test('is refused without a key for its version or for a judge, and nothing is written', async () => {
    const vendor = { provider: 'openai', model: 'gpt-4o-mini', template: 'Judge.' };
    await evaluator(api, 'Vendor', { evaluator_type: 'llm', prompt: vendor });
    await prompt(api, 'keys/vendor', vendor);
    const without = await evaluationOf('keys', 'Vendor');
    const request = { file: { path: 'keys/vendor' }, evaluators: [] };
    const vendorFile = await posted(api, '/evaluations', request);
    const before = await rowCounts(api);
    for (const [{ id }, path, named] of [
      [without, 'keys', 'Vendor'],
      [vendorFile, 'keys/vendor', 'keys/vendor'],
    ] as const) {
      const { statusCode, body } = await api.post(`/evaluations/${id}/runs`, {
        dataset: { path: 'Questions' },
        version: { path },
      });
      expect(statusCode).toBe(422);
      expect(body).toMatchObject({ code: 'missing_provider_key' });
      expect(body.detail.message).toContain(`\`${named}\``);
    }
    expect(await rowCounts(api)).toEqual(before);
  });

  test('is of the file of its Evaluation, which it gives to one without', async () => {
    const evaluation = await evaluationOf('of a file');
    await prompt(api, 'of another file');
    const another = { version: { path: 'of another file' }, orchestrated: false };
    expectRefusal(await api.post(`/evaluations/${evaluation.id}/runs`, another), 422, [
      'body',
      'version',
    ]);
    const bare = await posted(api, '/evaluations', { name: 'Bare', evaluators: [] });
    expect(bare.file_id).toBeNull();
    const run = await runOf(bare, another);
    const { body } = await api.get(`/evaluations/${bare.id}`);
    expect(body.file_id).toBe(run.version.id);
    // The name counts from now on.
    const late = await posted(api, '/evaluations', { name: 'Bare', evaluators: [] });
    const answer = await api.post(`/evaluations/${late.id}/runs`, another);
    expect(answer.statusCode).toBe(409);
    expect(answer.body).toMatchObject({
      code: 'evaluation_name_taken',
      evaluation_id: bare.id,
    });
    expect((await api.get(`/evaluations/${late.id}`)).body.runs_count).toBe(0);
  });

  test('of a dataset without datapoints is completed at once', async () => {
    const evaluation = await evaluationOf('empty', 'Client');
    const empty = await dataset(api, 'Empty', 0);
    const run = await runOf(evaluation, { dataset: { version_id: empty.version_id } });
    expect(run).toMatchObject({ status: 'completed', progress: { waiting_for: [] } });
  });
});

describe('the datapoints of a Run', () => {
  const wanted = async (request: object) => {
    const evaluation = await evaluationOf('chosen datapoints');
    const run = await runOf(evaluation, { dataset: { path: 'Many' }, ...request });
    const { rows } = await api.database.pool.query(
      'SELECT position, trial, datapoint_id FROM evaluation_slot WHERE run_id = $1 ORDER BY position',
      [run.id],
    );
    return rows.map((row) => [row.position, row.trial, row.datapoint_id]);
  };
  const many = dataset(api, 'Many', 40);
  const idOf = async (index: number) => (await many).datapoints[index].id;

  test('come in the order of the dataset, trial after trial', async () => {
    const slots = await wanted({ trials: 3 });
    const { datapoints } = await many;
    expect(slots).toEqual(
      Array.from({ length: 120 }, (_, position) => [
        position,
        position % 3,
        datapoints[Math.floor(position / 3)].id,
      ]),
    );
  });

  test('can be a sample: a number or a share of them, in their order', async () => {
    expect(await wanted({ sample: 7 })).toHaveLength(7);
    expect(await wanted({ sample: 0.25, trials: 2 })).toHaveLength(20);
    expect(await wanted({ sample: 1_000 })).toHaveLength(40);
    expect(await wanted({ sample: 0.001 })).toHaveLength(1);
    const order = (await many).datapoints.map(({ id }: Body) => id);
    const places = (await wanted({ sample: 10 })).map(([, , id]) => order.indexOf(id));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  test('can be those with some ids, or with some inputs', async () => {
    const some = [await idOf(4), await idOf(1)];
    const chosen = await wanted({ datapoints: { ids: some } });
    expect(chosen.map(([, , id]) => id)).toEqual(some.toReversed());
    expect(await wanted({ datapoints: { inputs: { half: 'odd' } } })).toHaveLength(20);
    expect(await wanted({ datapoints: { inputs: { half: 'odd', n: 3 } } })).toHaveLength(1);
    expect(await wanted({ datapoints: { inputs: { half: 'odd', n: 2 } } })).toEqual([]);
    expect(await wanted({ datapoints: { inputs: { half: 'odd' } }, sample: 5 })).toHaveLength(5);
  });

  test('must be in the dataset, and not be too many', async () => {
    const { id } = await evaluationOf('refused datapoints');
    const refused = (request: object) => api.post(`/evaluations/${id}/runs`, request);
    const dataset = { path: 'Many' };
    expectRefusal(await refused({ dataset, datapoints: { ids: ['dp_none'] } }), 422, [
      'body',
      'datapoints',
      'ids',
    ]);
    expectRefusal(await refused({ dataset, sample: 1.5 }), 422, ['body', 'sample']);
    expectRefusal(await refused({ sample: 2 }), 422, ['body', 'sample']);
    expectRefusal(await refused({ trials: 2 }), 422, ['body', 'trials']);
    expectRefusal(await refused({ dataset, trials: 21 }), 422, ['body', 'trials']);
  });

  test('are at most 100,000 logs', async () => {
    const { id } = await evaluationOf('too many datapoints');
    const huge = await posted(api, '/datasets', {
      path: 'Huge',
      datapoints: Array.from({ length: 5_001 }, (_, n) => ({ inputs: { n } })),
    });
    const request = { dataset: { version_id: huge.version_id } };
    const trials = 20;
    const before = await rowCounts(api);
    const answer = await api.post(`/evaluations/${id}/runs`, { ...request, trials });
    expectRefusal(answer, 422, ['body', 'dataset']);
    expect(await rowCounts(api)).toEqual(before);
    const run = await runOf({ id }, { ...request, trials, sample: 5_000 });
    expect(run.progress.logs.wanted).toBe(100_000);
  });
});

describe('existing logs', () => {
  test('are used for the datapoints that have one, the newest first', async () => {
    const evaluation = await evaluationOf('reused', 'Client');
    const [first, second] = ids;
    const { version_id: versionId } = evaluation.file;
    await logOf('reused', { source_datapoint_id: first });
    const newer = await logOf('reused', { source_datapoint_id: first });
    await logOf('reused', { source_datapoint_id: first, output: undefined, error: 'It failed.' });
    await logOf('reused', { source_datapoint_id: second, log_status: 'incomplete' });
    await posted(api, '/prompts/log', {
      path: 'reused',
      prompt: { model: 'another' },
      output: 'Of another version.',
      source_datapoint_id: second,
    });
    const request = {
      dataset: { path: 'Questions' },
      version: { version_id: versionId },
      use_existing_logs: true,
      orchestrated: false,
    };
    const run = await runOf(evaluation, request);
    expect(run).toMatchObject({
      status: 'running',
      progress: { logs: { wanted: 3, done: 1 }, waiting_for: ['client'] },
    });
    expect(await placed(evaluation, run)).toEqual([[first, newer]]);
    const trials = await runOf(evaluation, { ...request, trials: 3 });
    expect(trials.progress.logs).toEqual({ wanted: 9, done: 2, failed: 0 });
    expect(new Set((await placed(evaluation, trials)).map(([, log]) => log)).size).toBe(2);
  });

  test('are judged but not made again, and what judged them already is used', async () => {
    const evaluation = await evaluationOf('not made again', 'Model');
    const request = { dataset: { path: 'Questions' }, version: { path: 'not made again' } };
    const first = await runOf(evaluation, request);
    await untilRun(api, { evaluationId: evaluation.id, runId: first.id }, 'completed');
    const before = await placed(evaluation, first);
    expect(before.map(([datapoint]) => datapoint)).toEqual(ids);
    const [{ id: lost }] = (await api.get(`/logs/${before[0]?.[1]}`)).body.evaluator_logs;
    await api.delete(`/logs?id=${before[0]?.[1]}`);
    const second = await runOf(evaluation, { ...request, use_existing_logs: true });
    await untilRun(api, { evaluationId: evaluation.id, runId: second.id }, 'completed');
    const after = await placed(evaluation, second);
    expect(after.slice(1)).toEqual(before.slice(1));
    expect(after[0]).not.toEqual(before[0]);
    for (const [, logId] of after) {
      const { evaluator_logs: judgments } = (await api.get(`/logs/${logId}`)).body;
      expect(judgments).toHaveLength(1);
      expect(judgments[0].id).not.toBe(lost);
    }
  });

  test('can be all that a filter finds, without a dataset', async () => {
    const evaluation = await evaluationOf('filtered', 'Client');
    const { id: fileId, version_id: versionId } = evaluation.file;
    const made: string[] = [];
    for (let n = 0; n < 5; n++) {
      const metadata = { n };
      made.unshift(await logOf('filtered', { metadata, output: n < 2 ? 'needle' : 'hay' }));
    }
    const found = async (filter: object) => {
      const run = await runOf(evaluation, { logs: { file_id: fileId, ...filter } });
      expect(run).toMatchObject({ dataset: null, orchestrated: false });
      return (await placed(evaluation, run)).map(([, log]) => log);
    };
    expect(await found({})).toEqual(made);
    expect(await found({ limit: 2 })).toEqual(made.slice(0, 2));
    expect(await found({ search: 'needle' })).toEqual(made.slice(3));
    expect(await found({ metadata_search: '"n": 3' })).toEqual([made[1]]);
    expect(await found({ version_id: versionId, start_date: '2020-01-01' })).toEqual(made);
    expect(await found({ end_date: '2020-01-01' })).toEqual([]);
    expect(await found({ sample: 3 })).toHaveLength(3);
    const { id } = evaluation;
    const dataset = { path: 'Questions' };
    const refused = (request: object) => api.post(`/evaluations/${id}/runs`, request);
    expectRefusal(await refused({ logs: { file_id: fileId }, dataset }), 422, ['body', 'logs']);
    const { id: another } = await prompt(api, 'another filtered');
    expectRefusal(await refused({ logs: { file_id: another } }), 422, ['body', 'logs']);
  });
});

describe('logs that are added', () => {
  test('take the places of their datapoints, or come at the end, once', async () => {
    const evaluation = await evaluationOf('added', 'Client');
    const run = await runOf(evaluation, { dataset: { path: 'Questions' } });
    const second = await logOf('added', { source_datapoint_id: ids[1] });
    const again = await logOf('added', { source_datapoint_id: ids[1] });
    const free = await logOf('added');
    const url = `/evaluations/${evaluation.id}/runs/${run.id}/logs`;
    const add = (log_ids: readonly string[]) => posted(api, url, { log_ids });
    // With a client that waits for the Run, logs with a datapoint would join by themselves.
    const added = await add([free, again, second, free]);
    expect(added.status).toBe('running');
    const before = await placed(evaluation, run);
    expect(before).toHaveLength(3);
    expect(before).toContainEqual([null, free]);
    expect(before.filter(([id]) => id === ids[1])).toHaveLength(1);
    expect(added.progress.logs).toEqual({ wanted: 5, done: 3, failed: 0 });
    expect((await add([second, free])).progress).toEqual(added.progress);
  });

  test('are added all or none', async () => {
    const evaluation = await evaluationOf('all or none');
    const run = await runOf(evaluation);
    await prompt(api, 'a stranger');
    const [own, stranger] = [await logOf('all or none'), await logOf('a stranger')];
    const url = `/evaluations/${evaluation.id}/runs/${run.id}/logs`;
    const unknown = await api.post(url, { log_ids: [own, 'log_none', 'log_nothing'] });
    expectRefusal(unknown, 404);
    expect(unknown.body.detail).toContain('`log_none`, `log_nothing`');
    const other = await api.post(url, { log_ids: [own, stranger] });
    expectRefusal(other, 422, ['body', 'log_ids']);
    expect(other.body.detail[0].msg).toContain(stranger);
    expect(await placed(evaluation, run)).toEqual([]);
  });

  test('at the same moment are added once', async () => {
    const evaluation = await evaluationOf('added at once', 'Client');
    const run = await runOf(evaluation);
    const logs = await Promise.all(Array.from({ length: 5 }, () => logOf('added at once')));
    const url = `/evaluations/${evaluation.id}/runs/${run.id}/logs`;
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        posted(api, url, { log_ids: n % 2 === 0 ? logs : logs.toReversed() }),
      ),
    );
    expect((await placed(evaluation, run)).map(([, log]) => log).toSorted()).toEqual(
      logs.toSorted(),
    );
  });

  test('open a completed Run again, and are refused by a cancelled one', async () => {
    const evaluation = await evaluationOf('opened again', 'Model');
    const run = await runOf(evaluation);
    const url = `/evaluations/${evaluation.id}/runs/${run.id}`;
    const where = { evaluationId: evaluation.id, runId: run.id };
    await posted(api, `${url}/logs`, { log_ids: [await logOf('opened again')] });
    await untilRun(api, where, 'completed');
    await posted(api, `${url}/logs`, { log_ids: [await logOf('opened again')] });
    const { progress } = await untilRun(api, where, 'completed');
    expect(progress.judgments).toEqual({ wanted: 2, done: 2, failed: 0 });
    const cancelled = await runOf(evaluation);
    const its = `/evaluations/${evaluation.id}/runs/${cancelled.id}`;
    expect((await api.patch(its, { status: 'cancelled' })).body.status).toBe('cancelled');
    const refused = await api.post(`${its}/logs`, { log_ids: [await logOf('opened again')] });
    expectRefusal(refused, 409);
    expect(refused.body.code).toBe('evaluation_run_ended');
  });

  test('give an Evaluation without a file theirs', async () => {
    const bare = await posted(api, '/evaluations', { evaluators: judgedBy('Client') });
    const run = await runOf(bare);
    const { id: fileId } = await prompt(api, 'gives its file');
    const log = await logOf('gives its file');
    await posted(api, `/evaluations/${bare.id}/runs/${run.id}/logs`, { log_ids: [log] });
    expect((await api.get(`/evaluations/${bare.id}`)).body.file_id).toBe(fileId);
  });
});

describe('the control', () => {
  const controls = async (evaluation: Body) =>
    (await runsOf(evaluation)).filter(({ control }) => control).map(({ id }) => id);

  test('is at most one Run, and may be none', async () => {
    const evaluation = await evaluationOf('control');
    const [a, b] = [await runOf(evaluation), await runOf(evaluation)];
    const set = (run: Body, control: boolean) =>
      api.patch(`/evaluations/${evaluation.id}/runs/${run.id}`, { control });
    expect((await set(a, true)).body.control).toBe(true);
    expect(await controls(evaluation)).toEqual([a.id]);
    expect((await set(b, true)).body.control).toBe(true);
    expect(await controls(evaluation)).toEqual([b.id]);
    expect((await set(a, false)).body.control).toBe(false);
    expect(await controls(evaluation)).toEqual([b.id]);
    await set(b, false);
    expect(await controls(evaluation)).toEqual([]);
  });

  test('is one Run after many were made it at once', async () => {
    const evaluation = await evaluationOf('controls at once');
    const runs = await Promise.all(Array.from({ length: 6 }, () => runOf(evaluation)));
    const answers = await Promise.all(
      runs.map(({ id }) =>
        api.patch(`/evaluations/${evaluation.id}/runs/${id}`, { control: true }),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(runs.map(() => 200));
    expect(await controls(evaluation)).toHaveLength(1);
  });

  test('does not change when a status beside it is refused', async () => {
    const evaluation = await evaluationOf('all of an update');
    const run = await runOf(evaluation);
    const url = `/evaluations/${evaluation.id}/runs/${run.id}`;
    await api.patch(url, { status: 'completed' });
    const refused = await api.patch(url, { control: true, status: 'cancelled' });
    expectRefusal(refused, 409);
    expect(refused.body.code).toBe('evaluation_run_ended');
    expect(await controls(evaluation)).toEqual([]);
    for (const body of [{}, { control: null, status: null }]) {
      const { statusCode, body: same } = await api.patch(url, body);
      expect([statusCode, same.status]).toEqual([200, 'completed']);
    }
    for (const status of ['pending', 'running', 'done']) {
      expectRefusal(await api.patch(url, { status }), 422, ['body', 'status']);
    }
  });
});

describe('a Run in two Evaluations', () => {
  test('is the same Run, judged by the evaluators of both, until each lets it go', async () => {
    const one = await evaluationOf('shared', 'Client');
    const two = await posted(api, '/evaluations', {
      file: { path: 'shared' },
      evaluators: judgedBy('Client', 'Model'),
    });
    const run = await runOf(one);
    const log = await logOf('shared');
    await posted(api, `/evaluations/${one.id}/runs/${run.id}/logs`, { log_ids: [log] });
    await api.patch(`/evaluations/${one.id}/runs/${run.id}`, { control: true });
    const url = `/evaluations/${two.id}/runs/${run.id}`;
    const shared = await posted(api, url);
    expect(shared).toMatchObject({ id: run.id, control: false, created_at: run.created_at });
    expect(shared.added_at > run.added_at).toBe(true);
    expect(await posted(api, url)).toMatchObject({ added_at: shared.added_at });
    expect((await runsOf(two)).map(({ id }) => id)).toEqual([run.id]);
    expect(await placed(two, run)).toEqual([[null, log]]);
    await posted(api, '/evaluators/log', { path: 'Client', parent_id: log, judgment: true });
    const { progress } = await untilRun(api, { evaluationId: two.id, runId: run.id }, 'completed');
    expect(progress.judgments).toEqual({ wanted: 2, done: 2, failed: 0 });
    expect((await api.delete(`/evaluations/${one.id}/runs/${run.id}`)).statusCode).toBe(204);
    expect(await runsOf(one)).toEqual([]);
    expect((await runsOf(two))[0]).toMatchObject({ id: run.id, status: 'completed' });
    expect((await api.delete(url)).statusCode).toBe(204);
    expectRefusal(await api.delete(url), 404);
    expectRefusal(await api.post(`/evaluations/${one.id}/runs/${run.id}`), 404);
    expectRefusal(await api.patch(url, { control: true }), 404);
  });

  test('must be of the same file', async () => {
    const one = await evaluationOf('of one file');
    const two = await evaluationOf('of two files');
    const run = await runOf(one, { version: { path: 'of one file' } });
    expectRefusal(await api.post(`/evaluations/${two.id}/runs/${run.id}`), 422, ['path', 'run_id']);
  });

  test('goes on when one of them is deleted, and is cancelled with the last', async () => {
    const one = await evaluationOf('deleted with', 'Client');
    const request = { file: { path: 'deleted with' }, evaluators: judgedBy('Client') };
    const two = await posted(api, '/evaluations', request);
    const run = await runOf(one, { dataset: { path: 'Questions' } });
    await posted(api, `/evaluations/${two.id}/runs/${run.id}`);
    await api.delete(`/evaluations/${one.id}`);
    expect((await runsOf(two))[0].status).toBe('pending');
    await api.delete(`/evaluations/${two.id}`);
    const { rows } = await api.database.pool.query(
      'SELECT status FROM evaluation_run WHERE id = $1',
      [run.id],
    );
    expect(rows).toEqual([{ status: 'cancelled' }]);
  });
});

test('what was logged and judged stays when an Evaluation is deleted', async () => {
  const evaluation = await evaluationOf('kept logs', 'Client');
  const run = await runOf(evaluation);
  const log = await logOf('kept logs');
  await posted(api, `/evaluations/${evaluation.id}/runs/${run.id}/logs`, { log_ids: [log] });
  await posted(api, '/evaluators/log', { path: 'Client', parent_id: log, judgment: true });
  expect((await api.delete(`/evaluations/${evaluation.id}`)).statusCode).toBe(204);
  expect((await api.get(`/logs/${log}`)).body.evaluator_logs).toHaveLength(1);
  expect((await api.get('/evaluators?name=Client')).body.total).toBe(1);
});
