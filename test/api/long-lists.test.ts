import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { evaluationOf, runOf } from '../support/evaluation-runs.ts';
import { logAgent, type MadeLog } from '../support/logs.ts';
import { expectRefusal } from '../support/refusals.ts';

const api = await testApp();

// biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies whose shape they assert
type Json = Record<string, any>;

const MB = 1024 * 1024;
/** So many logs of 9 MB each that they are more than a page of a list holds. */
const ids = ['long-1', 'long-2', 'long-3', 'long-4', 'long-5', 'long-6'];
const path = 'lists/long';
const root = await logAgent(api, path, {
  log_id: 'long-1',
  log_status: 'incomplete',
  ...payload(1),
});
for (const [place, log_id] of ids.entries()) {
  if (place > 0)
    await logAgent(api, path, { log_id, trace_parent_id: 'long-1', ...payload(place + 1) });
}

test('a page of a list of logs ends after 32 MB, with the cursor of the rest', async () => {
  const first = await page('');
  expect(first.records.map(({ id }) => id)).toEqual(['long-6', 'long-5', 'long-4', 'long-3']);
  expect(first.total).toBe(6);
  const second = await page(`&cursor=${first.next_cursor}`);
  expect(second.records.map(({ id }) => id)).toEqual(['long-2', 'long-1']);
  expect(second.next_cursor).toBeNull();
  expect(first.records[0]?.inputs.text).toBe(payload(6).inputs.text);
});

test('a page that ends where its size says has the same cursor as ever', async () => {
  const { records, next_cursor } = await page('&size=2', 2);
  expect(records.map(({ id }) => id)).toEqual(['long-6', 'long-5']);
  expect((await page(`&cursor=${next_cursor}`)).records[0]?.id).toBe('long-4');
});

test('a trace of more payloads than are held at once is shown whole', async () => {
  const { body } = await api.get('/logs/long-1');
  expect(body.inputs.text).toBe(payload(1).inputs.text);
  expect(body.trace_children.map(({ id }: MadeLog) => id)).toEqual(ids.slice(1));
  expect(body.trace_children[4].inputs.text).toBe(payload(6).inputs.text);
});

test('such a trace is whole in a list, too', async () => {
  const first = await page('&include_trace_children=true');
  const { records } = await page(`&include_trace_children=true&cursor=${first.next_cursor}`);
  const listed: Json = records.at(-1) ?? {};
  expect(listed['id']).toBe('long-1');
  expect(listed['trace_children'].map(({ id }: MadeLog) => id)).toEqual(ids.slice(1));
  expect(listed['trace_children'][4].inputs.text).toBe(payload(6).inputs.text);
});

describe('large datapoints', () => {
  /** A dataset whose datapoints have a text of so many megabytes. */
  async function datasetOf(path: string, count: number, megabytes: number) {
    const datapoints = Array.from({ length: count }, (_, n) => ({ inputs: { n } }));
    const { body } = await api.post('/datasets', { path, datapoints });
    await api.database.pool.query(
      `UPDATE datapoint SET inputs = json_build_object('n', inputs -> 'n',
        'text', repeat('x', $2::integer * 1024 * 1024)) WHERE file_id = $1`,
      [body.id, megabytes],
    );
    return body;
  }

  test('are listed whole', async () => {
    const { id } = await datasetOf('lists/datapoints', 3, 9);
    const { body } = await api.get(`/datasets/${id}/datapoints`);
    expect(body).toMatchObject({ total: 3, page: 1, size: 50 });
    expect(body.records.map(({ inputs }: Json) => inputs.n)).toEqual([0, 1, 2]);
    expect(body.records[2].inputs.text).toBe('x'.repeat(9 * MB));
    const { body: one } = await api.get(`/datasets/${id}/datapoints?page=2&size=1`);
    expect(one.records.map(({ inputs }: Json) => inputs.n)).toEqual([1]);
  });

  test('are refused in an answer that has them all, when they are more than 64 MB', async () => {
    const { id } = await datasetOf('lists/many-datapoints', 2, 33);
    const refused = await api.get(`/datasets/${id}?include_datapoints=true`);
    expectRefusal(refused, 422, ['query', 'include_datapoints']);
    expect(refused.body.detail[0].msg).toMatch(/have 67 MB.*at most 64 MB.*page by page/);
  });
});

test('the logs of a Run are listed whole', async () => {
  const evaluation = await evaluationOf(api, { id: root.agent_id }, []);
  const run = await runOf(api, evaluation, { version: { version_id: root.version_id } });
  const added = await api.post(`/evaluations/${evaluation.id}/runs/${run.id}/logs`, {
    log_ids: ids,
  });
  expect(added.statusCode).toBe(200);
  const { body } = await api.get(`/evaluations/${evaluation.id}/logs?size=50`);
  expect(body).toMatchObject({ total: 6, page: 1, size: 50 });
  const logs: readonly Json[] = body.records.map(({ log }: Json) => log);
  expect(logs.map(({ id }) => id).toSorted()).toEqual(ids);
  expect(logs[0]?.['inputs'].text.length).toBe(9 * MB);
});

test('the versions of a file and the files of a directory are listed whole', async () => {
  const names = ['one', 'two', 'three'];
  for (const name of names) {
    const { statusCode } = await api.post('/prompts', {
      path: 'lists/large/prompt',
      model: name,
      attributes: { text: name.repeat(2 * MB) },
    });
    expect(statusCode).toBe(200);
  }
  const { body: file } = await api.post('/files/retrieve-by-path', { path: 'lists/large/prompt' });
  const { body } = await api.get(`/prompts/${file.id}/versions`);
  expect(body.records.map(({ model }: { model: string }) => model)).toEqual(names.toReversed());
  expect(body.records[2].attributes.text.length).toBe(6 * MB);
  const { body: directory } = await api.get(`/directories/${file.directory_id}`);
  expect(directory.files.map(({ id }: MadeLog) => id)).toEqual([file.id]);
  expect(directory.path).toBe('lists/large');
});

function payload(number: number) {
  return { inputs: { text: `${number}`.repeat(9 * MB) } };
}

interface Page {
  readonly records: { readonly id: string; readonly inputs: { readonly text: string } }[];
  readonly total: number;
  readonly next_cursor: string | null;
}

async function page(query: string, size = 100): Promise<Page> {
  const { statusCode, body } = await api.get(
    `/logs?file_id=${root.agent_id}${query.includes('size') ? '' : `&size=${size}`}${query}`,
  );
  expect(statusCode).toBe(200);
  return body;
}
