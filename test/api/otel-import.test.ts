import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Answer, apiKey, testApp } from '../support/app.ts';
import { addOrganization, rowsOf } from '../support/organizations.ts';
import { addSpan, askSpan, nodePayload, pythonPayload } from '../support/otel-payloads.ts';
import { expectRefusal, rowCounts, send } from '../support/refusals.ts';

const api = await testApp();
const url = '/v5/import/otel/v1/traces';
const inSpan = 'resourceSpans.0.scopeSpans.0.spans.0';

/** Sends a payload as the Python client does: as a text, without a word of what it is. */
async function imported(payload: unknown, key = apiKey): Promise<Answer> {
  const { statusCode, headers, body } = await api.app.inject({
    method: 'POST',
    url,
    headers: { 'x-api-key': key },
    payload: JSON.stringify(payload),
  });
  return { statusCode, headers, body: JSON.parse(body) };
}

const provider = (attributes: Record<string, string>) =>
  pythonPayload({ scope: 'provider', attributes });

/** Begins a flow, as the decorator does. */
async function begunFlow(path = 'Sums/flow'): Promise<string> {
  const { body } = await api.post('/flows/log', {
    path,
    flow: { attributes: {} },
    inputs: { question: 'What is two and two?' },
    log_status: 'incomplete',
  });
  return body.id;
}

const endAttributes = (logId: string, log: Record<string, string> = {}) => ({
  'humanloop.file.path': 'Sums/flow',
  'humanloop.file.type': 'flow',
  'humanloop.log.id': logId,
  'humanloop.log.log_status': 'complete',
  ...log,
});

const endOf = (logId: string, log: Record<string, string> = { 'humanloop.log.output': 'Four.' }) =>
  pythonPayload({ attributes: endAttributes(logId, log) });

async function logOf({ statusCode, body }: Answer) {
  expect(statusCode, JSON.stringify(body)).toBe(200);
  expect(body.records).toHaveLength(1);
  const { body: log } = await api.get(`/logs/${body.records[0]}`);
  return log;
}

/**
 * Expects that a payload was read, and its only span rejected for these reasons, of which each is said
 * at its place: `attributes: …`.
 */
function expectRejected({ statusCode, body }: Answer, code: string, ...reasons: readonly string[]) {
  expect(statusCode, JSON.stringify(body)).toBe(200);
  const { errorMessage } = body.partialSuccess;
  expect(body).toEqual({ records: [], partialSuccess: { rejectedSpans: 1, errorMessage } });
  expect(errorMessage).toMatch(new RegExp(`^${inSpan}[.:].* \\(${code}\\)$`));
  for (const reason of reasons) expect(errorMessage).toContain(`${inSpan}${reason}`);
}

const below = (parent: string) => addSpan({ 'humanloop.log.trace_parent_id': parent });

test('a payload is JSON whatever its content type says', async () => {
  const payload = () => JSON.stringify(pythonPayload({ attributes: addSpan() }));
  const types = [
    'application/json',
    'text/plain;charset=UTF-8',
    'application/x-www-form-urlencoded',
    'application/octet-stream',
  ];
  for (const type of types) {
    const answer = await send(api, 'POST', url, payload(), { 'content-type': type });
    expect(answer.statusCode, type).toBe(200);
    expect(answer.body.records).toHaveLength(1);
  }
  expect((await imported(JSON.parse(payload()))).statusCode).toBe(200);
  const elsewhere = await send(api, 'POST', '/v5/tools/log', '{}', {
    'content-type': 'text/plain',
  });
  expectRefusal(elsewhere, 415);
});

describe('a call of a tool', () => {
  test('becomes a log of the version that was called', async () => {
    const log = await logOf(await imported(pythonPayload({ attributes: addSpan() })));
    expect(log).toMatchObject({
      tool: { path: 'Sums/add', tool_type: 'json_schema', signature: 'add(a, b)' },
      inputs: { a: '2', b: '2' },
      output: '4',
      error: null,
      start_time: '2026-05-01T12:00:00.000000Z',
      end_time: '2026-05-01T12:00:00.250000Z',
      provider_latency: 0.25,
      trace_id: null,
    });
  });

  test('finds its version again, and makes another for another function', async () => {
    const version = async (attributes: Record<string, string>) => {
      const log = await logOf(await imported(pythonPayload({ attributes })));
      return log.tool.version_id;
    };
    const first = await version(addSpan());
    expect(await version(addSpan({ 'humanloop.log.inputs.a': '3' }))).toBe(first);
    expect(await version(addSpan({ 'humanloop.file.source_code': 'add = sum' }))).not.toBe(first);
    const { body: file } = await api.get(`/tools?name=add`);
    const { body: versions } = await api.get(`/tools/${file.records[0].id}/versions`);
    expect(versions.records).toHaveLength(2);
  });

  test('that failed has an error, and no output', async () => {
    const attributes = addSpan({
      'humanloop.log.output': 'null',
      'humanloop.log.error': 'Too large.',
    });
    const log = await logOf(await imported(pythonPayload({ attributes })));
    expect(log).toMatchObject({ output: null, error: 'Too large.' });
  });
});

describe('a call of a model', () => {
  test('becomes a log of the version that its settings define', async () => {
    const log = await logOf(await imported(provider(askSpan())));
    expect(log).toMatchObject({
      prompt: {
        path: 'Sums/ask',
        model: 'gpt-4o',
        provider: 'openai',
        temperature: 0.5,
        max_tokens: 64,
      },
      messages: [{ role: 'user', content: 'What is two and two?' }],
      output_message: { role: 'assistant', content: 'Four.' },
      output: 'Four.',
      finish_reason: 'stop',
      prompt_tokens: 12,
      output_tokens: 3,
      provider_latency: 0.25,
    });
  });

  test('with other settings makes a second version of a prompt that was there', async () => {
    const path = 'Sums/kept';
    const { body: kept } = await api.post('/prompts', { path, model: 'gpt-4o', temperature: 0.5 });
    const attributes = askSpan({ 'humanloop.file.path': path });
    const { prompt: other } = await logOf(await imported(provider(attributes)));
    expect(other).toMatchObject({ id: kept.id, max_tokens: 64 });
    expect(other.version_id).not.toBe(kept.version_id);
    delete attributes['gen_ai.request.max_tokens'];
    const { prompt: same } = await logOf(await imported(provider(attributes)));
    expect(same.version_id).toBe(kept.version_id);
  });

  test('inside of a flow is a step of its trace', async () => {
    const parent = await begunFlow();
    const attributes = askSpan({ 'humanloop.log.trace_parent_id': parent });
    const step = await logOf(await imported(provider(attributes)));
    expect(step).toMatchObject({ trace_parent_id: parent, trace_id: parent });
    const { body: flow } = await api.get(`/logs/${parent}`);
    expect(flow.trace_children.map(({ id }: { id: string }) => id)).toEqual([step.id]);
  });
});

describe('the end of a flow', () => {
  test('completes the log that was made at its beginning', async () => {
    const logId = await begunFlow();
    const { body } = await imported(endOf(logId));
    expect(body).toEqual({ records: [logId] });
    const { body: log } = await api.get(`/logs/${logId}`);
    expect(log).toMatchObject({
      log_status: 'complete',
      output: 'Four.',
      inputs: { question: 'What is two and two?' },
    });
    expect(log.start_time).toBe(log.created_at);
    expect(Date.parse(log.end_time)).toBeGreaterThanOrEqual(Date.parse(log.start_time));
  });

  test('may be a message, an error, or nothing', async () => {
    const outcomes = [
      [
        {
          'humanloop.log.output_message.role': 'assistant',
          'humanloop.log.output_message.content': 'Four.',
        },
        { output_message: { role: 'assistant', content: 'Four.' }, error: null },
      ],
      [
        { 'humanloop.log.error': 'No sum.', 'humanloop.log.output': 'null' },
        { output: null, error: 'No sum.' },
      ],
      [{}, { output: '', error: null }],
    ] as const;
    for (const [said, expected] of outcomes) {
      const log = await logOf(await imported(endOf(await begunFlow(), said)));
      expect(log).toMatchObject({ ...expected, log_status: 'complete' });
    }
  });

  test('may come twice', async () => {
    const logId = await begunFlow();
    const end = endOf(logId);
    // The flow itself has counters, which follow a second late.
    const { flow, ...before } = await logOf(await imported(end));
    expect(await logOf(await imported(end))).toEqual({ ...before, flow: expect.anything() });
    expect(flow.path).toBe('Sums/flow');
  });

  test('names the datapoint that it was evaluated with', async () => {
    const said = { 'humanloop.log.output': 'Four.', 'humanloop.log.source_datapoint_id': 'dp_1' };
    const log = await logOf(await imported(endOf(await begunFlow(), said)));
    expect(log).toMatchObject({ source_datapoint_id: 'dp_1', output: 'Four.' });
  });

  test('of a log that is not there, or no flow’s, is rejected', async () => {
    const notThere = (id: string) => `: There is no log \`${id}\`.`;
    expectRejected(await imported(endOf('log_none')), 'log_not_found', notThere('log_none'));
    const { id } = await logOf(await imported(pythonPayload({ attributes: addSpan() })));
    expectRejected(await imported(endOf(id)), 'log_not_found', notThere(id));
  });

  test('of a log that was deleted, or that names none, is rejected, and the next flow is kept', async () => {
    const deleted = await begunFlow();
    await api.delete(`/logs?id=${deleted}`);
    expectRejected(await imported(endOf(deleted)), 'log_not_found');
    const { 'humanloop.log.id': _, ...attributes } = endAttributes(deleted);
    const reason = '.attributes.humanloop.log.id: Field required';
    expectRejected(await imported(pythonPayload({ attributes })), 'invalid', reason);
    const next = await begunFlow();
    expect(await logOf(await imported(endOf(next)))).toMatchObject({ log_status: 'complete' });
  });
});

describe('the steps of a trace', () => {
  const start = Date.UTC(2026, 4, 1, 12);

  /** Sends steps in the reverse order; answers the outputs of those in the trace. */
  async function shownOrder(...times: readonly (readonly [start: number, end: number])[]) {
    const parent = await begunFlow();
    for (const [index, [begin, end]] of [...times.entries()].toReversed()) {
      const attributes = { ...below(parent), 'humanloop.log.output': `${index}` };
      const span = { attributes, start: start + begin, end: start + end };
      expect((await imported(nodePayload(span))).statusCode).toBe(200);
    }
    const { body } = await api.get(`/logs/${parent}`);
    return body.trace_children.map(({ output }: { output: string }) => output);
  }

  test('are in the order in which they began, whichever ended or came first', async () => {
    expect(await shownOrder([0, 50], [1, 2], [3, 4])).toEqual(['0', '1', '2']);
  });

  test('that began in one millisecond are in the order in which they ended', async () => {
    expect(await shownOrder([0, 0.3], [0, 0.7], [0, 40])).toEqual(['0', '1', '2']);
  });
});

describe('a step that comes after its flow was completed', () => {
  test('is taken for a minute, here alone', async () => {
    const parent = await begunFlow();
    await imported(endOf(parent));
    const late = await logOf(await imported(pythonPayload({ attributes: below(parent) })));
    expect(late).toMatchObject({ trace_parent_id: parent, trace_id: parent });
    const deeper = await logOf(await imported(pythonPayload({ attributes: below(late.id) })));
    expect(deeper).toMatchObject({ trace_parent_id: late.id, trace_id: parent });
    const logged = await api.post('/tools/log', { path: 'Sums/add', trace_parent_id: parent });
    expectRefusal(logged, 409);
    expect(logged.body.code).toBe('trace_complete');
  });

  test('may come at once with the end of it', async () => {
    const parent = await begunFlow();
    const steps = Array.from({ length: 5 }, () => pythonPayload({ attributes: below(parent) }));
    const answers = await Promise.all(
      [...steps, endOf(parent), endOf(parent)].map((payload) => imported(payload)),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(7).fill(200));
    const { body: log } = await api.get(`/logs/${parent}`);
    expect(log).toMatchObject({ log_status: 'complete', output: 'Four.' });
    expect(log.trace_children).toHaveLength(5);
  });

  test('is rejected after that', async () => {
    const at = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();
    const ended = {
      path: 'Sums/flow',
      flow: { attributes: {} },
      log_status: 'complete',
      output: 'x',
    };
    const takenBelow = async (parent: Record<string, unknown>) => {
      const { body } = await api.post('/flows/log', { ...ended, ...parent });
      return imported(pythonPayload({ attributes: below(body.id) }));
    };
    await logOf(await takenBelow({ start_time: at(90), end_time: at(50) }));
    const late = await takenBelow({ start_time: at(90), end_time: at(70) });
    expectRejected(late, 'trace_complete');
    await logOf(await takenBelow({ created_at: at(50) }));
    expectRejected(await takenBelow({ created_at: at(70) }), 'trace_complete');
  });
});

describe('a span that comes again', () => {
  test('makes no second log, and has the same answer', async () => {
    for (const payload of [
      pythonPayload({ attributes: addSpan() }),
      nodePayload({ attributes: addSpan() }),
      provider(askSpan()),
    ]) {
      const first = await imported(payload);
      const before = await rowCounts(api);
      expect((await imported(payload)).body).toEqual(first.body);
      expect(await rowCounts(api)).toEqual(before);
    }
  });

  test('makes no second log when it comes twice at once, with a version that is new', async () => {
    const payloads = Array.from({ length: 5 }, (_, n) =>
      provider(askSpan({ 'humanloop.file.path': `Sums/at-once-${n}` })),
    );
    const answers = await Promise.all(
      [...payloads, ...payloads].map((payload) => imported(payload)),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(10).fill(200));
    const ids = answers.map(({ body }) => body.records[0]);
    expect(ids.slice(5)).toEqual(ids.slice(0, 5));
    expect(new Set(ids).size).toBe(5);
  });

  test('has its answer even when its flow was closed long ago', async () => {
    const id = randomBytes(8);
    const parent = await begunFlow();
    const payload = pythonPayload({ attributes: below(parent), id });
    const first = await imported(payload);
    await api.patch(`/flows/logs/${parent}`, { output: 'x', log_status: 'complete' });
    expect((await imported(payload)).body).toEqual(first.body);
  });

  test('with other words is rejected: it is another span of the same id', async () => {
    const id = randomBytes(8);
    await imported(pythonPayload({ attributes: addSpan(), id }));
    const other = addSpan({ 'humanloop.log.output': '5' });
    const answer = await imported(pythonPayload({ attributes: other, id }));
    expectRejected(answer, 'log_id_taken');
  });
});

test('spans of others are passed over', async () => {
  const before = await rowCounts(api);
  const others = [
    {},
    { resourceSpans: [] },
    { resourceSpans: [{ scopeSpans: [{}] }] },
    pythonPayload({ scope: 'other', attributes: addSpan() }),
    pythonPayload({ attributes: {} }),
  ];
  for (const payload of others) {
    const answer = await imported(payload);
    expect([answer.statusCode, answer.body]).toEqual([200, { records: [] }]);
  }
  expect((await send(api, 'POST', url)).body).toEqual({ records: [] });
  expect(await rowCounts(api)).toEqual(before);
});

test('a payload of several spans has its logs in their order', async () => {
  const [first, second] = [pythonPayload({ attributes: addSpan() }), provider(askSpan())];
  const both = { resourceSpans: [...first.resourceSpans, ...second.resourceSpans] };
  const { body } = await imported(both);
  expect(body.records).toHaveLength(2);
  const logs = await Promise.all(body.records.map((id: string) => api.get(`/logs/${id}`)));
  expect(logs.map(({ body }) => body.tool?.path ?? body.prompt?.path)).toEqual([
    'Sums/add',
    'Sums/ask',
  ]);
});

test('another organization has logs of its own, and cannot add to those of others', async () => {
  const { organizationId, apiKey: theirKey } = await addOrganization(api, 'the-key-of-others');
  const { organizationId: ours } = api.workspace;
  const payload = pythonPayload({ attributes: addSpan() });
  await imported(payload);
  const parent = await begunFlow();
  const before = await rowsOf(api, ours);
  const notTheirs = [pythonPayload({ attributes: below(parent) }), endOf(parent)];
  for (const each of notTheirs) expectRejected(await imported(each, theirKey), 'log_not_found');
  expect((await imported(payload, theirKey)).body.records).toHaveLength(1);
  expect(await rowsOf(api, ours)).toEqual(before);
  const theirs = await rowsOf(api, organizationId);
  expect(theirs.filter((row) => row.startsWith('log '))).toHaveLength(1);
});

describe('refused is', () => {
  test('what is not JSON, or not text', async () => {
    const text = { 'content-type': 'text/plain' };
    expectRefusal(await send(api, 'POST', url, '{"resourceSpans"', text), 422);
    expectRefusal(await send(api, 'POST', url, Buffer.from([10, 200, 1]), text), 422, ['body']);
    expectRefusal(await send(api, 'POST', url, '[]', text), 422, ['body']);
    expectRefusal(await send(api, 'POST', url, '"text"', text), 422, ['body']);
  });

  test('spans that are no list', async () => {
    const answer = await imported({ resourceSpans: [{ scopeSpans: [{ spans: {} }] }] });
    const loc = ['body', 'resourceSpans', 0, 'scopeSpans', 0, 'spans'];
    expectRefusal(answer, 422, loc);
  });

  test('what is nested deeper than 100', async () => {
    const deep = `{"resourceSpans":${'['.repeat(100)}${']'.repeat(100)}}`;
    expectRefusal(await send(api, 'POST', url, deep), 422);
  });

  test('a request without a key', async () => {
    const payload = JSON.stringify(pythonPayload({ attributes: addSpan() }));
    expectRefusal(await send(api, 'POST', url, payload, { 'x-api-key': 'none' }), 401);
  });
});

describe('rejected, with the answer 200, is', () => {
  test.each([
    ['no span', null, ': Must be an object'],
    ['a span without ids', { traceId: 'AAAA' }, '.spanId: Field required'],
    [
      'a time that is no number',
      { traceId: 'a', spanId: 'b', startTimeUnixNano: '12:00' },
      '.startTimeUnixNano: ',
    ],
    [
      'an attribute without a key',
      { traceId: 'a', spanId: 'b', attributes: [{ value: {} }] },
      '.attributes.0.key: Field required',
    ],
  ])('%s', async (_, span, reason) => {
    const answer = await imported({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
    expectRejected(answer, 'invalid', reason);
  });

  test('a span that does not name its file, or names it badly', async () => {
    const { 'humanloop.file.path': _, ...without } = addSpan();
    const answer = await imported(pythonPayload({ attributes: without }));
    expectRejected(answer, 'invalid', '.attributes.humanloop.file.path: Field required');
    for (const path of ['', '/add', 'a//b', 'a/../b']) {
      const attributes = addSpan({ 'humanloop.file.path': path });
      expectRejected(await imported(pythonPayload({ attributes })), 'invalid', '.path: ');
    }
  });

  test('a span whose file is of another kind', async () => {
    await api.post('/prompts', { path: 'Sums/prompt', model: 'gpt-4o' });
    const attributes = addSpan({ 'humanloop.file.path': 'Sums/prompt' });
    expectRejected(await imported(pythonPayload({ attributes })), 'path_taken');
  });

  test('a span whose parent, or whose evaluation run, is not there', async () => {
    const orphan = await imported(pythonPayload({ attributes: below('log_none') }));
    expectRejected(orphan, 'log_not_found');
    const attributes = addSpan({ 'humanloop.log.run_id': 'rn_none' });
    expectRejected(await imported(pythonPayload({ attributes })), 'evaluation_run_not_found');
  });

  test('a model call that names no model, or has a setting out of its limits', async () => {
    const attributes = askSpan({ 'llm.presence_penalty': '3' });
    expectRejected(await imported(provider(attributes)), 'invalid', '.prompt.presence_penalty: ');
    const { 'gen_ai.request.model': _, ...without } = askSpan();
    const answer = await imported(provider(without));
    expectRejected(answer, 'invalid', '.prompt.model: ');
  });

  test('a key that leads nowhere', async () => {
    for (const key of ['humanloop.log.inputs.__proto__.x', `humanloop.${'a.'.repeat(200)}`]) {
      const attributes = addSpan({ [key]: 'x' });
      expectRejected(await imported(pythonPayload({ attributes })), 'invalid', '.attributes: ');
    }
  });

  test('what cannot be stored; a text that JSON in a text of a span brings in is kept as it is', async () => {
    const texts = ['"a\\u0000b"', '"\\ud800"', '1e999'];
    for (const text of texts) {
      const payload = pythonPayload({ attributes: addSpan({ 'humanloop.log.output': 'HERE' }) });
      const body = JSON.stringify(payload).replace(
        '{"stringValue":"HERE"}',
        `{"${text.startsWith('"') ? 'stringValue' : 'doubleValue'}":${text}}`,
      );
      const headers = { 'content-type': 'text/plain' };
      for (const answer of [
        await send(api, 'POST', url, body),
        await send(api, 'POST', url, body, headers),
      ]) {
        expectRejected(answer, 'invalid', '.attributes.0.value.');
      }
    }
    const inside = askSpan({
      'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"\\u0000"}]}]',
    });
    const log = await logOf(await imported(provider(inside)));
    expect(log.messages[0].content).toBe(inside['gen_ai.input.messages']);
  });

  test('each bad span of a payload: the good ones are kept, and nothing of the others', async () => {
    const good = (path: string) =>
      pythonPayload({ attributes: addSpan({ 'humanloop.file.path': path }) });
    const orphan = addSpan({
      'humanloop.file.path': 'Sums/orphan',
      'humanloop.log.trace_parent_id': 'log_none',
    });
    const payloads = [
      pythonPayload({ attributes: { 'humanloop.file.type': 'tool' } }),
      good('Sums/first'),
      pythonPayload({ attributes: orphan }),
      good('Sums/second'),
    ];
    const { statusCode, body } = await imported({
      resourceSpans: payloads.flatMap(({ resourceSpans }) => resourceSpans),
    });
    expect(statusCode).toBe(200);
    const logs = await Promise.all(body.records.map((id: string) => api.get(`/logs/${id}`)));
    expect(logs.map(({ body }) => body.tool.path)).toEqual(['Sums/first', 'Sums/second']);
    expect(body.partialSuccess.rejectedSpans).toBe(2);
    expect(body.partialSuccess.errorMessage.split('\n')).toEqual([
      'resourceSpans.0.scopeSpans.0.spans.0.attributes.humanloop.file.path: Field required (invalid)',
      'resourceSpans.2.scopeSpans.0.spans.0: There is no log `log_none`. (log_not_found)',
    ]);
    const { body: found } = await api.get('/tools?name=orphan');
    expect(found.records).toEqual([]);
  });

  test('what comes after a thousand spans, and ten reasons are told', async () => {
    const spans = Array.from({ length: 1_012 }, (_, n) => ({ traceId: 'a', spanId: `${n}` }));
    const { statusCode, body } = await imported({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({ records: [], partialSuccess: { rejectedSpans: 12 } });
    const lines = body.partialSuccess.errorMessage.split('\n');
    expect(lines).toHaveLength(11);
    expect(lines[0]).toBe(
      'resourceSpans.0.scopeSpans.0.spans.1000: A payload can have at most 1000 spans. (invalid)',
    );
    expect(lines[10]).toBe('And 2 more.');
  });
});

test('a span that was rejected is told of in the log of the server', async () => {
  const { 'humanloop.file.path': _, ...without } = addSpan();
  const answer = await imported(pythonPayload({ attributes: without }));
  const lines = api.logged.map((line) => JSON.parse(line));
  expect(lines).toContainEqual({
    time: expect.any(String),
    level: 'warn',
    message: 'Spans were rejected.',
    request_id: answer.headers['x-request-id'],
    ...answer.body.partialSuccess,
  });
});

test('a database that fails is a failure of the request, not of a span', async () => {
  await api.database.pool.query('ALTER TABLE log RENAME TO log_elsewhere');
  try {
    const answer = await imported(pythonPayload({ attributes: addSpan() }));
    expect(answer.statusCode).toBe(500);
    expect(answer.body.code).toBe('internal');
  } finally {
    await api.database.pool.query('ALTER TABLE log_elsewhere RENAME TO log');
  }
});
