import { describe, expect, test } from 'vitest';
import { type Answer, testApp } from '../support/app.ts';
import { expectRefusal, rowCounts } from '../support/refusals.ts';

const api = await testApp();

type Body = Answer['body'];

const messages = [{ role: 'user', content: 'What is the capital of France?' }];
const output_message = { role: 'assistant', content: 'Paris.' };

/** Everything that the log of a prompt can say and that can be changed later. */
const said = {
  messages,
  output_message,
  tool_choice: { type: 'function', function: { name: 'look_up' } },
  inputs: { country: 'France' },
  prompt_tokens: 10,
  reasoning_tokens: 2,
  output_tokens: 5,
  prompt_cost: 0.001,
  output_cost: 0.002,
  finish_reason: 'stop',
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

const prompt = { model: 'm', template: 'What is the capital of {{country}}?' };

const log = (body: object) => api.post('/prompts/log', { path: 'capital', prompt, ...body });
const get = async (id: string): Promise<Body> => (await api.get(`/logs/${id}`)).body;

async function logged(body: object = {}): Promise<Body> {
  const answer = await log(body);
  expect(answer.statusCode, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

const change = ({ id, prompt_id }: Body, body: unknown) =>
  api.patch(`/prompts/${prompt_id}/log/${id}`, body);

describe('the log of a prompt', () => {
  test('keeps what it is told, as it is told', async () => {
    const place = { user: 'ada', environment: 'a label', source_datapoint_id: 'dp_1' };
    const made = await logged({ ...said, ...place, error: 'Cut short.', log_id: 'capital-1' });
    expect(made).toEqual({
      id: 'capital-1',
      prompt_id: expect.stringMatching(/^pr_/),
      version_id: expect.stringMatching(/^prv_/),
      log_status: null,
    });
    const stored = await get('capital-1');
    expect(stored).toMatchObject({
      ...said,
      ...place,
      error: 'Cut short.',
      output: 'Paris.',
      log_id: 'capital-1',
      prompt: { id: made.prompt_id, version_id: made.version_id, inputs: [{ name: 'country' }] },
      trace_id: null,
      evaluator_logs: [],
      save: true,
    });
    expect(Object.keys(stored.provider_request)).toEqual(['z', 'a']);
    for (const field of ['agent', 'tool', 'flow', 'evaluator', 'run', 'turns']) {
      expect(stored).not.toHaveProperty(field);
    }
  });

  test('takes the time between start and end as its latency, if it says no other', async () => {
    const { provider_latency, ...rest } = said;
    expect((await get((await logged(rest)).id)).provider_latency).toBe(1.5);
    expect((await get((await logged()).id)).provider_latency).toBeNull();
  });

  test('is of the version that its prompt defines, as fields or as text', async () => {
    const fields = {
      model: 'm',
      template: [{ role: 'system', content: 'You know {{country}}.' }],
      temperature: 0.5,
    };
    const one = await logged({ path: 'as text', prompt: fields });
    const { body: text } = await api.get(`/prompts/${one.prompt_id}/serialize`);
    expect(text).toContain('<system>');
    const { prompt_id, version_id } = one;
    const asText = await logged({ path: 'as text', prompt: text });
    expect(asText).toMatchObject({ prompt_id, version_id });
    const other = text.replace('0.5', '0.6');
    const next = await logged({ path: 'as text', prompt: other });
    expect(next.prompt_id).toBe(prompt_id);
    expect(next.version_id).not.toBe(version_id);
    expect((await get(next.id)).prompt).toMatchObject({ ...fields, temperature: 0.6 });
    const { body: versions } = await api.get(`/prompts/${prompt_id}/versions`);
    expect(versions.records).toHaveLength(2);
  });

  test('whose prompt cannot be read is refused, and leaves no prompt behind', async () => {
    const before = await rowCounts(api);
    const text = await log({ path: 'new', prompt: '---\nmodel: [\n---\n' });
    expectRefusal(text, 422, ['body', 'prompt']);
    expect(text.body.detail[0].msg).toMatch(/^Line \d+, column \d+: /);
    expectRefusal(await log({ path: 'new', prompt: {} }), 422, ['body', 'prompt', 'model']);
    expectRefusal(await log({ path: 'new', trace_parent_id: 'log_none' }), 404);
    expectRefusal(await log({ path: 'new', run_id: 'rn_none' }), 404);
    expect(await rowCounts(api)).toEqual(before);
  });
});

describe('changing the log of a prompt', () => {
  test('sets each field that can be changed, and leaves the others', async () => {
    for (const [field, value] of Object.entries(said)) {
      const made = await logged({ output: 'before', user: 'ada' });
      // What is said of the prompt has counters that follow a second late.
      const { prompt, trace_children, ...before } = await get(made.id);
      const { statusCode, body } = await change(made, { [field]: value });
      expect(statusCode, JSON.stringify(body)).toBe(200);
      expect(body, field).toMatchObject({ ...before, [field]: value });
      expect((await get(made.id))[field]).toEqual(value);
    }
  });

  test('sets all of them at once, and again', async () => {
    const made = await logged();
    expect((await change(made, said)).body).toMatchObject({ ...said, output: 'Paris.' });
    const { body } = await change(made, { ...said, finish_reason: 'length', prompt_tokens: 0 });
    expect(body).toMatchObject({ ...said, finish_reason: 'length', prompt_tokens: 0 });
  });

  test('to a start and an end tells how long it took, unless that was told', async () => {
    const { start_time, end_time } = said;
    const made = await logged();
    expect((await change(made, { start_time })).body.provider_latency).toBeNull();
    expect((await change(made, { end_time })).body.provider_latency).toBe(1.5);
    const told = await logged({ provider_latency: 0.5 });
    expect((await change(told, { start_time, end_time })).body.provider_latency).toBe(0.5);
    const turned = await change(made, { start_time: end_time, end_time: start_time });
    expectRefusal(turned, 422, ['body', 'end_time']);
    expectRefusal(await change(made, { end_time: '2020-01-01T00:00:00Z' }), 422, [
      'body',
      'end_time',
    ]);
    expect(await get(made.id)).toMatchObject({ start_time, end_time });
  });

  test('with null clears output and error, and nothing else', async () => {
    const made = await logged({ ...said, output: 'x', error: 'y' });
    const nulls = Object.fromEntries(Object.keys(said).map((field) => [field, null]));
    expect((await change(made, nulls)).body).toMatchObject({ ...said, output: 'x', error: 'y' });
    expect((await change(made, { error: null })).body).toMatchObject({ output: 'x', error: null });
    // What is left of the outcome is its message, whose text is shown.
    expect((await change(made, { output: null })).body).toMatchObject({
      ...said,
      output: 'Paris.',
    });
  });

  test('that is of another prompt or kind, or not there, is refused', async () => {
    const made = await logged();
    const other = await logged({ path: 'another' });
    const { body: tool } = await api.post('/tools/log', { path: 'tool', tool: {} });
    expectRefusal(await change({ ...made, prompt_id: other.prompt_id }, { output: 'x' }), 404);
    expectRefusal(await change({ ...made, prompt_id: 'pr_none' }, { output: 'x' }), 404);
    expectRefusal(await change({ ...made, id: tool.id }, { output: 'x' }), 404);
    expectRefusal(await change({ ...made, prompt_id: tool.tool_id }, { output: 'x' }), 404);
    expectRefusal(await change({ ...made, id: 'log_none' }, { output: 'x' }), 404);
    expectRefusal(await change(made, { output: 'x', error: 'y' }), 422, ['body']);
    expectRefusal(await change(made, { prompt_tokens: -1 }), 422, ['body', 'prompt_tokens']);
    expect((await get(made.id)).output).toBeNull();
  });

  test('at the same time changes each field that is given', async () => {
    const made = await logged();
    const entries = Object.entries(said).filter(([field]) => !field.endsWith('_time'));
    const answers = await Promise.all(
      entries.map(([field, value]) => change(made, { [field]: value })),
    );
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(await get(made.id)).toMatchObject(Object.fromEntries(entries));
  });
});

describe('a log whose payloads are not to be stored', () => {
  const secret = 'a secret of its own';
  const payloads = {
    inputs: { country: secret },
    messages: [{ role: 'user', content: secret }],
    output_message: { role: 'assistant', content: secret },
    stdout: secret,
    provider_request: { secret },
    provider_response: { secret },
  };
  const { created_at, start_time, end_time, metadata, source, finish_reason } = said;
  const plain = { created_at, start_time, end_time, metadata, source, finish_reason };

  test('keeps what it used and when, now and when it is changed', async () => {
    const made = await logged({ ...payloads, ...plain, output: secret, save: false });
    const { body } = await change(made, { ...payloads, prompt_tokens: 7, error: secret });
    expect(body).toMatchObject({ ...plain, prompt_tokens: 7, save: false, inputs: {} });
    expect(body).toMatchObject({ output: null, output_message: null, error: null, messages: [] });
    const { rows } = await api.database.pool.query(
      'SELECT log::text AS text FROM log WHERE id = $1',
      [made.id],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0].text).not.toContain(secret);
  });
});

describe('a linked tool', () => {
  const described = {
    name: 'look_up',
    description: 'Looks a country up.',
    parameters: { type: 'object', properties: { country: { type: 'string' } } },
  };
  const toolAt = async (path: string, more: object = {}): Promise<Body> =>
    (await api.post('/tools', { path, function: { ...described, ...more } })).body;
  const upsert = (path: string, linked_tools: unknown) =>
    api.post('/prompts', { path, model: 'm', linked_tools });

  test('is shown as what a model is told of it, in its deployed version', async () => {
    const tool = await toolAt('linked/tool');
    const { body } = await upsert('links', [tool.id]);
    const shown = { ...described, id: tool.id, version_id: tool.version_id };
    expect(body.linked_tools).toEqual([shown]);
    const url = `/prompts/${body.id}`;
    expect((await api.get(url)).body.linked_tools).toEqual([shown]);
    expect((await api.get('/prompts?name=links')).body.records[0].linked_tools).toEqual([shown]);
    expect((await api.get(`${url}/versions`)).body.records[0].linked_tools).toEqual([shown]);
    const { body: made } = await api.post('/prompts/log', { id: body.id });
    expect((await get(made.id)).prompt.linked_tools).toEqual([shown]);

    const next = await toolAt('linked/tool', { description: 'Looks it up.' });
    expect((await api.get(url)).body.linked_tools).toEqual([shown]);
    const [production] = tool.environments;
    await api.post(`/tools/${tool.id}/environments/${production.id}?version_id=${next.version_id}`);
    const { version_id } = next;
    expect((await api.get(url)).body).toMatchObject({
      version_id: body.version_id,
      linked_tools: [{ version_id, description: 'Looks it up.' }],
    });
  });

  test('is part of what defines the version; none is the same as an empty list', async () => {
    const [one, two] = [await toolAt('linked/one'), await toolAt('linked/two')];
    const versions = [];
    for (const linked of [[one.id], [two.id], [one.id, two.id], [], null, undefined, [one.id]]) {
      versions.push((await upsert('defined', linked)).body.version_id);
    }
    const [first, ...others] = versions;
    expect(new Set(versions).size).toBe(4);
    expect(others.at(-1)).toBe(first);
    expect(others[2]).toBe(others[3]);
    expect(others[3]).toBe(others[4]);
  });

  test('that is not there, or is no tool, is refused', async () => {
    const tool = await toolAt('linked/refused');
    const other = (await api.post('/flows', { path: 'linked/flow', attributes: {} })).body;
    const before = await rowCounts(api);
    expectRefusal(await upsert('refused', [tool.id, 'tl_none']), 404);
    expectRefusal(await upsert('refused', [tool.id, other.id]), 422, ['body', 'linked_tools', 1]);
    expectRefusal(await upsert('refused', [tool.id, '']), 422, ['body', 'linked_tools', 1]);
    expectRefusal(await upsert('refused', tool.id), 422, ['body', 'linked_tools']);
    const inline = { path: 'refused', prompt: { model: 'm', linked_tools: ['tl_none'] } };
    expectRefusal(await api.post('/prompts/log', inline), 404);
    expect(await rowCounts(api)).toEqual(before);
  });

  test('that was deleted is not shown any more; the prompt stays what it is', async () => {
    const [one, two] = [await toolAt('linked/stays'), await toolAt('linked/goes')];
    const { body } = await upsert('of deleted', [two.id, one.id]);
    expect(body.linked_tools.map(({ id }: Body) => id)).toEqual([two.id, one.id]);
    await api.delete(`/tools/${two.id}`);
    const { body: after } = await api.get(`/prompts/${body.id}`);
    expect(after.version_id).toBe(body.version_id);
    expect(after.linked_tools.map(({ id }: Body) => id)).toEqual([one.id]);
    const { body: made } = await api.post('/prompts/log', { id: body.id, output: 'x' });
    expect((await get(made.id)).prompt.linked_tools).toHaveLength(1);
    expectRefusal(await upsert('of deleted', [two.id]), 404);
  });

  test('that describes no function is shown by its name and what is said of the file', async () => {
    const { body: tool } = await api.post('/tools', {
      path: 'linked/bare',
      source_code: 'x = 1',
      description: 'Does little.',
    });
    const { body } = await upsert('of bare', [tool.id]);
    const { id, version_id } = tool;
    const shown = { name: 'bare', description: 'Does little.', id, version_id };
    expect(body.linked_tools).toEqual([shown]);
  });
});
