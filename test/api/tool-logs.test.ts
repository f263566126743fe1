import { describe, expect, test } from 'vitest';
import { type Answer, testApp } from '../support/app.ts';
import { expectRefusal, rowCounts } from '../support/refusals.ts';

const api = await testApp();

type Body = Answer['body'];

const parameters = {
  type: 'object',
  properties: { b: { type: 'number' }, a: { type: 'number' } },
  required: ['a', 'b'],
};
const multiply = { name: 'multiply', description: 'Multiplies.', strict: true, parameters };
const source_code = 'def multiply(a, b):\n    return a * b\n';

/** Everything that the log of a tool can say and that can be changed later. */
const said = {
  inputs: { a: 6, b: 7 },
  provider_latency: 0.75,
  stdout: 'printed',
  provider_request: { z: 1, a: [1.5, 'x'] },
  provider_response: { ok: true },
  source: 'sdk',
  metadata: { run: 'one' },
  created_at: '2026-05-01T12:00:00.000000Z',
  start_time: '2026-05-01T12:00:00.250000Z',
  end_time: '2026-05-01T12:00:01.750000Z',
};

const tool = { function: multiply, source_code };
const log = (body: object = {}) => api.post('/tools/log', { path: 'multiply', tool, ...body });
const get = async (id: string): Promise<Body> => (await api.get(`/logs/${id}`)).body;

async function logged(body: object = {}): Promise<Body> {
  const answer = await log(body);
  expect(answer.statusCode, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

const change = ({ id, tool_id }: Body, body: unknown) =>
  api.patch(`/tools/${tool_id}/log/${id}`, body);

describe('a tool', () => {
  test.each([
    [{ function: multiply, source_code }, 'python', 'multiply(b, a)'],
    [{ function: multiply }, 'json_schema', 'multiply(b, a)'],
    [{ source_code }, 'python', null],
    [{}, 'json_schema', null],
    [{ function: multiply, tool_type: 'snippet' }, 'snippet', 'multiply(b, a)'],
    [{ function: { name: 'now', description: '' } }, 'json_schema', 'now()'],
  ])('of %j says its type and how it is called', async (fields, tool_type, signature) => {
    const path = `kinds of tools/${Object.keys(fields)} as ${tool_type} ${signature}`;
    const { statusCode, body } = await api.post('/tools', { path, ...fields });
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({ ...fields, tool_type, signature });
    const names = signature?.match(/\w+(?=[,)])/g) ?? [];
    expect(body.inputs.map(({ name }: Body) => name)).toEqual(names);
    const said = await api.post('/tools', { path, ...fields, tool_type, setup_values: null });
    expect(said.body.version_id).toBe(body.version_id);
  });

  test('with other setup values or another type is another version', async () => {
    const versions = new Set<string>();
    const forms = [{}, { setup_values: { a: 1 } }, { tool_type: 'mock' }, { source_code }];
    for (const fields of forms) {
      const { body } = await api.post('/tools', { path: 'forms', function: multiply, ...fields });
      versions.add(body.version_id);
    }
    expect(versions.size).toBe(forms.length);
  });

  test('with a function that cannot be called is refused at its place', async () => {
    const upsert = (fields: object) => api.post('/tools', { path: 'refused', ...fields });
    const before = await rowCounts(api);
    expectRefusal(
      await upsert({ function: {} }),
      422,
      ['body', 'function', 'name'],
      ['body', 'function', 'description'],
    );
    expectRefusal(await upsert({ function: { ...multiply, parameters: [] } }), 422, [
      'body',
      'function',
      'parameters',
    ]);
    expectRefusal(await upsert({ tool_type: 'magic' }), 422, ['body', 'tool_type']);
    expectRefusal(await upsert({ source_code: 1 }), 422, ['body', 'source_code']);
    expect(await rowCounts(api)).toEqual(before);
  });
});

describe('the log of a tool', () => {
  test('keeps what it is told, and is of the version that its tool defines', async () => {
    const place = { user: 'ada', environment: 'a label', source_datapoint_id: 'dp_1' };
    const made = await logged({ ...said, ...place, output: '42', error: 'late', log_id: 'six-7' });
    expect(made).toEqual({
      id: 'six-7',
      tool_id: expect.stringMatching(/^tl_/),
      version_id: expect.stringMatching(/^tv_/),
      log_status: null,
    });
    const stored = await get('six-7');
    expect(stored).toMatchObject({
      ...said,
      ...place,
      output: '42',
      error: 'late',
      tool: { id: made.tool_id, version_id: made.version_id, ...tool, tool_type: 'python' },
      trace_id: null,
      evaluator_logs: [],
    });
    for (const field of ['agent', 'prompt', 'flow', 'evaluator', 'run', 'turns']) {
      expect(stored).not.toHaveProperty(field);
    }
    expect((await logged()).version_id).toBe(made.version_id);
    const other = await logged({ tool: { ...tool, attributes: { v: 2 } } });
    expect(other.tool_id).toBe(made.tool_id);
    expect(other.version_id).not.toBe(made.version_id);
  });

  test('that cannot be is refused, and leaves no tool behind', async () => {
    const before = await rowCounts(api);
    expectRefusal(await log({ path: 'new', tool: 'text' }), 422, ['body', 'tool']);
    expectRefusal(await log({ path: 'new', tool: null }), 404);
    expectRefusal(await log({ path: 'new', trace_parent_id: 'log_none' }), 404);
    expectRefusal(await log({ path: 'new', output: 1 }), 422, ['body', 'output']);
    expect(await rowCounts(api)).toEqual(before);
  });
});

describe('changing the log of a tool', () => {
  test('sets each field that can be changed, and leaves the others', async () => {
    for (const [field, value] of Object.entries({ ...said, output: '42', error: 'No.' })) {
      const made = await logged({ user: 'ada' });
      // What is said of the tool has counters that follow a second late.
      const { tool, trace_children, ...before } = await get(made.id);
      const { statusCode, body } = await change(made, { [field]: value });
      expect(statusCode, JSON.stringify(body)).toBe(200);
      expect(body, field).toMatchObject({ ...before, [field]: value });
      expect((await get(made.id))[field]).toEqual(value);
    }
  });

  test('with null clears output and error, and nothing else', async () => {
    const made = await logged({ ...said, output: 'x', error: 'y' });
    const nulls = Object.fromEntries(Object.keys(said).map((field) => [field, null]));
    expect((await change(made, nulls)).body).toMatchObject({ ...said, output: 'x', error: 'y' });
    const cleared = await change(made, { output: null, error: null });
    expect(cleared.body).toMatchObject({ ...said, output: null, error: null });
  });

  test('whose payloads are not stored stores none of them', async () => {
    const secret = 'a secret of its own';
    const made = await logged({ inputs: { secret }, output: secret, save: false });
    const update = { inputs: { secret }, output: secret, stdout: secret, metadata: { kept: 1 } };
    const { body } = await change(made, { ...update, provider_response: { secret } });
    expect(body).toMatchObject({ inputs: {}, output: null, stdout: null, metadata: { kept: 1 } });
    const { rows } = await api.database.pool.query(
      'SELECT log::text AS text FROM log WHERE id = $1',
      [made.id],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0].text).not.toContain(secret);
  });

  test('that is of another tool or kind, or not there, is refused', async () => {
    const made = await logged();
    const other = await logged({ path: 'another' });
    const { body: flow } = await api.post('/flows/log', { path: 'flow', flow: { attributes: {} } });
    expectRefusal(await change({ ...made, tool_id: other.tool_id }, { output: 'x' }), 404);
    expectRefusal(await change({ ...made, id: flow.id }, { output: 'x' }), 404);
    expectRefusal(await change({ ...made, tool_id: flow.flow_id }, { output: 'x' }), 404);
    expectRefusal(await change({ ...made, id: 'log_none' }, { output: 'x' }), 404);
    expectRefusal(await change(made, { output: 'x', error: 'y' }), 422, ['body']);
    expectRefusal(await change(made, { start_time: 'now' }), 422, ['body', 'start_time']);
    expect((await get(made.id)).output).toBeNull();
  });
});
