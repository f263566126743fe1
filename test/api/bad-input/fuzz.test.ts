import { expect, test } from 'vitest';
import { callOf, hello, scripted } from '../../agents.ts';
import { testApp } from '../../app.ts';
import { randomFrom } from '../../random.ts';
import { flawsOf, send } from '../../refusals.ts';

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

const requests = [
  { url: '/v5/agents', body: { path: 'fuzz/new', version_name: 'v', tags: ['a'], ...spec } },
  { url: '/v5/agents/call', body: { path: 'fuzz/called', agent: spec, ...trace } },
  { url: '/v5/agents/call', body: { id: linked.id, ...trace, stream: true } },
  {
    url: '/v5/agents/log',
    body: {
      path: 'fuzz/logged',
      agent: spec,
      ...trace,
      trace_parent_id: parent.id,
      output_message: messages[1],
      prompt_tokens: 1,
      prompt_cost: 0.1,
      provider_request: { a: 1 },
    },
  },
  {
    url: `/v5/agents/${linked.id}/log/${parent.id}`,
    body: { messages, output_message: messages[1], inputs: { a: 1 }, output: 'x' },
  },
  {
    url: '/v5/agents/continue',
    body: {
      log_id: suspended.id,
      messages: [{ role: 'tool', tool_call_id: 'call_1_1', content: 'x' }],
    },
  },
];

const odd: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 2 ** 31, 2 ** 53, 1e308, 5e-324],
  ...['', ' ', '{{', '{% if %}', '{{ x }}', '../..', "it's", '"', '\\', '\u2028', '[DONE]', '😀'],
  ...['constructor', 'tool', 'system', 'openai', 'mock', 'lookup', 'x'.repeat(3_000)],
  ...['data:image/png;base64,AAAA', '2026-05-01T12:00:00Z', linked.id, parent.id, suspended.id],
  ...[[], [[]], [null], [{}], {}, { a: {} }, { type: 'text' }, { type: 'file' }],
  { constructor: 1, toString: 2, hasOwnProperty: 3, length: -1 },
];

const scraps = ['\\u0000', '\\ud800', '1e999', '"__proto__":1,', '\\x', '\n', ',', '}', '[', '"'];

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

function mutatedText(body: object): string {
  const value = structuredClone(body) as Members;
  for (let times = 1 + below(2); times > 0; times--) mutate(value);
  const text = JSON.stringify(value);
  if (random() > 0.1) return text;
  const at = below(text.length);
  return text.slice(0, at) + oneOf(scraps) + text.slice(at + below(3));
}

test('whatever is sent is answered, or refused in good form', async () => {
  const wrong: string[] = [];
  const statuses = new Set<number>();
  for (let round = 0; round < 600; round++) {
    const { url, body } = oneOf(requests);
    const text = mutatedText(body);
    const answer = await send(api, url.includes('/log/') ? 'PATCH' : 'POST', url, text);
    statuses.add(answer.statusCode);
    const flaws = answer.statusCode === 200 ? [] : flawsOf(answer);
    // What a provider said is an object, and in its own words.
    const isProvider = String(answer.body.code).startsWith('provider_');
    if (flaws.length > 0 && !isProvider) wrong.push(`${url} ${text}: ${flaws}`);
    if (answer.statusCode >= 500) wrong.push(`${url} ${text}: ${JSON.stringify(answer.body)}`);
  }
  expect(wrong).toEqual([]);
  expect([...statuses].sort()).toEqual(expect.arrayContaining([200, 404, 409, 422]));
  expect(api.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});
