import { describe, expect, onTestFinished, test } from 'vitest';
import { type Answer, testApp } from '../support/app.ts';
import { addOrganization } from '../support/organizations.ts';
import { testPython } from '../support/python.ts';
import { expectRefusal, rowCounts } from '../support/refusals.ts';

const api = await testApp();

const multiply = 'def multiply(a, b=2):\n    print(f"{a} times {b}")\n    return a * b\n';

const call = (source_code: string, inputs: Record<string, unknown> = {}, more = {}) =>
  api.post('/tools/call', { path: 'calls/tool', tool: { source_code }, inputs, ...more });

async function toolAt(path: string, spec: Record<string, unknown>): Promise<Answer['body']> {
  return (await api.post('/tools', { path, ...spec })).body;
}

test('a call runs the last function of the source with the inputs, and is logged', async () => {
  const source = `def helper():\n    return 0\n\nclass Box: pass\n\n${multiply}\nx = 1\n`;
  const tool = await toolAt('calls/multiply', { source_code: source });
  const { statusCode, body } = await api.post('/tools/call', {
    id: tool.id,
    inputs: { a: 6, b: 7 },
    source: 'test',
    metadata: { n: 1 },
    user: 'ann',
  });
  expect(statusCode).toBe(200);
  expect(body).toMatchObject({
    tool: { id: tool.id, version_id: tool.version_id },
    output: '42',
    error: null,
    stdout: '6 times 7\n',
    inputs: { a: 6, b: 7 },
    source: 'test',
    metadata: { n: 1 },
    user: 'ann',
    trace_children: null,
  });
  expect(Date.parse(body.end_time) - Date.parse(body.start_time)).toBeCloseTo(
    body.provider_latency * 1_000,
    -1,
  );
  const { trace_children, tool: shown, ...stored } = (await api.get(`/logs/${body.id}`)).body;
  expect(body).toMatchObject(stored);
});

test.each([
  ['"text"', 'text'],
  ['"ünï 😀"', 'ünï 😀'],
  ['""', ''],
  ['{"a": [1, None, True, 0.5]}', '{"a": [1, null, true, 0.5]}'],
  ['(1, 2)', '[1, 2]'],
  ['None', 'null'],
  ['"a\\x00b\\ud800"', 'a\uFFFDb\uFFFD'],
])('what the function returns is the output, as text or as JSON: %s', async (value, output) => {
  const { body } = await call(`def f():\n    return ${value}\n`);
  expect(body).toMatchObject({ output, error: null });
});

test('a function may be asynchronous', async () => {
  const source =
    'import asyncio\nasync def f():\n    await asyncio.sleep(0.01)\n    return "later"\n';
  expect((await call(source)).body.output).toBe('later');
});

test('an exception is the error of the log, with the line numbers of the source; the call is answered', async () => {
  const source =
    'def f(a):\n    return inner(a)\n\ndef inner(a):\n    print("so far")\n    return a / 0\n\ndef g(a):\n    return f(a)\n';
  const { statusCode, body } = await call(source, { a: 1 });
  expect(statusCode).toBe(200);
  expect(body).toMatchObject({ output: null, stdout: 'so far\n' });
  expect(body.error).toBe(
    [
      'Traceback (most recent call last):',
      '  File "<tool>", line 9, in g',
      '    return f(a)',
      '  File "<tool>", line 2, in f',
      '    return inner(a)',
      '  File "<tool>", line 6, in inner',
      '    return a / 0',
      '           ~~^~~',
      'ZeroDivisionError: division by zero',
    ].join('\n'),
  );
});

test.each([
  ['def f(a, b=1):\n    return 1\n', {}, '`f(a, b=1)` was not called: the input `a` is missing.'],
  [
    'def f(a):\n    return 1\n',
    { b: 1 },
    '`f(a)` was not called: the input `a` is missing; the function has no argument `b`.',
  ],
  ['x = 1\n', {}, 'The source code defines no function at its top level.'],
  [
    'def f():\n    return {1}\n',
    {},
    'The result is neither text nor JSON: Object of type set is not JSON serializable. It is {1}',
  ],
])(
  'what keeps a function from its result is said in a sentence: %s',
  async (source, inputs, error) => {
    expect((await call(source, inputs)).body).toMatchObject({ output: null, error });
  },
);

test('a function takes what it has names for: positional, by keyword, and any', async () => {
  const source = 'def f(a, /, b, *, c=3, **rest):\n    return [a, b, c, rest]\n';
  const { body } = await call(source, { a: 1, b: 2, d: 4 });
  expect(JSON.parse(body.output)).toEqual([1, 2, 3, { d: 4 }]);
});

test('source that is no Python is an error of the log, with its line', async () => {
  const { body } = await call('def f():\n    return (\n');
  expect(body.error).toMatch(/File "<tool>", line 2\n.*SyntaxError: '\(' was never closed$/s);
});

test('variables of the tool are in the environment of its calls, and of no others', async () => {
  const source_code = 'import os\ndef f():\n    return dict(os.environ)\n';
  const one = await toolAt('calls/variables', { source_code });
  await api.post(`/tools/${one.id}/environment-variables`, [{ name: 'TOKEN', value: 'ünï' }]);
  expect((await api.post('/tools/call', { id: one.id })).body.output).toBe('{"TOKEN": "ünï"}');
  const other = await toolAt('calls/no-variables', { source_code });
  expect((await api.post('/tools/call', { id: other.id })).body.output).toBe('{}');
});

test('the version is the one named, the one of the environment named, or the default one', async () => {
  const path = 'calls/versions';
  const source = (n: number) => ({ source_code: `def f():\n    return ${n}\n` });
  const first = await toolAt(path, source(1));
  const second = await toolAt(path, source(2));
  const output = async (query: string) =>
    (await api.post(`/tools/call${query}`, { path })).body.output;
  expect(await output('')).toBe('1');
  expect(await output(`?version_id=${second.version_id}`)).toBe('2');
  expect(await output('?environment=production')).toBe('1');
  expectRefusal(await api.post('/tools/call?environment=nowhere', { path }), 404);
  const inline = await api.post(`/tools/call?version_id=${first.version_id}`, {
    path,
    tool: source(3),
  });
  expectRefusal(inline, 422, ['query']);
});

describe('a tool that the server cannot run', () => {
  test.each([
    [{ function: { name: 'f', description: '' } }, '`json_schema`'],
    [{ source_code: 'def f(): pass', tool_type: 'json_schema' }, '`json_schema`'],
    [{ tool_type: 'python' }, 'no source code'],
    [{ tool_type: 'snippet', setup_values: {} }, '`snippet`'],
  ])('is refused, and nothing is stored: %j', async (tool, reason) => {
    const before = await rowCounts(api);
    const answer = await api.post('/tools/call', { path: 'calls/refused', tool });
    expectRefusal(answer, 422, ['body']);
    expect(answer.body.detail[0].msg).toMatch(/^Only tools with `tool_type` `python`/);
    expect(answer.body.detail[0].msg).toContain(reason);
    expect(await rowCounts(api)).toEqual(before);
  });
});

test('a call that is repeated with its log_id is run once', async () => {
  const source = 'import random\ndef f():\n    return str(random.random())\n';
  const request = { log_id: 'tool-call-once' };
  const answers = await Promise.all(Array.from({ length: 4 }, () => call(source, {}, request)));
  const [first] = answers;
  expect(first?.body.output).toMatch(/^0\.\d+$/);
  for (const { statusCode, body } of answers) {
    expect(statusCode).toBe(200);
    expect(body.output).toBe(first?.body.output);
  }
  expect((await call(source, {}, request)).body.output).toBe(first?.body.output);
  const other = await call(source, { a: 1 }, request);
  expectRefusal(other, 409);
  expect(other.body.code).toBe('log_id_taken');
});

test('a call below another log is in its trace', async () => {
  const { body: flow } = await api.post('/flows/log', {
    path: 'calls/flow',
    flow: { attributes: { n: 1 } },
    log_status: 'incomplete',
  });
  const { body } = await call(multiply, { a: 1 }, { trace_parent_id: flow.id });
  expect(body).toMatchObject({
    trace_parent_id: flow.id,
    trace_id: flow.id,
    trace_flow_id: flow.flow_id,
  });
  const trace = (await api.get(`/logs/${flow.id}`)).body;
  expect(trace.trace_children).toMatchObject([{ id: body.id, output: '2' }]);
});

test('a call that is not to be saved is answered, and stored without what was said', async () => {
  const { body } = await call(multiply, { a: 4 }, { save: false });
  expect(body).toMatchObject({ output: '8', stdout: '4 times 2\n' });
  const stored = (await api.get(`/logs/${body.id}`)).body;
  expect(stored).toMatchObject({ output: null, stdout: null, inputs: {} });
});

test('code that runs too long is stopped, and what it printed until then is kept', async () => {
  const slow = await testApp({
    database: api.database,
    python: testPython({ timeoutMs: 1_500 }),
  });
  const source_code = 'print("begun", flush=True)\ndef f():\n    while True: pass\n';
  const { statusCode, body } = await slow.post('/tools/call', {
    path: 'calls/slow',
    tool: { source_code },
  });
  expect(statusCode).toBe(200);
  expect(body).toMatchObject({
    output: null,
    error: 'The code ran longer than 1.5 s (PYTHON_TIMEOUT_SECONDS) and was stopped.',
    stdout: 'begun\n',
  });
});

test('calls of two tools never share a process, nor do those of two versions of one', async () => {
  const count = (more: string) =>
    `import builtins\ndef f():\n    builtins.n = getattr(builtins, "n", 0) + 1\n    return builtins.n${more}\n`;
  const outputs = [];
  for (const path of ['calls/counts', 'calls/counts-too']) {
    for (const more of ['', ' + 0']) {
      const { id, version_id } = await toolAt(path, { source_code: count(more) });
      const { body } = await api.post(`/tools/call?version_id=${version_id}`, { id });
      outputs.push(body.output);
    }
  }
  expect(outputs).toEqual(['1', '1', '1', '1']);
});

test('calls of two organizations never share a process', async () => {
  const python = testPython();
  const shared = await testApp({ database: api.database, python });
  const source_code =
    'import builtins\ndef f():\n    builtins.n = getattr(builtins, "n", 0) + 1\n    return builtins.n\n';
  const request = { path: 'calls/count', tool: { source_code } };
  const { apiKey: key } = await addOrganization(api, 'a-key-of-others-for-tests');
  const others = async () => {
    const answer = await shared.app.inject({
      method: 'POST',
      url: '/v5/tools/call',
      headers: { 'x-api-key': key },
      payload: request,
    });
    return answer.json().output;
  };
  expect((await shared.post('/tools/call', request)).body.output).toBe('1');
  expect(await others()).toBe('1');
  expect((await shared.post('/tools/call', request)).body.output).toBe('2');
});

describe('where the sandbox cannot start', () => {
  test('a call is refused with a code of its own, its log says why, and all else works', async () => {
    const python = testPython({}, { deno: '/nonexistent/deno' });
    onTestFinished(() => python.stop());
    const without = await testApp({ database: api.database, python });
    const request = { path: 'calls/nowhere', tool: { source_code: multiply }, log_id: 'nowhere' };
    const answer = await without.post('/tools/call', request);
    expect(answer).toMatchObject({ statusCode: 503, body: { code: 'python_unavailable' } });
    expect(answer.body.detail).toMatch(/^Python tools cannot run on this server\./);
    const log = (await without.get('/logs/nowhere')).body;
    expect(log).toMatchObject({ output: null, error: answer.body.detail });
    expect((await without.get('/tools')).statusCode).toBe(200);
  });
});
