import { expect, test } from 'vitest';
import { callOf, hello, scripted } from '../../support/agents.ts';
import { type Answer, testApp } from '../../support/app.ts';
import { makeEverything } from '../../support/one-of-everything.ts';
import { randomFrom } from '../../support/random.ts';
import { flawsOf, send } from '../../support/refusals.ts';
import {
  publishedDocument,
  sendRequest,
  urlOf,
  type ValidRequest,
  validRequests,
} from '../../support/valid-requests.ts';

const api = await testApp();

const linked = (await api.post('/agents', { path: 'fuzz/linked', provider: 'mock', model: 'm' }))
  .body;
const parent = (await api.post('/agents/log', { path: 'fuzz/linked', log_status: 'incomplete' }))
  .body;
const suspended = (
  await api.post('/agents/call', {
    path: 'fuzz/suspended',
    agent: scripted([{ tool_calls: [callOf('lookup')] }, { tool_calls: [callOf('lookup')] }]),
    messages: hello,
  })
).body;

const messages = [
  {
    role: 'user',
    content: [
      { type: 'text', text: 'lookup 5 "things"' },
      { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
    ],
    name: 'ada',
  },
  {
    role: 'assistant',
    content: 'Let me see.',
    tool_calls: [{ id: 'c1', type: 'function', function: { name: 'lookup', arguments: '{}' } }],
    thinking: [
      { type: 'thinking', thinking: 'hm', signature: 's' },
      { type: 'redacted_thinking', data: 'd' },
    ],
  },
  { role: 'tool', tool_call_id: 'c1', content: 'nothing' },
];

const spec = {
  ...scripted([{ content: 'a b', tool_calls: [callOf('lookup')], usage: { input_tokens: 3 } }], {
    template: [{ role: 'system', content: 'Hello {{ a.b }} {{ c }}' }],
    template_language: 'jinja',
    stop: ['x'],
    max_tokens: 20,
    response_format: { type: 'json_schema', json_schema: { type: 'object', required: ['a'] } },
    reasoning_effort: 'high',
    attributes: { x: 1 },
    max_iterations: 2,
  }),
};

const { tools, ...ofModel } = spec;
const promptSpec = { ...ofModel, max_iterations: undefined };

const trace = {
  messages,
  tool_choice: { type: 'function', function: { name: 'lookup' } },
  inputs: { a: { b: 1 }, c: [1, {}] },
  metadata: { k: [1, null] },
  start_time: '2026-05-01T12:00:00Z',
  end_time: '2026-05-01T12:00:01Z',
  source: 's',
  user: 'u',
  environment: 'e',
  save: true,
};

const everything = await makeEverything(api, 'Fuzz');
const described = validRequests(await publishedDocument(api), everything).filter(
  // What is deleted is there for no other request.
  ({ route }) => route.method !== 'DELETE',
);

const post = (operationId: string, body: object): ValidRequest => {
  const found = described.find(({ route }) => route.operation.operationId === operationId);
  return { ...(found as ValidRequest), body };
};

/** Every operation's examples, and bodies that have more in them. */
const requests: readonly ValidRequest[] = [
  ...described,
  post('agents_upsert', { path: 'fuzz/new', version_name: 'v', tags: ['a'], ...spec }),
  post('agents_call', { path: 'fuzz/called', agent: spec, ...trace }),
  post('agents_call', { id: linked.id, ...trace, stream: true }),
  post('prompts_call', { path: 'fuzz/asked', prompt: promptSpec, ...trace, num_samples: 2 }),
  post('prompts_call', { path: 'fuzz/asked', prompt: promptSpec, ...trace, stream: true }),
  post('agents_log', {
    path: 'fuzz/logged',
    agent: spec,
    ...trace,
    trace_parent_id: parent.id,
    output_message: messages[1],
    prompt_tokens: 1,
    prompt_cost: 0.1,
    provider_request: { a: 1 },
  }),
  post('agents_update_log', { messages, output_message: messages[1], inputs: { a: 1 } }),
  post('flows_update_log', { messages, inputs: { a: 1 }, output: 'x', metadata: { a: 1 } }),
  post('agents_continue', {
    log_id: suspended.id,
    messages: [{ role: 'tool', tool_call_id: 'call_1_1', content: 'x' }],
  }),
  post('datasets_upsert', {
    path: 'fuzz/dataset',
    action: 'add',
    datapoints: [{ inputs: { a: [1, { b: null }] }, messages, target: { a: 'x', b: {} } }],
    attributes: { a: 1 },
  }),
  post('prompts_populate', { a: { b: 1 }, c: [1, {}] }),
];

const odd: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 2 ** 31, 2 ** 53, 1e308, 5e-324],
  ...['', ' ', '{{', '{% if %}', '{{ x }}', '../..', "it's", '"', '\\', '\u2028', '[DONE]', '😀'],
  ...['constructor', 'tool', 'system', 'openai', 'mock', 'lookup', 'x'.repeat(3_000)],
  ...['data:image/png;base64,AAAA', '2026-05-01T12:00:00Z', linked.id, parent.id, suspended.id],
  ...[[], [[]], [null], [{}], {}, { a: {} }, { type: 'text' }, { type: 'file' }],
  { constructor: 1, toString: 2, hasOwnProperty: 3, length: -1 },
];

const oddTexts = [
  ...[
    '',
    ' ',
    '%',
    '_',
    '\\',
    '"',
    ',',
    '\n',
    '\r\n',
    '-1',
    '1e9',
    '2026-02-30',
    '..',
    '0x1',
    '[',
    '(?',
  ],
  ...['true', 'null', '2026-05-01T12:00:00+14:00', '9999-12-31T23:59:59-12:00', 'ünï 😀', '\u202e'],
  ...['production', 'name', 'desc', 'WyIyMDI2LTA1LTAxVDEyOjAwOjAwLjAwMDAwMFoiLCJhIl0', '1\u00a0'],
];

const scraps = ['\\u0000', '\\ud800', '1e999', '"__proto__":1,', '\\x', '\n', ',', '}', '[', '"'];

/** Of the many that were tried, enough to show what breaks. */
const rounds = 800;

const random = randomFrom(20_260_501);
const below = (n: number) => Math.floor(random() * n);
const oneOf = <T>(values: readonly T[]): T => values[below(values.length)] as T;

type Members = Record<string, unknown>;

/** Changes one member of a value, anywhere in it: to something odd, to nothing, or twice. */
function mutate(value: Members): void {
  const objects: Members[] = [];
  const collect = (found: unknown) => {
    if (typeof found !== 'object' || found === null) return;
    objects.push(found as Members);
    Object.values(found).forEach(collect);
  };
  collect(value);
  const target = oneOf(objects);
  const key = oneOf(Object.keys(target));
  if (key === undefined) return;
  const kind = random();
  if (kind < 0.75) target[key] = structuredClone(oneOf(odd));
  else if (kind < 0.85) delete target[key];
  else if (kind < 0.95) target[key] = [target[key]];
  else target[oneOf(['constructor', '0', '', 'toString'])] = structuredClone(oneOf(odd));
}

/** A request with something else in some place of its body, its query or its address. */
async function sendMutated(request: ValidRequest): Promise<Sent> {
  const { route, params, query, body } = request;
  const parameters = (route.operation.parameters ?? []).filter(
    ({ in: place }) => place === 'query',
  );
  const mutated: ValidRequest = {
    ...request,
    params: random() < 0.9 ? params : withOdd(params, Object.keys(params)),
    query:
      body !== undefined && random() < 0.8
        ? query
        : withOdd(
            query,
            parameters.map(({ name }) => name),
          ),
  };
  const { content = {} } = route.operation.requestBody ?? {};
  const url = urlOf(mutated);
  if (!content['application/json']) {
    const fields = Object.entries(Object(body)).map(([name, text]) => [
      name,
      spoiled(String(text)),
    ]);
    const form = body && Object.fromEntries(fields);
    return { sent: url, answer: await sendRequest(api, { ...mutated, body: form }) };
  }
  const text = mutatedText(body as object);
  return { sent: `${url} ${text}`, answer: await send(api, route.method as 'POST', url, text) };
}

interface Sent {
  readonly sent: string;
  readonly answer: Answer;
}

/** One more of these texts, or another. */
function withOdd(texts: Readonly<Record<string, string>>, names: readonly string[]) {
  if (names.length === 0) return texts;
  const value = random() < 0.5 ? oneOf(oddTexts) : oneOf(odd);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { ...texts, [oneOf(names)]: text };
}

/** Most of a text, with something in between. */
function spoiled(text: string): string {
  const at = below(text.length);
  return text.slice(0, at) + oneOf(oddTexts) + text.slice(at + below(3));
}

function mutatedText(body: object): string {
  const value = structuredClone(body) as Members;
  for (let times = 1 + below(2); times > 0; times--) mutate(value);
  const text = JSON.stringify(value);
  if (random() > 0.1) return text;
  const at = below(text.length);
  return text.slice(0, at) + oneOf(scraps) + text.slice(at + below(3));
}

test('whatever is sent is answered, or refused in good form', { timeout: 60_000 }, async () => {
  const wrong: string[] = [];
  const statuses = new Set<number>();
  for (let round = 0; round < rounds; round++) {
    const request = oneOf(requests);
    const { sent, answer } = await sendMutated(request);
    statuses.add(answer.statusCode);
    const flaws = answer.statusCode < 300 ? [] : flawsOf(answer);
    // What a provider said is an object, and in its own words.
    const isProvider = String(answer.body.code).startsWith('provider_');
    if (flaws.length > 0 && !isProvider) wrong.push(`${request.name} ${sent}: ${flaws}`);
    if (answer.statusCode >= 500) wrong.push(`${sent}: ${JSON.stringify(answer.body)}`);
  }
  expect(wrong).toEqual([]);
  expect([...statuses].sort()).toEqual(expect.arrayContaining([200, 404, 409, 422]));
  expect(api.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});

test('what was stored of it can be read', async () => {
  const { body: files } = await api.get('/files?size=1000&include_raw_file_content=true');
  expect(files.total).toBeGreaterThan(20);
  for (const { id, type } of files.records) {
    const answers = [await api.get(`/${type}s/${id}/versions`)];
    if (type !== 'dataset') {
      answers.push(await api.get(`/logs?file_id=${id}&include_trace_children=true&size=100`));
    }
    if (type === 'agent' || type === 'prompt')
      answers.push(await api.get(`/${type}s/${id}/serialize`));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 200));
  }
});
