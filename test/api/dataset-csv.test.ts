import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type Answer, apiKey, testApp } from '../support/app.ts';
import { addOrganization } from '../support/organizations.ts';
import { expectRefusal, rowCounts, send } from '../support/refusals.ts';

const api = await testApp();

const paris = { inputs: { country: 'France' }, target: { capital: 'Paris' } };

/** A part of a form; with a file name it is a file. */
interface Part {
  readonly name?: string;
  readonly fileName?: string;
  readonly type?: string;
  readonly value: string | Buffer;
}

const boundary = 'a-line-that-is-in-no-part';
const formType = { 'content-type': `multipart/form-data; boundary=${boundary}` };

/** The bytes of a form, as clients send it. */
function formOf(parts: readonly Part[]): Buffer {
  const pieces = parts.flatMap(({ name, fileName, type, value }) => {
    const disposition = [
      'form-data',
      ...(name === undefined ? [] : [`name="${name}"`]),
      ...(fileName === undefined ? [] : [`filename="${fileName}"`]),
    ];
    const head = [
      `--${boundary}`,
      `Content-Disposition: ${disposition.join('; ')}`,
      ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    ];
    return [`${head.join('\r\n')}\r\n\r\n`, value, '\r\n'];
  });
  return Buffer.concat([...pieces, `--${boundary}--\r\n`].map((piece) => Buffer.from(piece)));
}

const csv = (value: string | Buffer): Part => ({
  name: 'file',
  fileName: 'datapoints.csv',
  type: 'text/csv',
  value,
});

function upload(
  id: string,
  parts: readonly Part[] | Buffer,
  { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const body = Buffer.isBuffer(parts) ? parts : formOf(parts);
  const url = `/v5/datasets/${id}/datapoints/csv${query}`;
  return send(api, 'POST', url, body, { ...formType, ...headers });
}

async function datasetAt(path: string, datapoints: readonly object[] = [paris]) {
  const { body } = await api.post('/datasets', { path, datapoints });
  return body;
}

async function datapointsOf({ id, version_id }: { id: string; version_id: string }) {
  const { body } = await api.get(`/datasets/${id}/datapoints?version_id=${version_id}`);
  return body.records.map(({ id: _, ...datapoint }: Answer['body']) => datapoint);
}

describe('an upload', () => {
  test('adds a datapoint for each row, in a new version that is not deployed', async () => {
    const dataset = await datasetAt('csv/added');
    const { statusCode, body } = await upload(dataset.id, [
      csv('country,target.capital\r\n"Italy",Rome\r\nSpain,Madrid\r\nFrance,Paris\r\n'),
      { name: 'version_name', value: 'From a file' },
      { name: 'version_description', value: 'Été 😀' },
    ]);
    expect(statusCode, JSON.stringify(body)).toBe(200);
    expect(body).toMatchObject({
      id: dataset.id,
      type: 'dataset',
      datapoints_count: 3,
      version_name: 'From a file',
      version_description: 'Été 😀',
      environments: [],
    });
    expect(await datapointsOf(body)).toEqual([
      { ...paris, messages: null },
      { inputs: { country: 'Italy' }, target: { capital: 'Rome' }, messages: null },
      { inputs: { country: 'Spain' }, target: { capital: 'Madrid' }, messages: null },
    ]);
    expect((await api.get(`/datasets/${dataset.id}`)).body.version_id).toBe(dataset.version_id);
  });

  test('starts from the deployed version, or from the one that the query names', async () => {
    const deployed = await datasetAt('csv/bases', [{ inputs: { n: 'deployed' } }]);
    const newest = await datasetAt('csv/bases', [{ inputs: { n: 'newest' } }]);
    const { id } = deployed;
    const namesAfter = async (value: string, query = '') => {
      const { body } = await upload(id, [csv(`n\n${value}`)], { query });
      return (await datapointsOf(body)).map(({ inputs }: Answer['body']) => inputs.n);
    };
    expect(await namesAfter('a')).toEqual(['deployed', 'a']);
    expect(await namesAfter('b')).toEqual(['deployed', 'b']);
    const version = `?version_id=${newest.version_id}`;
    expect(await namesAfter('c', version)).toEqual(['newest', 'c']);
    expect(await namesAfter('d', '?environment=production')).toEqual(['deployed', 'd']);
    const [environment] = deployed.environments;
    await api.delete(`/datasets/${id}/environments/${environment.id}`);
    expect(await namesAfter('e')).toEqual(['deployed', 'd', 'e']);
  });

  test('of rows that are there already, or of none, makes no version', async () => {
    const dataset = await datasetAt('csv/nothing');
    const before = await rowCounts(api);
    for (const text of ['country,target.capital\nFrance,Paris\nFrance,Paris\n', 'country\n']) {
      const { body } = await upload(dataset.id, [csv(text)]);
      expect(body).toMatchObject({ version_id: dataset.version_id, datapoints_count: 1 });
    }
    expect(await rowCounts(api)).toEqual(before);
  });

  test('is read as any client sends it', async () => {
    const dataset = await datasetAt('csv/forms');
    const count = async (parts: readonly Part[], headers?: Record<string, string>) => {
      const answer = await upload(dataset.id, parts, headers ? { headers } : {});
      expect(answer.statusCode, JSON.stringify(answer.body)).toBe(200);
      return answer.body.datapoints_count;
    };
    const value = 'country\nPeru\n';
    expect(await count([{ name: 'file', value }])).toBe(2);
    expect(await count([{ name: 'file', fileName: '', value }])).toBe(2);
    expect(await count([{ ...csv(value), type: 'application/octet-stream' }])).toBe(2);
    expect(await count([{ name: 'version_name', value: '' }, csv(value)])).toBe(2);
    expect(await count([{ name: 'unknown', fileName: 'x.bin', value: 'x' }, csv(value)])).toBe(2);
    const quoted = `Multipart/Form-Data; charset=utf-8; boundary="${boundary}"`;
    expect(await count([csv(`\uFEFF${value}`)], { 'content-type': quoted })).toBe(2);
  });

  test('names no boundary from the Python client 0.8.24 and later: the first line does', async () => {
    const dataset = await datasetAt('csv/python client');
    const line = '--bd23e70c2f0f58197e700398100c0b94';
    const body = [
      line,
      'Content-Disposition: form-data; name="version_name"\r\n\r\nv1',
      line,
      'Content-Disposition: form-data; name="file"; filename="rows.csv"',
      'Content-Type: text/csv\r\n\r\nquestion,target\nWhy?,Because.\n',
      `${line}--\r\n`,
    ].join('\r\n');
    const headers = { 'content-type': 'multipart/form-data' };
    const { statusCode, body: version } = await upload(dataset.id, Buffer.from(body), { headers });
    expect({ statusCode, version }).toMatchObject({
      statusCode: 200,
      version: { version_name: 'v1', datapoints_count: 2 },
    });
    const { body: list } = await api.get(
      `/datasets/${dataset.id}/datapoints?version_id=${version.version_id}`,
    );
    expect(list.records[1]).toMatchObject({
      inputs: { question: 'Why?' },
      target: { target: 'Because.' },
    });
  });

  test('is described by a commit message, up to the Python client 0.8.23', async () => {
    const { id } = await datasetAt('csv/committed');
    const said = { name: 'commit_message', value: 'From a file.' };
    const { body } = await upload(id, [said, csv('country\nPeru\n')]);
    expect(body).toMatchObject({ version_description: 'From a file.' });
  });

  test('counts with every other that is made at once', async () => {
    const dataset = await datasetAt('csv/racing', []);
    // The deployed version stays the base of all; each leads to a version of its own.
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => upload(dataset.id, [csv(`n\n${n}\n${n + 1}`)])),
    );
    expect(answers.map(({ body }) => body.datapoints_count)).toEqual(Array(10).fill(2));
    expect(new Set(answers.map(({ body }) => body.version_id)).size).toBe(10);
    const { rows } = await api.database.pool.query(
      'SELECT count(*)::int AS n FROM datapoint WHERE file_id = $1',
      [dataset.id],
    );
    expect(rows).toEqual([{ n: 11 }]);
  });
});

describe('what is refused', async () => {
  const dataset = await datasetAt('csv/refused');
  const good = csv('country\nPeru\n');

  test.each<[string, readonly Part[], (string | number)[]]>([
    ['a form without a file', [{ name: 'version_name', value: 'v' }], ['file']],
    ['an empty form', [], ['file']],
    ['an empty file', [csv('')], ['file']],
    ['a file under another name', [{ ...good, name: 'datapoints' }], ['file']],
    ['a file that is not UTF-8', [csv(Buffer.from('country\nPer\xfa', 'latin1'))], ['file']],
    ['a file in UTF-16', [csv(Buffer.from('\uFEFFcountry\nPeru', 'utf16le'))], ['file']],
    ['a row of another length', [csv('a,b\n1,2\n3\n')], ['file']],
    ['two columns of one name', [csv('a,a\n1,2\n')], ['file']],
    ['messages that are none', [csv('messages\nHello\n')], ['file']],
    ['a file with a NUL character', [csv('a\n1\0\n')], ['file']],
    ['two files', [good, good], []],
    ['too many fields', [good, ...Array(21).fill({ name: 'x', value: 'y' })], []],
    ['a field named __proto__', [{ name: '__proto__', value: 'x' }, good], []],
    [
      'a name that is too long',
      [good, { name: 'version_name', value: 'x'.repeat(256) }],
      ['version_name'],
    ],
    ['a name with NUL', [good, { name: 'version_name', value: 'a\0' }], ['version_name']],
    [
      'a field that is too large',
      [good, { name: 'version_description', value: 'x'.repeat(1024 * 1024 + 1) }],
      ['version_description'],
    ],
  ])('%s', async (_, parts, loc) => {
    const before = await rowCounts(api);
    const answer = await upload(dataset.id, parts);
    expectRefusal(answer, 422, ['body', ...loc]);
    expect(await rowCounts(api)).toEqual(before);
  });

  test('a fault in the file is told with its line', async () => {
    const answer = await upload(dataset.id, [csv('a,b\n"1\n",2\n\n3\n')]);
    expect(answer.body.detail).toEqual([
      {
        loc: ['body', 'file'],
        msg: 'Line 5: The row has 1 value, but the header has 2 columns.',
        type: 'value_error',
      },
    ]);
  });

  test.each([
    ['JSON', 'application/json', '{"file":"a"}'],
    ['CSV without a form', 'text/csv', 'country\nPeru\n'],
    ['another kind of form', 'application/x-www-form-urlencoded', 'file=country'],
    ['a type that only begins like a form', 'multipart/form-data-like', 'x'],
  ])('%s, as no form', async (_, type, text) => {
    const answer = await upload(dataset.id, Buffer.from(text), {
      headers: { 'content-type': type },
    });
    expectRefusal(answer, 415);
    expect(answer.body.code).toBe('not_a_form');
  });

  test('a request without any body, as no form', async () => {
    const response = await api.app.inject({
      method: 'POST',
      url: `/v5/datasets/${dataset.id}/datapoints/csv`,
      headers: { 'x-api-key': apiKey },
    });
    expect(response.statusCode).toBe(415);
  });

  test.each([
    ['is cut off', formOf([good]).subarray(0, -20)],
    ['is cut off in the head of a part', formOf([good]).subarray(0, 40)],
    ['has no parts and no end', Buffer.from('What is this?')],
    ['is empty', Buffer.alloc(0)],
  ])('a form that %s', async (_, body) => {
    const before = await rowCounts(api);
    const answer = await upload(dataset.id, body);
    expectRefusal(answer, 422);
    expect(await rowCounts(api)).toEqual(before);
  });

  test.each([
    ['nothing', ''],
    ['a line that is no boundary', 'country\r\nPeru\r\n'],
    ['a line without an end', `--${'x'.repeat(70)}`],
    ['a line that is too long', `--${'x'.repeat(71)}\r\n`],
    ['a line that never ends', '-'.repeat(100_000)],
    ['two dashes', '--\r\n'],
  ])('a form whose boundary is not named, and which begins with %s', async (_, text) => {
    const before = await rowCounts(api);
    const headers = { 'content-type': 'multipart/form-data' };
    const answer = await upload(dataset.id, Buffer.from(text), { headers });
    expectRefusal(answer, 422, ['header', 'content-type']);
    expect(answer.body.detail[0].msg).toContain('boundary');
    expect(await rowCounts(api)).toEqual(before);
  });

  test('a file of more than 20 MB', async () => {
    const answer = await upload(dataset.id, [csv(Buffer.alloc(20 * 1024 * 1024 + 1, 'a'))]);
    expectRefusal(answer, 413);
    expect(answer.body.code).toBe('body_too_large');
  });

  test('a form for any other route', async () => {
    const headers = { ...formType };
    const answer = await send(api, 'POST', '/v5/datasets', formOf([good]), headers);
    expectRefusal(answer, 415);
    expect(answer.body.code).toBe('not_json');
  });

  test('a dataset, version or environment that is not there, and both of the latter', async () => {
    const agent = await api.post('/agents', { path: 'csv/agent', model: 'm' });
    expectRefusal(await upload('ds_none', [good]), 404);
    expectRefusal(await upload(agent.body.id, [good]), 404);
    expectRefusal(await upload(dataset.id, [good], { query: '?version_id=dsv_none' }), 404);
    expectRefusal(await upload(dataset.id, [good], { query: '?environment=nowhere' }), 404);
    const query = '?version_id=dsv_none&environment=production';
    expectRefusal(await upload(dataset.id, [good], { query }), 422, ['query']);
  });

  test('a version name that another version has', async () => {
    await upload(dataset.id, [csv('n\n1'), { name: 'version_name', value: 'taken' }]);
    const before = await rowCounts(api);
    const parts = [csv('n\n2'), { name: 'version_name', value: 'taken' }];
    expectRefusal(await upload(dataset.id, parts), 409);
    expect(await rowCounts(api)).toEqual(before);
  });

  test('a key that is not known, before anything is read, and another organization’s', async () => {
    const nobody = { 'x-api-key': 'nobody' };
    expectRefusal(await upload(dataset.id, [good], { headers: nobody }), 401);
    const theirs = await addOrganization(api, 'a-key-of-theirs-for-files');
    const as = { 'x-api-key': theirs.apiKey };
    expectRefusal(await upload(dataset.id, [good], { headers: as }), 404);
  });
});

describe('over a network', async () => {
  const url = await api.app.listen({ port: 0, host: '127.0.0.1' });
  const dataset = await datasetAt('csv/network');
  const path = `/v5/datasets/${dataset.id}/datapoints/csv`;
  const connections = promisify(api.app.server.getConnections.bind(api.app.server));

  test('a file that is too large is refused, and the answer arrives', async () => {
    const body = new FormData();
    body.set('file', new Blob([new Uint8Array(40 * 1024 * 1024).fill(97)]), 'large.csv');
    const headers = { 'x-api-key': apiKey };
    const response = await fetch(`${url}${path}`, { method: 'POST', body, headers });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'body_too_large' });
  });

  test('a form that names no boundary, and comes byte by byte, is read whole', async () => {
    const { id } = await datasetAt('csv/byte by byte', []);
    const form = formOf([csv(`country\n${'Peru\n'.repeat(3)}Chile\n`)]);
    const bytes = Readable.from(Array.from(form, (byte) => Buffer.of(byte)));
    const response = await fetch(`${url}/v5/datasets/${id}/datapoints/csv`, {
      method: 'POST',
      headers: { 'x-api-key': apiKey, 'content-type': 'multipart/form-data' },
      body: Readable.toWeb(bytes) as ReadableStream,
      duplex: 'half',
    } as RequestInit);
    expect(await response.json()).toMatchObject({ datapoints_count: 2 });
  });

  test.each([
    ['of a file', 'Content-Disposition: form-data; name="file"; filename="a"\r\n\r\na,b\n1,2\n'],
    ['of a field', 'Content-Disposition: form-data; name="version_name"\r\n\r\nFro'],
    ['of what is no part', 'Content-Disposition: nonsense\r\n\r\na,b\n'],
    ['of a head', 'Content-Dispos'],
  ])('a client that leaves in the middle %s leaves nothing behind', async (_, part) => {
    const before = await rowCounts(api);
    const others = await connections();
    const head = [
      `POST ${path} HTTP/1.1`,
      'Host: localhost',
      `X-API-KEY: ${apiKey}`,
      `Content-Type: ${formType['content-type']}`,
      'Content-Length: 100000',
    ];
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await expect.poll(connections).toBe(others + 1);
    await promisify(socket.write.bind(socket) as (text: string, done: () => void) => void)(
      `${head.join('\r\n')}\r\n\r\n--${boundary}\r\n${part}`,
    );
    socket.destroy();
    await expect.poll(connections).toBe(others);
    expect((await api.get(`/datasets/${dataset.id}`)).statusCode).toBe(200);
    expect(await rowCounts(api)).toEqual(before);
    expect(api.logged.filter((line) => JSON.parse(line).level !== 'info')).toEqual([]);
  });
});
