import { expect, test } from 'vitest';
import { ExactNumber } from '../../src/kernel/exact-number.ts';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { apiKey, testApp } from '../support/app.ts';
import { oddMcpServer } from '../support/odd-mcp-server.ts';
import { pythonPayload } from '../support/otel-payloads.ts';

const api = await testApp({ allowedHosts: '127.0.0.1' });

const exact = (source: string) => new ExactNumber(source);
const big = exact('9007199254740995');
const near = exact('9007199254740996');

/** The text of an answer: to parse it would change its numbers. */
async function sent(method: 'GET' | 'POST' | 'PUT', path: string, payload?: object, more = {}) {
  const headers = { 'x-api-key': apiKey, 'content-type': 'application/json', ...more };
  const body = payload === undefined ? {} : { payload: JSON.stringify(payload) };
  const { statusCode, body: text } = await api.app.inject({
    method,
    url: `/v5${path}`,
    headers,
    ...body,
  });
  expect(statusCode, text).toBeLessThan(300);
  return text;
}

const given = { id: big, deep: [{ share: exact('1.0'), long: exact('0.12345678901234567890') }] };
const written = '{"id":9007199254740995,"deep":[{"share":1.0,"long":0.12345678901234567890}]}';

test('inputs, metadata and attributes come back as they were written', async () => {
  const flow = { attributes: given };
  const log = { path: 'exact/flow', flow, inputs: given, metadata: given, output: '' };
  const { id } = JSON.parse(await sent('POST', '/flows/log', log));
  for (const path of [
    `/logs/${id}`,
    `/logs?file_id=${(await api.get(`/logs/${id}`)).body.flow.id}`,
  ]) {
    const text = await sent('GET', path);
    expect(text).toContain(`"inputs":${written}`);
    expect(text.replaceAll(' ', '')).toMatch(/"metadata":\{[^}]*9007199254740995/);
    expect(text).toContain(`"attributes":${written}`);
  }
});

test('two versions that a double could not tell apart are two, and 1.0 is no other than 1', async () => {
  const versionOf = async (x: unknown) => {
    const body = { path: 'exact/versions', attributes: { x } };
    return JSON.parse(await sent('POST', '/flows', body)).version_id;
  };
  expect(await versionOf(big)).not.toBe(await versionOf(near));
  expect(await versionOf(exact('1.0'))).toBe(await versionOf(1));
  expect(await versionOf(exact('1e2'))).toBe(await versionOf(100));
});

test('a parameter is a number of its type, however it was written', async () => {
  const promptOf = async (temperature: unknown, max_tokens: unknown) =>
    sent('POST', '/prompts', { path: 'exact/prompt', model: 'm', temperature, max_tokens });
  const first = await promptOf(1, 100);
  const second = await promptOf(exact('1.0'), exact('1e2'));
  expect(JSON.parse(second).version_id).toBe(JSON.parse(first).version_id);
  expect(second).toContain('"temperature":1,');
  const refused = await api.post('/prompts', { path: 'x', model: 'm', max_tokens: exact('1.50') });
  expect(refused).toMatchObject({
    statusCode: 422,
    body: { detail: [{ loc: ['body', 'max_tokens'], msg: 'Must be an integer' }] },
  });
  const tooLarge = await api.post('/flows', { path: 'x', attributes: { x: exact('1e400') } });
  expect(tooLarge.statusCode).toBe(422);
});

test('datapoints that a double could not tell apart are two', async () => {
  const datapoints = [big, near, exact('1.0'), 1].map((id) => ({ inputs: { id }, target: { id } }));
  const body = { path: 'exact/dataset', datapoints };
  const { id, datapoints_count: count } = JSON.parse(await sent('POST', '/datasets', body));
  expect(count).toBe(3);
  const text = await sent('GET', `/datasets/${id}/datapoints`);
  expect(text).toContain('"target":{"id":9007199254740995}');
  expect(text).toContain('"inputs":{"id":9007199254740996}');
});

test('templates insert a number as it was written', async () => {
  const call = async (template: string, template_language: string) => {
    const prompt = {
      ...scripted([{ content: 'Yes.' }], { tools: [] }),
      template,
      template_language,
    };
    return sent('POST', '/prompts/call', { path: 'exact/template', prompt, inputs: given });
  };
  expect(await call('{{id}}: {{deep}}', 'default')).toContain(
    `9007199254740995: [{\\"share\\":1.0,\\"long\\":0.12345678901234567890}]`,
  );
  expect(await call('{{ id + 1 }} {{ deep[0].share }}', 'jinja')).toContain('9007199254740996 1.0');
});

test.each([true, false])(
  'a run that goes on later has the numbers still, saved: %s',
  async (save) => {
    const script = [{ tool_calls: [callOf('lookup', '{"id":9007199254740996,"x":1.0}')] }, {}];
    const agent = scripted(script, { template: 'Order {{id}}.' });
    const body = { path: 'exact/later', agent, inputs: given, messages: hello, save };
    const first = await sent('POST', '/agents/call', body);
    const { id, previous_agent_message: said } = JSON.parse(first);
    expect(said.tool_calls[0].function.arguments).toBe('{"id":9007199254740996,"x":1.0}');
    const messages = [answerTo(said.tool_calls[0].id, 'Found.')];
    const last = await sent('POST', '/agents/continue', { log_id: id, messages });
    expect(last).toContain('Order 9007199254740995.');
    expect(last).toContain('{\\"id\\":9007199254740996,\\"x\\":1.0}');
  },
);

const code = 'def find(id, share):\n    return [id + 1, type(share).__name__, share]\n';

test('a Python tool gets integers of any size, and floats', async () => {
  const { body: tool } = await api.post('/tools', {
    path: 'exact/find',
    function: { name: 'find', description: '', parameters: { type: 'object', properties: {} } },
    source_code: code,
  });
  const calls = [
    { id: big, share: exact('1.0') },
    { id: exact('123456789012345678901234567890'), share: exact('1e2') },
    { id: exact('9'.repeat(5_000)), share: 1 },
  ].map((args) => callOf('find', JSON.stringify(args)));
  const agent = scripted([{ tool_calls: calls }, { content: 'Found.' }], {
    tools: [{ type: 'file', link: { file_id: tool.id } }],
  });
  const body = { path: 'exact/agent', agent, messages: hello, include_trace_children: true };
  const text = await sent('POST', '/agents/call', body);
  const results = JSON.parse(text).messages.filter((m: { role: string }) => m.role === 'tool');
  expect(results.map(({ content }: { content: string }) => content)).toEqual([
    '[9007199254740996, "float", 1.0]',
    '[123456789012345678901234567891, "float", 100.0]',
    expect.stringMatching(/^Error: Python cannot read the inputs: .*4300 digits/),
  ]);
  expect(text).toContain('"inputs":{"id":9007199254740995,"share":1.0}');
  const alone = { path: 'exact/find', inputs: { id: big, share: exact('1.0') } };
  expect(JSON.parse(await sent('POST', '/tools/call', alone)).output).toBe(results[0].content);
});

test('a Python evaluator gets a log with its numbers, and its judgment keeps its digits', async () => {
  const spec = {
    evaluator_type: 'python',
    arguments_type: 'target_free',
    return_type: 'number',
    code: `def judge(log):
    share = log["inputs"]["deep"][0]["share"]
    return {"judgment": log["inputs"]["id"] + 1, "reason": repr(share), "metadata": {"n": 2.0}}
`,
  };
  const log = { path: 'exact/judged', flow: { attributes: {} }, inputs: given, output: '' };
  const { id: logId } = JSON.parse(await sent('POST', '/flows/log', log));
  const body = { path: 'exact/judge', spec, log_id: logId, save: true };
  const text = await sent('POST', '/evaluators/call', body);
  expect(text).toContain('"judgment":9007199254740996');
  expect(text).toContain('"output":"1.0"');
  expect(text).toContain('"metadata":{"n":2.0}');
  const { id } = JSON.parse(text);
  expect(await sent('GET', `/logs/${id}`)).toContain('"judgment":9007199254740996');
});

test('an MCP server gets the arguments as the model wrote them, and the model all of its result', async () => {
  let asked = '';
  const server = await oddMcpServer({
    'tools/list': () => ({ tools: [{ name: 'find', inputSchema: { enum: [near] } }] }),
    'tools/call': ({ params }) => {
      asked = JSON.stringify(params);
      return { structuredContent: { order: near, share: exact('1.0') } };
    },
  });
  const calls = [callOf('find', '{"id":9007199254740995,"share":1.0}')];
  const agent = scripted([{ tool_calls: calls }, { content: 'Found.' }], {
    tools: [{ type: 'mcp', server: { url: server.url } }],
  });
  const text = await sent('POST', '/agents/call', { path: 'exact/mcp', agent, messages: hello });
  expect(asked).toContain('{"id":9007199254740995,"share":1.0}');
  expect(text).toContain('{\\"order\\":9007199254740996,\\"share\\":1.0}');
});

test('an answer that is repeated for its key is the same to the letter', async () => {
  const log = { path: 'exact/flow', flow: { attributes: {} }, inputs: given, output: '' };
  const key = { 'idempotency-key': 'exact-numbers' };
  const first = await sent('POST', '/flows/log', log, key);
  expect(await sent('POST', '/flows/log', log, key)).toBe(first);
  const headers = { 'x-api-key': apiKey, 'content-type': 'application/json', ...key };
  const payload = JSON.stringify({ ...log, inputs: { ...given, id: near } });
  const other = await api.app.inject({ method: 'POST', url: '/v5/flows/log', headers, payload });
  expect(other.statusCode).toBe(409);
});

test('the text of a file has the numbers of its version', async () => {
  const text =
    '---\nmodel: m\nmax_tokens: 1e2\nother: {x: 9007199254740995, y: 2.0, z: 0x10}\n---\n';
  const read = await sent('POST', '/prompts/deserialize', { prompt: text });
  expect(read).toContain('"other":{"x":9007199254740995,"y":2.0,"z":16}');
  expect(read).toContain('"max_tokens":100,');
  const { id } = JSON.parse(
    await sent('POST', '/prompts', {
      path: 'exact/text',
      model: 'm',
      other: { x: near, y: exact('2.0') },
    }),
  );
  expect(await sent('GET', `/prompts/${id}/serialize`)).toContain(
    '"x": 9007199254740996, "y": 2.0',
  );
});

test('OpenTelemetry’s attributes keep their digits', async () => {
  const payload = pythonPayload({
    attributes: {
      'humanloop.file.type': 'tool',
      'humanloop.file.path': 'exact/otel',
      'humanloop.file.tool.function.name': 'f',
    },
  });
  const attributes = payload.resourceSpans[0]?.scopeSpans[0]?.spans[0]?.attributes as unknown[];
  attributes.push({ key: 'humanloop.log.inputs.id', value: { intValue: big } });
  await sent('POST', '/import/otel/v1/traces', payload);
  const { body } = await api.get('/tools?name=otel');
  expect(JSON.stringify(body)).toContain('exact/otel');
  const logs = await sent('GET', `/logs?file_id=${body.records[0].id}`);
  expect(logs).toContain('9007199254740995');
});
