import { describe, expect, test } from 'vitest';
import { type Answer, testApp } from '../support/app.ts';
import { kinds, upserted } from '../support/kinds.ts';
import { expectRefusal, rowCounts } from '../support/refusals.ts';

const api = await testApp();

type Body = Answer['body'];

const attributes = { prompt: 'v2', steps: 3 };

async function flowLog(fields: object = {}): Promise<Body> {
  const answer = await api.post('/flows/log', { path: 'flow', flow: { attributes }, ...fields });
  expect(answer.statusCode, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

const opened = (fields: object = {}) => flowLog({ log_status: 'incomplete', ...fields });
const change = (id: string, body: unknown) => api.patch(`/flows/logs/${id}`, body);
const get = async (id: string): Promise<Body> => (await api.get(`/logs/${id}`)).body;

const logged = kinds.filter(({ hasLogs }) => hasLogs);

/** The file of each kind that has logs, by the kind's URL segment. */
const files = new Map<string, Body>();
for (const kind of logged) {
  files.set(kind.collection, await upserted(api, kind, { path: `a ${kind.type}` }));
}
const judged = await flowLog();

/** Logs a run of any kind. */
const log = (collection: string, fields: object = {}) =>
  api.post(`/${collection}/log`, { id: files.get(collection).id, parent_id: judged.id, ...fields });

const below = async (parent: Body, fields: object = {}, collection = 'tools'): Promise<Body> => {
  const answer = await log(collection, { trace_parent_id: parent.id, ...fields });
  expect(answer.statusCode, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};

describe('logging to a flow', () => {
  test('finds the version of its attributes, or makes it', async () => {
    const path = 'found or made';
    const one = await flowLog({ path, flow: { attributes: { a: 1, b: { c: 2, d: 3 } } } });
    expect(one).toEqual({
      id: expect.stringMatching(/^log_/),
      flow_id: expect.stringMatching(/^fl_/),
      version_id: expect.stringMatching(/^flv_/),
      log_status: null,
      trace_status: null,
    });
    const same = await flowLog({ path, flow: { attributes: { b: { d: 3, c: 2 }, a: 1.0 } } });
    expect(same).toMatchObject({ flow_id: one.flow_id, version_id: one.version_id });
    const other = await flowLog({ path, flow: { attributes: {} } });
    expect(other.flow_id).toBe(one.flow_id);
    expect(other.version_id).not.toBe(one.version_id);
    const { body: flow } = await api.get(`/flows/${one.flow_id}`);
    expect(flow).toMatchObject({
      version_id: one.version_id,
      attributes: { a: 1, b: { c: 2, d: 3 } },
    });
  });

  test('keeps what it is told', async () => {
    const told = {
      inputs: { question: 'Why?' },
      messages: [{ role: 'user', content: 'Why?' }],
      output_message: { role: 'assistant', content: 'Because.' },
      stdout: 'printed',
      provider_request: { a: 1 },
      provider_response: { b: 2 },
      source: 'sdk',
      user: 'ada',
      metadata: { run: 1 },
      environment: 'a label',
      source_datapoint_id: 'dp_1',
      log_status: 'complete',
      provider_latency: 0.5,
    };
    const { id, flow_id } = await flowLog({ ...told, start_time: '2026-05-01T12:00:00' });
    expect(await get(id)).toMatchObject({
      ...told,
      id,
      flow: { id: flow_id, type: 'flow', attributes },
      output: null,
      start_time: '2026-05-01T12:00:00.000000Z',
      end_time: null,
      trace_id: id,
      trace_parent_id: null,
      trace_flow_id: null,
      trace_children: [],
      evaluator_logs: [],
    });
  });

  test('needs attributes to describe a version, and a flow to be there without', async () => {
    const request = (body: object) => api.post('/flows/log', body);
    const before = await rowCounts(api);
    expectRefusal(await request({ path: 'x', flow: {} }), 422, ['body', 'flow', 'attributes']);
    expectRefusal(await request({ path: 'x', flow: { attributes: [] } }), 422, [
      'body',
      'flow',
      'attributes',
    ]);
    expectRefusal(await request({ path: 'x', flow: 'text' }), 422, ['body', 'flow']);
    expectRefusal(await request({ path: 'x' }), 404);
    expectRefusal(await request({ path: 'x', flow: { attributes }, run_id: 'rn_1' }), 404);
    expect(await rowCounts(api)).toEqual(before);
  });

  test('of many at once with one set of attributes makes one version', async () => {
    const made = await Promise.all([1, 2, 3, 4, 5, 6].map(() => flowLog({ path: 'raced' })));
    expect(new Set(made.map(({ version_id }) => version_id)).size).toBe(1);
    expect(new Set(made.map(({ id }) => id)).size).toBe(6);
  });
});

describe('a trace', () => {
  test.each(logged.map(({ collection }) => collection))(
    'has logs of %s in it',
    async (collection) => {
      const flow = await opened();
      const child = await below(flow, { output: 'x' }, collection);
      const place = { trace_id: flow.id, trace_parent_id: flow.id, trace_flow_id: flow.flow_id };
      expect(await get(child.id)).toMatchObject(place);
      const { trace_children } = await get(flow.id);
      expect(trace_children).toMatchObject([{ id: child.id, output: 'x', ...place }]);
    },
  );

  test('is as deep as its logs, and shows them in the order they were made', async () => {
    const flow = await opened();
    const step = await below(flow, {}, 'agents');
    const deeper = [await below(step, {}, 'prompts'), await below(step, {}, 'tools')] as const;
    const inner = await below(deeper[1], { log_status: 'incomplete' }, 'flows');
    const last = await below(inner);
    const place = { trace_id: flow.id, trace_flow_id: flow.flow_id };
    expect(await get(flow.id)).toMatchObject({
      trace_id: flow.id,
      trace_children: [
        {
          ...place,
          id: step.id,
          trace_children: [
            { ...place, id: deeper[0].id, trace_parent_id: step.id, trace_children: [] },
            {
              ...place,
              id: deeper[1].id,
              trace_children: [
                { ...place, id: inner.id, trace_children: [{ ...place, id: last.id }] },
              ],
            },
          ],
        },
      ],
    });
    expect((await get(inner.id)).trace_children).toHaveLength(1);
  });

  test('of fifty levels is shown whole', async () => {
    const flow = await opened();
    let parent = flow;
    for (let level = 1; level <= 50; level++) parent = await below(parent);
    let levels = 0;
    for (let at = await get(flow.id); at.trace_children.length > 0; levels++) {
      [at] = at.trace_children;
    }
    expect(levels).toBe(50);
  });

  test('that begins with no flow has no flow', async () => {
    for (const collection of ['agents', 'prompts', 'tools']) {
      const { body: root } = await log(collection);
      const child = await below(root);
      const grandchild = await below(child, { log_status: 'incomplete' }, 'flows');
      const last = await below(grandchild);
      for (const { id } of [child, grandchild, last]) {
        expect(await get(id)).toMatchObject({ trace_id: root.id, trace_flow_id: null });
      }
      expect((await get(root.id)).trace_id).toBe(root.id);
    }
  });

  test('is not begun by a log that has nothing below, but for agents and flows', async () => {
    for (const { collection } of logged) {
      const { body } = await log(collection);
      const begins = collection === 'agents' || collection === 'flows';
      expect((await get(body.id)).trace_id).toBe(begins ? body.id : null);
    }
  });

  test('refuses a log below what is complete, or of which the root is complete', async () => {
    const flow = await opened();
    const step = await below(flow, { log_status: 'incomplete' }, 'agents');
    const done = await below(flow, { log_status: 'complete' }, 'agents');
    const refused = async (parent: Body) => {
      const before = await rowCounts(api);
      for (const { collection } of logged) {
        const answer = await log(collection, { trace_parent_id: parent.id });
        expectRefusal(answer, 409);
        expect(answer.body.code).toBe('trace_complete');
      }
      expect(await rowCounts(api)).toEqual(before);
    };
    await refused(done);
    await below(step);
    await change(flow.id, { inputs: {}, output: 'Done.', log_status: 'complete' });
    await refused(flow);
    await refused(step);
    expect((await get(flow.id)).trace_children).toHaveLength(2);
  });

  test('is gone, however deep, when its root is deleted', async () => {
    const flow = await opened();
    const step = await below(flow);
    const deeper = await below(step, {}, 'prompts');
    expect((await api.delete(`/logs?id=${flow.id}`)).statusCode).toBe(204);
    for (const { id } of [flow, step, deeper]) expectRefusal(await api.get(`/logs/${id}`), 404);
  });
});

describe('changing the log of a flow', () => {
  test('sets what is given, and answers the log', async () => {
    const { id, flow_id } = await opened();
    const messages = [{ role: 'user', content: 'Why?' }];
    const { statusCode, body } = await change(id, { messages, inputs: { a: 1 }, output: 'Half.' });
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({
      id,
      flow: { id: flow_id },
      messages,
      inputs: { a: 1 },
      output: 'Half.',
      log_status: 'incomplete',
      end_time: null,
    });
    const cleared = await change(id, { output: null, error: 'It broke.', inputs: null });
    expect(cleared.body).toMatchObject({ output: null, error: 'It broke.', inputs: { a: 1 } });
    const said = await change(id, {
      error: null,
      output_message: { role: 'assistant', content: 'Ok' },
    });
    // What a flow said last is no output: that is what its program gives.
    expect(said.body).toMatchObject({
      error: null,
      output: null,
      output_message: { role: 'assistant', content: 'Ok' },
      messages,
    });
    // What is said of the flow has counters that follow a second late.
    const { flow, ...same } = said.body;
    expect((await change(id, {})).body).toMatchObject(same);
  });

  test('that is not there, or is of another kind, is refused', async () => {
    expectRefusal(await change('log_none', { output: 'x' }), 404);
    for (const { collection } of logged.filter(({ type }) => type !== 'flow')) {
      const { body } = await log(collection);
      expectRefusal(await change(body.id, { output: 'x' }), 404);
      expect((await get(body.id)).output).toBeNull();
    }
    expectRefusal(await change(judged.id, { output: 'x', error: 'y' }), 422, ['body']);
    expectRefusal(await change(judged.id, { log_status: 'done' }), 422, ['body', 'log_status']);
  });

  test('to complete gives it an end, and it stays complete', async () => {
    const { id } = await opened({ start_time: '2026-05-01T12:00:00Z', inputs: { a: 1 } });
    const { body } = await change(id, { output: 'Done.', log_status: 'complete' });
    expect(body).toMatchObject({ log_status: 'complete', output: 'Done.' });
    expect(Date.now() - Date.parse(body.end_time)).toBeLessThan(60_000);
    const back = await change(id, { log_status: 'incomplete' });
    expectRefusal(back, 409);
    expect(back.body.code).toBe('log_complete');
    const again = await change(id, { log_status: 'complete', output: 'Done again.' });
    expect(again.body).toMatchObject({ output: 'Done again.', end_time: body.end_time });
  });

  test('to complete keeps an end that it has', async () => {
    const end = '2026-05-01T12:00:00.000000Z';
    const { id } = await opened({ end_time: end, inputs: {}, output: 'x' });
    expect((await change(id, { log_status: 'complete' })).body.end_time).toBe(end);
  });

  const message = { role: 'assistant', content: 'x' };
  const asked = [{ role: 'user', content: 'x' }];

  test.each([
    [{}, { output: 'x' }],
    [{ messages: [] }, { output: 'x' }],
    [{ inputs: {} }, {}],
    [{ inputs: {}, output: 'x' }, { output: null }],
    [{ messages: asked }, { inputs: { a: 1 } }],
  ])('that has %j to complete with %j is refused', async (has, update) => {
    const { id } = await opened(has);
    const answer = await change(id, { ...update, log_status: 'complete' });
    expectRefusal(answer, 422, ['body', 'log_status']);
    expect(await get(id)).toMatchObject({ log_status: 'incomplete', end_time: null, ...has });
  });

  test.each([
    [{ inputs: {} }, { output: '' }],
    [{ inputs: { a: 1 } }, { output_message: message }],
    [{ messages: asked }, { error: 'It broke.' }],
    [{ output: 'x' }, { inputs: {} }],
    [{ error: 'x' }, { messages: asked }],
    [{ save: false }, {}],
  ])('that has %j may be completed with %j', async (has, update) => {
    const { id } = await opened(has);
    const answer = await change(id, { ...update, log_status: 'complete' });
    expect(answer).toMatchObject({ statusCode: 200, body: { log_status: 'complete' } });
  });

  test('whose payloads are not stored stores none that come later', async () => {
    const { id } = await opened({ save: false, inputs: { a: 'secret' } });
    const { body } = await change(id, {
      inputs: { b: 'secret' },
      output: 'secret',
      messages: asked,
    });
    expect(body).toMatchObject({ inputs: {}, output: null, messages: [] });
  });
});

describe('the times of a flow', () => {
  const at = (time: string) => `2026-05-01T${time}.000000Z`;
  const span = (start: string, end: string) => ({ start_time: at(start), end_time: at(end) });
  const times = async ({ id }: Body) => {
    const { start_time, end_time } = await get(id);
    return { start_time, end_time };
  };

  test('widen when a log below began earlier or ended later', async () => {
    const flow = await opened(span('12:00:00', '12:10:00'));
    await below(flow, span('12:01:00', '12:09:00'));
    expect(await times(flow)).toEqual(span('12:00:00', '12:10:00'));
    await below(flow, span('11:59:00', '12:05:00'));
    expect(await times(flow)).toEqual(span('11:59:00', '12:10:00'));
    const step = await below(flow, span('12:05:00', '12:11:00'), 'agents');
    expect(await times(flow)).toEqual(span('11:59:00', '12:11:00'));
    await below(step, span('11:58:00', '12:12:00'));
    expect(await times(flow)).toEqual(span('11:58:00', '12:12:00'));
    expect(await times(step)).toEqual(span('12:05:00', '12:11:00'));
  });

  test('widen by whichever time a log below has, and by none if it has none', async () => {
    const flow = await opened(span('12:00:00', '12:10:00'));
    await below(flow, { start_time: at('12:11:00') });
    expect(await times(flow)).toEqual(span('12:00:00', '12:11:00'));
    await below(flow, { end_time: at('11:59:00') });
    expect(await times(flow)).toEqual(span('11:59:00', '12:11:00'));
    await below(flow);
    expect(await times(flow)).toEqual(span('11:59:00', '12:11:00'));
  });

  test('that are not set stay so', async () => {
    const flow = await opened();
    await below(flow, span('11:58:00', '12:12:00'));
    expect(await times(flow)).toEqual({ start_time: null, end_time: null });
    const begun = await opened({ start_time: at('12:00:00') });
    await below(begun, span('11:58:00', '12:12:00'));
    expect(await times(begun)).toEqual({ start_time: at('11:58:00'), end_time: null });
  });

  test('do not change for a log that is refused', async () => {
    const flow = await flowLog({ ...span('12:00:00', '12:10:00'), log_status: 'complete' });
    const late = { trace_parent_id: flow.id, ...span('11:58:00', '12:12:00') };
    expectRefusal(await log('tools', late), 409);
    expect(await times(flow)).toEqual(span('12:00:00', '12:10:00'));
    const open = await opened(span('12:00:00', '12:10:00'));
    const unknown = { id: 'tl_none', trace_parent_id: open.id, ...span('11:58:00', '12:12:00') };
    expectRefusal(await log('tools', unknown), 404);
    expect(await times(open)).toEqual(span('12:00:00', '12:10:00'));
  });

  test('of an agent, or of a flow within a flow, are its own', async () => {
    const { body: agent } = await log('agents', span('12:00:00', '12:10:00'));
    await below(agent, span('11:58:00', '12:12:00'));
    expect(await times(agent)).toEqual(span('12:00:00', '12:10:00'));
    const flow = await opened();
    const inner = await below(flow, span('12:00:00', '12:10:00'), 'flows');
    await below(inner, span('11:58:00', '12:12:00'));
    expect(await times(inner)).toEqual(span('12:00:00', '12:10:00'));
  });

  test('hold every one of many logs that come at once', async () => {
    const flow = await opened(span('12:00:00', '12:10:00'));
    const step = await below(flow, { log_status: 'incomplete' }, 'agents');
    const two = (n: number) => String(n).padStart(2, '0');
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, n) =>
        log(n % 3 === 0 ? 'prompts' : 'tools', {
          trace_parent_id: (n % 2 === 0 ? flow : step).id,
          ...span(`11:30:${two(59 - n)}`, `12:30:${two(n)}`),
        }),
      ),
    );
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(await times(flow)).toEqual(span('11:30:36', '12:30:23'));
    const { trace_children } = await get(flow.id);
    expect(trace_children).toHaveLength(13);
  });
});

describe('two at once', () => {
  test('below a log that is no trace yet begin one trace', async () => {
    const { body: root } = await log('prompts');
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => log('tools', { trace_parent_id: root.id })),
    );
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    const tree = await get(root.id);
    expect(tree).toMatchObject({ trace_id: root.id });
    expect(tree.trace_children).toHaveLength(16);
  });

  test('of which one completes the flow leave no log that came after', async () => {
    const start_time = '2026-05-01T12:00:00Z';
    const flow = await opened({ inputs: {}, output: 'x', start_time });
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, (_, n) =>
        log('tools', { trace_parent_id: flow.id, start_time: `2026-05-01T11:00:0${n}Z` }),
      ),
      change(flow.id, { log_status: 'complete' }),
      ...Array.from({ length: 6 }, () => log('tools', { trace_parent_id: flow.id })),
    ]);
    const codes = answers.map(({ statusCode }) => statusCode);
    expect(codes[6]).toBe(200);
    expect(codes.filter((code) => code !== 200 && code !== 409)).toEqual([]);
    const taken = codes.filter((code) => code === 200).length - 1;
    const tree = await get(flow.id);
    expect(tree.log_status).toBe('complete');
    expect(tree.trace_children).toHaveLength(taken);
    expectRefusal(await log('tools', { trace_parent_id: flow.id }), 409);
  });

  test('of which one deletes the root leave nothing below it', async () => {
    const flow = await opened({ start_time: '2026-05-01T12:00:00Z' });
    const step = await below(flow, {}, 'agents');
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, (_, n) =>
        log('tools', { trace_parent_id: step.id, start_time: `2026-05-01T11:00:0${n}Z` }),
      ),
      api.delete(`/logs?id=${flow.id}`),
      ...Array.from({ length: 5 }, () => log('tools', { trace_parent_id: step.id })),
    ]);
    const codes = answers.map(({ statusCode }) => statusCode);
    expect(codes[5]).toBe(204);
    expect(codes.toSpliced(5, 1).filter((code) => code !== 200 && code !== 404)).toEqual([]);
    const { rows } = await api.database.pool.query(
      'SELECT id FROM log WHERE trace_id = $1 OR id = $1',
      [flow.id],
    );
    expect(rows).toEqual([]);
  });
});
