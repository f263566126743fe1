import { describe, expect, test } from 'vitest';
import { openaiProvider } from '../../src/providers/openai/openai-provider.ts';
import { callOf, hello, lookup, scripted } from '../support/agents.ts';
import { type Answer, testApp } from '../support/app.ts';
import { startFakeProvider } from '../support/fake-provider.ts';
import { heldModel } from '../support/held-model.ts';
import { expectRefusal, rowCounts } from '../support/refusals.ts';
import { whenDone } from '../support/when-done.ts';

type Body = Answer['body'];

const fake = await startFakeProvider();
whenDone(() => fake.close());
const openai = openaiProvider({ apiKey: 'sk-openai', baseUrl: `${fake.url}/v1` });
const api = await testApp({ providers: { openai } });

const common = { arguments_type: 'target_free', return_type: 'boolean' };

/** The spec of an evaluator with this code. */
const python = (code: string, more: object = {}) => ({
  evaluator_type: 'python',
  ...common,
  code,
  ...more,
});

/** The spec of an evaluator that asks the mock provider, which gives this answer. */
const llm = (answer: string, more: object = {}, prompt: object = {}) => ({
  evaluator_type: 'llm',
  ...common,
  prompt: {
    provider: 'mock',
    model: 'mock',
    template: [{ role: 'user', content: 'Is this right? {{log.output}}' }],
    other: { script: [{ content: answer }] },
    ...prompt,
  },
  ...more,
});

async function call(request: object, query = ''): Promise<Body> {
  const { statusCode, body } = await api.post(`/evaluators/call${query}`, request);
  expect(statusCode, JSON.stringify(body)).toBe(200);
  return body;
}

/** What an evaluator says of a log that is given with the request. */
const tryOn = (log: object, spec: object, more: object = {}) => call({ spec, log, ...more });

async function post(url: string, request: object): Promise<Body> {
  const { statusCode, body } = await api.post(url, request);
  expect(statusCode, JSON.stringify(body)).toBe(200);
  return body;
}

const promptLog = (more: object = {}) =>
  post('/prompts/log', {
    path: 'judged/prompt',
    prompt: { model: 'm', template: 'Answer {{q}}.' },
    inputs: { q: 'Who?' },
    output: 'Ada.',
    ...more,
  });

describe('a call of an evaluator', () => {
  test('judges a log that is stored, and stores nothing', async () => {
    const { id } = await promptLog();
    const spec = python(
      'def is_ada(log):\n    print(log["id"])\n    return "Ada" in log["output"]\n',
    );
    const evaluator = await post('/evaluators', { path: 'calls/is-ada', spec });
    const before = await rowCounts(api);
    const body = await call({ path: 'calls/is-ada', log_id: id });
    expect(body).toMatchObject({
      evaluator: { id: evaluator.id, version_id: evaluator.version_id },
      parent_id: id,
      judgment: true,
      error: null,
      stdout: `${id}\n`,
      start_time: expect.any(String),
      end_time: expect.any(String),
      provider_latency: expect.any(Number),
    });
    expect(await rowCounts(api)).toEqual(before);
    expectRefusal(await api.get(`/logs/${body.id}`), 404);
  });

  test('with `save` is a log of the evaluator', async () => {
    const { id } = await promptLog();
    const spec = llm('It is.\nTrue');
    const body = await call({ path: 'calls/saved', spec, log_id: id, save: true });
    expect(body).toMatchObject({ parent_id: id, judgment: true, output: 'It is.\nTrue' });
    const { evaluator_logs } = (await api.get(`/logs/${id}`)).body;
    expect(evaluator_logs).toMatchObject([{ id: body.id, judgment: true }]);
    expect((await api.get(`/logs/${body.id}`)).body).toMatchObject({
      evaluator: { path: 'calls/saved', version_id: body.evaluator.version_id },
      inputs: { 'log.output': 'Ada.' },
      provider_request: body.provider_request,
    });
  });

  test('with `save` is a log of the version that judged, whatever is deployed meanwhile', async () => {
    const held = heldModel();
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    held.before = () => {
      asked.resolve();
      return answer.promise;
    };
    const slow = await testApp({ database: api.database, providers: { mock: held.provider } });
    const { id } = await promptLog();
    const path = 'calls/deployed';
    const evaluator = await post('/evaluators', { path, spec: llm('True') });
    const saving = slow.post('/evaluators/call', { path, log_id: id, save: true });
    await asked.promise;
    const other = await post('/evaluators', { path, spec: llm('False') });
    const environments = await api.get(`/evaluators/${evaluator.id}/environments`);
    const [{ id: environment }] = environments.body;
    await post(
      `/evaluators/${evaluator.id}/environments/${environment}?version_id=${other.version_id}`,
      {},
    );
    answer.resolve();
    const { body } = await saving;
    expect(body.evaluator.version_id).toBe(evaluator.version_id);
  });

  test('takes the version that the request names', async () => {
    const path = 'calls/versions';
    const answers = (value: string) => ({
      path,
      spec: python(`def f(log):\n    return ${value}\n`),
    });
    await post('/evaluators', answers('True'));
    const { version_id } = await post('/evaluators', answers('False'));
    const log = { output: '' };
    expect(await call({ path, log })).toMatchObject({ judgment: true });
    expect(await call({ path, log, version_id })).toMatchObject({ judgment: false });
    expect(await call({ path, log }, `?version_id=${version_id}`)).toMatchObject({
      judgment: false,
    });
    expect(await call({ path, log, environment: 'production' })).toMatchObject({ judgment: true });
    expectRefusal(await api.post('/evaluators/call', { path, log, version_id: 'evv_none' }), 404);
    expectRefusal(
      await api.post('/evaluators/call', { path, log, version_id, environment: 'production' }),
      422,
    );
  });

  test('that cannot be made is refused', async () => {
    const spec = python('def f(log):\n    return True\n');
    const log = { output: '' };
    await post('/evaluators', {
      path: 'calls/human',
      spec: { ...common, evaluator_type: 'human' },
    });
    const before = await rowCounts(api);
    const refused = async (request: object, status: number, ...locs: (string | number)[][]) =>
      expectRefusal(await api.post('/evaluators/call', request), status, ...locs);
    await refused({ log }, 422, ['body']);
    await refused({ spec }, 422, ['body', 'log_id']);
    await refused({ spec, log, log_id: 'log_none' }, 422, ['body', 'log']);
    await refused({ spec, log_id: 'log_none' }, 404);
    await refused({ spec, log, save: true }, 422, ['body', 'log_id']);
    await refused({ spec, log, version_id: 'evv_none' }, 422, ['body', 'spec']);
    await refused({ spec: { ...spec, code: '' }, log }, 422, ['body', 'spec', 'code']);
    await refused({ spec, log: 'text' }, 422, ['body', 'log']);
    await refused({ spec, log, testcase: [] }, 422, ['body', 'testcase']);
    await refused({ path: 'calls/none', log }, 404);
    await refused({ path: 'calls/human', log }, 422, ['body']);
    await refused({ spec: { ...common, evaluator_type: 'external' }, log }, 422, ['body']);
    expect(await rowCounts(api)).toEqual(before);
    const noKey = llm('', {}, { provider: 'anthropic' });
    const other = await testApp({ providers: { anthropic: { ...openai, apiKey: undefined } } });
    const answer = await other.post('/evaluators/call', { spec: noKey, log });
    expect(answer).toMatchObject({ statusCode: 422, body: { code: 'missing_provider_key' } });
  });
});

describe('the code of an evaluator', () => {
  const boolean = {};
  const number = { return_type: 'number', number_limits: { max: 5 } };
  const select = { return_type: 'select', options: [{ name: 'good' }] };
  const multiSelect = { return_type: 'multi_select', options: [{ name: 'good' }] };
  const text = { return_type: 'text' };
  /** An evaluator that returns the value of an expression. */
  const returning = (expression: string, more: object) =>
    tryOn({ output: expression }, python('def f(log):\n    return eval(log["output"])\n', more));

  test.each([
    ['1', boolean, 'returned int where boolean is declared'],
    ['0.5', boolean, 'returned float where boolean is declared'],
    ['"True"', boolean, 'returned str where boolean is declared'],
    ['log', boolean, 'returned dict where boolean is declared'],
    ['[True]', boolean, 'returned list where boolean is declared'],
    ['{1, 2}', boolean, 'returned set, which is not JSON'],
    ['True', number, 'returned bool where number is declared'],
    ['"5"', number, 'returned str where number is declared'],
    ['7', number, 'The judgment must be at most 5.'],
    ['float("nan")', number, 'returned nan, which is not JSON'],
    ['float("-inf")', number, 'returned -inf, which is not JSON'],
    ['"maybe"', select, 'This evaluator has no option `maybe`.'],
    ['["good", "good"]', multiSelect, 'The judgment has the option `good` twice.'],
    ['[1]', multiSelect, 'returned list where multi_select is declared'],
    ['"x" * 100_001', text, 'A judgment of this evaluator must have at most 100000 characters.'],
    ['"x" * 5_000_000', text, 'returned str of 5000002 characters; at most 1000000 are allowed'],
    ['{"judgment": "x", "reason": 1}', text, 'returned int as `reason`, which is a str'],
    ['{"judgment": "x", "metadata": []}', text, 'returned list as `metadata`, which is a dict'],
  ])(
    'that returns what its evaluator cannot say is an error: %s',
    async (expression, more, error) => {
      const body = await returning(expression, more);
      expect(body).toMatchObject({ judgment: null, error });
    },
  );

  test.each([
    ['None', boolean, { judgment: null, error: null }],
    ['False', boolean, { judgment: false }],
    ['0.5', number, { judgment: 0.5 }],
    ['"good"', select, { judgment: 'good' }],
    ['[]', multiSelect, { judgment: [] }],
    ['"a\\x00\\ud800b"', text, { judgment: 'a\ufffd\ufffdb' }],
    [
      '{"judgment": True, "reason": "x", "metadata": {"n": 1}, "more": 2}',
      boolean,
      { judgment: true, output: 'x', metadata: { n: 1 }, error: null },
    ],
    [
      '{"judgment": None, "reason": "not asked"}',
      boolean,
      { judgment: null, output: 'not asked', error: null },
    ],
  ])(
    'may return a judgment, nothing, or both with a reason: %s',
    async (expression, more, shown) => {
      expect(await returning(expression, more)).toMatchObject(shown);
    },
  );

  test.each([
    ['no function', 'x = 1\n', /defines no function/],
    ['a syntax error', 'def f(log)\n    return True\n', /SyntaxError/],
    ['a function without arguments', 'def f():\n    return True\n', /argument/],
    [
      'an exception',
      'def f(log):\n    return log["nothing"]\n',
      /line 2, in f[\s\S]*KeyError: 'nothing'/,
    ],
    ['sys.exit()', 'import sys\ndef f(log):\n    sys.exit()\n', /SystemExit/],
    ['KeyboardInterrupt', 'def f(log):\n    raise KeyboardInterrupt\n', /KeyboardInterrupt/],
    ['a list of 2 GB', 'def f(log):\n    return len([0] * 300_000_000)\n', /[Mm]emory/],
    ['a package', 'import numpy\ndef f(log):\n    return True\n', /numpy[\s\S]*external/],
  ])('that fails is an error that says why: %s', async (_what, code, error) => {
    const body = await tryOn({ output: '' }, python(code));
    expect(body).toMatchObject({ judgment: null, error: expect.stringMatching(error) });
  });

  test('that runs too long is an error', async () => {
    const hasty = await testApp({ judging: { timeoutMs: 500 } });
    const spec = python('def f(log):\n    while True: pass\n');
    const { statusCode, body } = await hasty.post('/evaluators/call', { spec, log: {} });
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({ judgment: null, error: expect.stringMatching(/0\.5 s/) });
  });

  test('that prints 100 MB is an error, and what it printed is cut', async () => {
    const code = 'def f(log):\n    for _ in range(1_000): print("x" * 100_000)\n    return True\n';
    const { judgment, error, stdout } = await tryOn({}, python(code));
    expect({ judgment, error }).toEqual({
      judgment: null,
      error: expect.stringMatching(/^printed \d+ characters/),
    });
    expect(stdout.length).toBeLessThan(101_000);
  });

  test('may be asynchronous', async () => {
    const code = 'import asyncio\nasync def f(log):\n    await asyncio.sleep(0)\n    return True\n';
    expect(await tryOn({}, python(code))).toMatchObject({ judgment: true });
  });

  test.each([
    ['def f(log)', { judgment: 'log' }],
    ['def f(log, testcase)', { judgment: 'log' }],
    ['def f(*given)', { judgment: '' }],
    ['def f(log, testcase=None, more=1)', { judgment: 'log' }],
  ])('gets as many arguments as it takes: %s', async (signature, shown) => {
    const code = `${signature}:\n    names = sorted(locals())\n    print(names)\n    return "log" if "log" in names else ""\n`;
    expect(await tryOn({}, python(code, { return_type: 'text' }))).toMatchObject(shown);
  });
});

describe('the log that code sees', () => {
  const returns = async (expression: string, request: object) => {
    const code = `import json\ndef f(log, testcase):\n    return json.dumps(${expression})\n`;
    const body = await call({ spec: python(code, { return_type: 'text' }), ...request });
    expect(body.error).toBeNull();
    return JSON.parse(body.judgment);
  };

  test('is the body that a client reads, with children, tool calls and totals', async () => {
    const { id } = await promptLog({
      prompt_tokens: 3,
      output_tokens: 2,
      prompt_cost: 0.1,
      output_cost: 0.2,
    });
    const { body: read } = await api.get(`/logs/${id}`);
    const log = await returns('log', { log_id: id });
    expect(log).toEqual({
      ...read,
      children: [],
      trace_children: [],
      tool_calls: [],
      totals: {
        cost: expect.closeTo(0.3),
        prompt_tokens: 3,
        output_tokens: 2,
        latency: null,
        model_calls: 1,
        tool_calls: 0,
        errors: 0,
      },
    });
  });

  test('of a flow has all logs below it, nested, and no judgments', async () => {
    const flow = await post('/flows/log', {
      path: 'seen/flow',
      flow: { attributes: {} },
      inputs: { n: 1 },
    });
    const trace_parent_id = flow.id;
    const step = await promptLog({ trace_parent_id, output: 'first' });
    await post('/tools/log', {
      path: 'seen/search',
      tool: { function: { name: 'search_web', description: '' } },
      inputs: { q: 'ada' },
      output: 'found',
      trace_parent_id: step.id,
      provider_latency: 0.5,
    });
    await promptLog({ trace_parent_id, output: null, error: 'It broke.' });
    await post('/evaluators/log', {
      path: 'seen/judge',
      spec: { ...common, evaluator_type: 'external' },
      parent_id: flow.id,
      judgment: true,
    });
    const log = await returns('log', { log_id: flow.id });
    expect(log).toMatchObject({
      evaluator_logs: [],
      children: [
        {
          output: 'first',
          prompt: { path: 'judged/prompt' },
          children: [{ output: 'found', tool: { path: 'seen/search' }, children: [] }],
          totals: { tool_calls: 1, errors: 0 },
        },
        { error: 'It broke.', children: [] },
      ],
      tool_calls: [
        {
          name: 'search_web',
          arguments: { q: 'ada' },
          arguments_text: '{"q":"ada"}',
          output: 'found',
          error: null,
          latency: 0.5,
          turn: null,
          depth: 2,
          log_id: expect.any(String),
        },
      ],
      totals: { cost: null, prompt_tokens: null, model_calls: 2, tool_calls: 1, errors: 1 },
    });
    expect(log.trace_children).toEqual(log.children);
    const inCode =
      'log["trace_children"] is log["children"] and log["children"][0]["trace_children"] is log["children"][0]["children"]';
    expect(await returns(inCode, { log_id: flow.id })).toBe(true);
  });

  test('of an agent has its tool calls, with arguments and results', async () => {
    const tool = await post('/tools', {
      path: 'seen/double',
      function: {
        name: 'double',
        description: 'Doubles.',
        parameters: { type: 'object', properties: { n: { type: 'number' } } },
      },
      source_code: 'def double(n):\n    if n == 0: raise ValueError("none")\n    return n * 2\n',
    });
    const agent = scripted(
      [
        {
          tool_calls: [
            callOf('double', { n: 21 }),
            callOf('double', { n: 0 }),
            callOf('missing', '{"a'),
          ],
        },
        { tool_calls: [callOf('lookup', { key: 'a' })] },
        { content: 'Done.' },
      ],
      {
        tools: [
          lookup,
          {
            type: 'file',
            link: { file_id: tool.id, version_id: tool.version_id },
            on_agent_call: 'continue',
          },
        ],
      },
    );
    const { id, previous_agent_message: asked } = await post('/agents/call', {
      path: 'seen/agent',
      agent,
      messages: hello,
    });
    await post('/agents/continue', {
      log_id: id,
      messages: [{ role: 'tool', tool_call_id: asked.tool_calls[0].id, content: 'A is for Ada.' }],
    });
    const log = await returns('log', { log_id: id });
    const none = { error: null, latency: null, log_id: null, depth: 1 };
    expect(log.tool_calls).toMatchObject([
      {
        name: 'double',
        arguments: { n: 21 },
        output: '42',
        error: null,
        latency: expect.any(Number),
        turn: 1,
        depth: 1,
        log_id: log.children[0].id,
      },
      { name: 'double', output: null, error: expect.stringContaining('ValueError: none'), turn: 1 },
      {
        ...none,
        name: 'missing',
        arguments: null,
        arguments_text: '{"a',
        error: 'there is no tool named missing.',
        output: null,
        turn: 1,
      },
      { ...none, name: 'lookup', arguments: { key: 'a' }, output: 'A is for Ada.', turn: 2 },
    ]);
    expect(log.totals).toMatchObject({ model_calls: 3, tool_calls: 4, errors: 1 });
    expect(log.turns).toHaveLength(3);
    expect(log.provider_request).not.toBeNull();
    expect(log.children[0].provider_request).toBeNull();
  });

  test('of a prompt has the calls that its model asked for', async () => {
    const output_message = {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a": 1}' } }],
    };
    const { id } = await promptLog({ output: null, output_message });
    expect(await returns('log["tool_calls"]', { log_id: id })).toMatchObject([
      {
        name: 'f',
        arguments: { a: 1 },
        output: null,
        error: null,
        turn: null,
        depth: 1,
        log_id: null,
      },
    ]);
  });

  test('that is too long loses what the deepest logs say', async () => {
    const flow = await post('/flows/log', {
      path: 'seen/long',
      flow: { attributes: {} },
      inputs: { n: 1 },
    });
    const above = await promptLog({ trace_parent_id: flow.id, output: 'x'.repeat(1_500_000) });
    await promptLog({ trace_parent_id: above.id, output: 'y'.repeat(1_500_000) });
    await promptLog({
      trace_parent_id: above.id,
      output: 'z'.repeat(1_500_000),
      inputs: { q: 'kept?' },
    });
    const seen =
      '[log["truncated"], [len(c["output"] or "") for c in log["children"] + log["children"][0]["children"]]]';
    expect(await returns(seen, { log_id: flow.id })).toEqual([true, [1_500_000, 1_500_000, 0]]);
  });

  test('with more below it than is read at once is said to be cut', async () => {
    const flow = await post('/flows/log', { path: 'seen/large', flow: { attributes: {} } });
    await promptLog({ trace_parent_id: flow.id });
    await promptLog({ trace_parent_id: flow.id });
    const seen = '[log.get("truncated"), len(log["children"])]';
    expect(await returns(seen, { log_id: flow.id })).toEqual([null, 2]);
    const half = 33 * 1024 * 1024;
    await api.database.pool.query(
      'UPDATE log SET output = repeat($1, $2) WHERE trace_parent_id = $3',
      ['y', half, flow.id],
    );
    expect(await returns(seen, { log_id: flow.id })).toEqual([true, 0]);
  });

  test('of a request has the fields that every log has', async () => {
    const log = { output: 'x', own: 1, trace_children: [{ output: 'below' }] };
    expect(await returns('log', { log })).toMatchObject({
      output: 'x',
      own: 1,
      inputs: {},
      messages: [],
      error: null,
      metadata: null,
      evaluator_logs: [],
      tool_calls: [],
      children: [{ output: 'below', inputs: {}, children: [] }],
    });
  });

  test('comes with the datapoint that it was made for, or with none', async () => {
    const { id: datasetId } = await post('/datasets', {
      path: 'seen/dataset',
      datapoints: [{ inputs: { q: 'Who?' }, target: { answer: 'Ada.' } }],
    });
    const { body: list } = await api.get(`/datasets/${datasetId}/datapoints`);
    const [{ id }] = list.records;
    const log = await promptLog({ source_datapoint_id: id });
    const datapoint = { id, inputs: { q: 'Who?' }, messages: null, target: { answer: 'Ada.' } };
    expect(await returns('testcase', { log_id: log.id })).toEqual(datapoint);
    expect(await returns('testcase', { log_id: (await promptLog()).id })).toBeNull();
    expect(await returns('testcase', { log_id: log.id, testcase: { target: { a: 1 } } })).toEqual({
      id: null,
      inputs: null,
      messages: null,
      target: { a: 1 },
    });
  });
});

describe('an evaluator that asks a model', () => {
  test.each([
    ['It fits.\nTrue', {}, true],
    ['Score: 7/10', { return_type: 'number' }, 7],
    ['**no**', {}, false],
    [
      'Answer: good',
      { return_type: 'select', options: [{ name: 'good' }, { name: 'bad' }] },
      'good',
    ],
  ])('reads the verdict in %j', async (answer, more, judgment) => {
    const { id } = await promptLog();
    const body = await call({ spec: llm(answer, more), log_id: id });
    expect(body).toMatchObject({
      judgment,
      error: null,
      output: answer,
      output_message: { role: 'assistant', content: answer },
      finish_reason: 'stop',
      prompt_tokens: expect.any(Number),
      output_tokens: expect.any(Number),
      inputs: { 'log.output': 'Ada.' },
    });
    expect(body.provider_request.messages).toEqual([
      { role: 'user', content: 'Is this right? Ada.' },
    ]);
    expect(body.provider_response).not.toBeNull();
  });

  test('keeps an answer without a verdict, as an error', async () => {
    expect(await tryOn({ output: 'x' }, llm('maybe'))).toMatchObject({
      judgment: null,
      error: 'no verdict in the last line: it must be true or false',
      output: 'maybe',
      output_tokens: expect.any(Number),
    });
  });

  test('fills the variables of its template', async () => {
    const { id } = await promptLog({ messages: hello });
    const content =
      '{{log.inputs.q}}|{{log.output}}|{{testcase.target.a}}|{{log_prompt}}|{{log_output}}|{{log_inputs}}|{{log_messages}}|{{log_error}}|{{log.prompt.template}}';
    const spec = llm('yes', {}, { template: [{ role: 'user', content }] });
    const testcase = { target: { a: [1] } };
    const body = await call({ spec, log_id: id, testcase });
    const sent = [{ role: 'system', content: 'Answer Who?.' }, ...hello];
    expect(body.provider_request.messages[0].content).toBe(
      `Who?|Ada.|[1]|${JSON.stringify(sent)}|Ada.|{"q":"Who?"}|${JSON.stringify(hello)}||Answer {{q}}.`,
    );
    expect(body.inputs).toMatchObject({
      'log.inputs.q': 'Who?',
      'testcase.target.a': [1],
      log_prompt: sent,
    });
    expect(Object.keys(body.inputs)).toHaveLength(9);
  });

  test('sees the text that a completion was asked to go on with', async () => {
    const log = {
      prompt: { endpoint: 'complete', template: 'Once upon {{when}}' },
      inputs: { when: 'a time' },
    };
    const spec = llm('yes', {}, { template: [{ role: 'user', content: '{{log_prompt}}' }] });
    const { provider_request } = await tryOn(log, spec);
    expect(provider_request.messages[0].content).toBe('Once upon a time');
  });

  test.each([
    ['{{log.inputs.nothing}}', 'default', /log\.inputs\.nothing/],
    ['{{testcase.target.a}}', 'default', /testcase\.target\.a/],
    ['{{testcase.target}}', 'default', /testcase\.target/],
    ['{{other}}', 'default', /other/],
    ['{{ log.inputs.nothing }}', 'jinja', /log\.inputs\.nothing/],
    ['{% if log.inputs.q %}{{ testcase.target.a }}{% endif %}', 'jinja', /testcase\.target\.a/],
    ['{{ log.output', 'jinja', /The template fails/],
  ])(
    'fails when a path of its template leads nowhere, and asks nobody: %s',
    async (content, template_language, error) => {
      const spec = llm('yes', {}, { template: [{ role: 'user', content }], template_language });
      const body = await tryOn({ inputs: { q: 1 }, output: '' }, spec, {
        testcase: { inputs: {} },
      });
      expect(body).toMatchObject({
        judgment: null,
        error: expect.stringMatching(error),
        output: null,
        provider_request: null,
      });
    },
  );

  test('fills a template in Jinja, and records what it refers to', async () => {
    const content =
      '{% for c in log.children %}{{ c.output }},{% endfor %}{{ log.inputs.q }} {{ log_output | upper }} {{ testcase.target.a }}';
    const spec = llm(
      'yes',
      {},
      { template: [{ role: 'user', content }], template_language: 'jinja' },
    );
    const log = {
      inputs: { q: 'Who?' },
      output: 'ada',
      children: [{ output: '1' }, { output: '2' }],
    };
    const body = await tryOn(log, spec, { testcase: { target: { a: 'Ada' } } });
    expect(body.provider_request.messages[0].content).toBe('1,2,Who? ADA Ada');
    expect(body.inputs).toMatchObject({
      'log.inputs.q': 'Who?',
      log_output: 'ada',
      'testcase.target.a': 'Ada',
    });
  });

  test('is not asked about a log with an error', async () => {
    expect(await tryOn({ error: 'It broke.' }, llm('True'))).toMatchObject({
      judgment: null,
      error: 'The Log has an error; no model is asked to judge it.',
      provider_request: null,
    });
  });

  test.each([
    ['no prompt', { prompt: null }, {}, 'This evaluator has no prompt.'],
    ['no template', {}, { template: null }, /no template/],
    [
      'an empty answer',
      {},
      { other: { script: [{ content: '' }] } },
      "The model's answer is empty.",
    ],
    [
      'a failing vendor',
      {},
      { other: { script: [{ error: { status: 400, message: 'too hot' } }] } },
      /too hot/,
    ],
    [
      'an answer that was cut',
      {},
      { max_tokens: 2 },
      'The answer was cut: it reached `max_tokens`.',
    ],
    [
      'an answer that another vendor cut',
      {},
      { other: { script: [{ content: 'True', finish_reason: 'MAX_TOKENS' }] } },
      'The answer was cut: it reached `max_tokens`.',
    ],
    [
      'a tool call',
      {},
      { other: { script: [{ tool_calls: [callOf('f')] }] } },
      "The model's answer is empty.",
    ],
    ['an endpoint that cannot be called', {}, { endpoint: 'edit' }, /endpoint/],
  ])('that gives no verdict is an error: %s', async (_what, more, prompt, error) => {
    const body = await tryOn({ output: 'x' }, llm('This is\nTrue', more, prompt));
    expect(body.judgment).toBeNull();
    if (typeof error === 'string') expect(body.error).toBe(error);
    else expect(body.error).toMatch(error);
  });

  test('may answer in JSON', async () => {
    const spec = llm(
      '{"judgment": true, "why": "so"}',
      {},
      { response_format: { type: 'json_object' } },
    );
    expect(await tryOn({ output: 'x' }, spec)).toMatchObject({ judgment: true, error: null });
  });

  test('asks the next model when the first fails', async () => {
    const prompt = {
      other: {
        script: [{ error: { status: 400, message: 'no' } }],
        fallbacks: [{ model: 'second', other: { script: [{ content: 'yes' }] } }],
      },
    };
    const body = await tryOn({ output: 'x' }, llm('', {}, prompt));
    expect(body).toMatchObject({
      judgment: true,
      stdout: expect.stringContaining('`second` answered instead'),
    });
  });

  test('with `complete` and a model that only chats is asked by one chat', async () => {
    fake.script([{ text: 'True', usage: { input: 10, output: 1 } }]);
    const before = fake.requests.length;
    const prompt = {
      provider: 'openai',
      model: 'gpt-4o',
      endpoint: 'complete',
      template: 'Is {{log.output}} right?',
      other: null,
    };
    const body = await tryOn({ output: 'Ada' }, llm('', {}, prompt));
    expect(body).toMatchObject({ judgment: true, prompt_tokens: 10, output_tokens: 1 });
    expect(body.prompt_cost).toBeGreaterThan(0);
    expect(fake.requests.slice(before).map(({ path }) => path)).toEqual(['/v1/chat/completions']);
    expect(fake.lastRequest.body).toMatchObject({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Is Ada right?' }],
    });
  });

  test('with `complete` and a model that completes is asked to complete', async () => {
    fake.script([{ text: 'True' }]);
    const prompt = {
      provider: 'openai',
      model: 'gpt-3.5-turbo-instruct',
      endpoint: 'complete',
      template: 'Right? ',
      other: null,
    };
    expect(await tryOn({ output: 'Ada' }, llm('', {}, prompt))).toMatchObject({ judgment: true });
    expect(fake.lastRequest.path).toBe('/v1/completions');
  });
});
