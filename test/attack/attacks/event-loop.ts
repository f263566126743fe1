import { type Attack, bodyOf, times } from '../attack.ts';

/** Work that one request could make the server do in one turn of its event loop. */
export const attacksOnTheEventLoop: readonly Attack[] = [
  {
    name: 'a template that is rendered for each of 128 samples',
    isShort: true,
    play: ({ send }) =>
      send('POST', '/v5/prompts/call', { path: 'a/samples', num_samples: 128, prompt: slow(100) }),
  },
  {
    name: 'four templates at once that take as long as they may',
    play: ({ send }) =>
      times(4, (index) =>
        send('POST', '/v5/prompts/call', { path: `a/slow${index}`, prompt: slow(90_000) }),
      ),
  },
  {
    name: 'a template of 2,000 messages, each slow',
    play: ({ send }) =>
      send('POST', '/v5/prompts/call', {
        path: 'a/messages',
        prompt: {
          ...jinja,
          template: Array(2_000).fill({ role: 'user', content: slowText(90_000) }),
        },
      }),
  },
  {
    name: 'a million variables in a template',
    play: ({ send }) =>
      send('POST', '/v5/prompts/call', {
        path: 'a/variables',
        prompt: { ...mock, template: '{{a}}'.repeat(3_000_000) },
        inputs: { a: 'x' },
      }),
  },
  ...['{{ a ', '{% for a in b %}', '{{'].map((opening) => ({
    name: `a template that opens and never closes: ${opening}`,
    play: ({ send }: Parameters<Attack['play']>[0]) =>
      send('POST', '/v5/prompts', {
        path: 'a/open',
        ...jinja,
        template: opening.repeat(1_000_000),
      }),
  })),
  {
    name: '60 tool calls against a pattern that looks back',
    isShort: true,
    async play({ send }) {
      const script = [
        { tool_calls: Array(60).fill({ name: 'f', arguments: { a: `${'a'.repeat(40)}b` } }) },
        { content: 'done' },
      ];
      const agent = { ...mock, tools: [await pythonTool(send)], other: { script } };
      return send('POST', '/v5/agents/call', { path: 'a/patterns', agent, messages: go });
    },
  },
  {
    name: 'an enum of 6,000 words that the mock model looks for in 5 MB',
    play: ({ send }) => send('POST', '/v5/prompts/call', enumOf(6_000, 1_000_000)),
  },
  {
    name: 'an enum of 500 words in half a megabyte, twice at once',
    isShort: true,
    play: ({ send }) => times(2, () => send('POST', '/v5/prompts/call', enumOf(500, 100_000))),
  },
  ...Object.entries(bodies()).map(
    ([name, make]): Attack => ({
      name,
      play: ({ send }) => send('POST', '/v5/prompts/log', make(19_000_000)),
    }),
  ),
  {
    name: 'two megabytes of numbers below 90 lists, twice at once',
    isShort: true,
    play: ({ send }) =>
      times(2, () =>
        send('POST', '/v5/prompts/log', bodies()['19 MB of ones below 90 lists']?.(2_000_000)),
      ),
  },
  {
    name: '80 KB of slashes as an endpoint',
    play: ({ send }) =>
      send('POST', '/v5/prompts/call', {
        path: 'a/slashes',
        prompt: { provider: 'openai_azure', model: 'm' },
        messages: go,
        provider_api_keys: {
          openai_azure: 'k',
          openai_azure_endpoint: `https://a${'/'.repeat(80_000)}x`,
        },
      }),
  },
  {
    name: '14 KB of slashes in a path of the query',
    play: ({ send }) => send('GET', `/v5/files?path=a${'/'.repeat(14_000)}x`),
  },
  {
    name: '250,000 attributes of a span',
    play: ({ send }) => send('POST', '/v5/import/otel/v1/traces', span(250_000)),
  },
  {
    name: '2,400 messages with a fault in each',
    play: ({ send }) =>
      send('POST', '/v5/prompts/log', {
        path: 'a/faults',
        prompt: mock,
        messages: Array(2_400).fill({ role: 'x', content: [{ type: 'y' }] }),
      }),
  },
  {
    name: 'a prompt text with two million open tags',
    play: ({ send }) =>
      send('POST', '/v5/prompts/deserialize', {
        prompt: `---\nmodel: m\n---\n<user>\n${'<image '.repeat(2_000_000)}`,
      }),
  },
  {
    name: 'a data URL with 4.5 million parameters',
    play: ({ send }) =>
      send('POST', '/v5/prompts/call', {
        path: 'a/url',
        prompt: { provider: 'openai', model: 'm' },
        messages: [
          {
            role: 'user',
            content: [
              {
                type: 'image_url',
                image_url: { url: `data:image/png${';a=b'.repeat(4_500_000)}` },
              },
            ],
          },
        ],
        provider_api_keys: { openai: 'k' },
      }),
  },
];

const mock = { provider: 'mock', model: 'm' };
const jinja = { ...mock, template_language: 'jinja' };
const go = [{ role: 'user', content: 'go' }];

const slowText = (rounds: number) =>
  `{% set a = "ab" * 20000 %}{% for i in range(${rounds}) %}{% set b = a | upper | lower | title %}{% endfor %}`;
const slow = (rounds: number) => ({ ...jinja, template: slowText(rounds) });

async function pythonTool(send: Parameters<Attack['play']>[0]['send']) {
  const properties = { a: { type: 'string', pattern: '^(a+)+$' } };
  const { id } = bodyOf(
    await send('POST', '/v5/tools', {
      path: 'a/pattern',
      source_code: 'def f(**k): return 1',
      function: { name: 'f', description: '', parameters: { type: 'object', properties } },
    }),
  );
  return { type: 'file', link: { file_id: id } };
}

function enumOf(words: number, repeated: number) {
  const properties = { a: { enum: Array.from({ length: words }, (_, index) => `zz${index}`) } };
  const response_format = { type: 'json_schema', json_schema: { type: 'object', properties } };
  return {
    path: 'a/enum',
    prompt: { ...mock, response_format },
    messages: [{ role: 'user', content: 'word '.repeat(repeated) }],
  };
}

/** Bodies of logs whose JSON is odd, or much, by their names. */
function bodies(): Readonly<Record<string, (bytes: number) => string>> {
  const log = (inputs: string) =>
    `{"path":"a/json","prompt":{"model":"m","provider":"mock"},"inputs":${inputs}}`;
  const list = (bytes: number, item: string) =>
    Array(Math.floor(bytes / (item.length + 1)))
      .fill(item)
      .join();
  const below = (text: string) => `${'['.repeat(90)}${text}${']'.repeat(90)}`;
  return {
    '19 MB of ones below 90 lists': (bytes) =>
      log(`{"e":"\\ud83d\\ude00_proto_ 1e100","a":${below(list(bytes, '1'))}}`),
    '19 MB of runs of digits in a text': (bytes) =>
      log(`{"a":"${`${'1'.repeat(199)}x`.repeat(Math.floor(bytes / 200))}"}`),
    '19 MB of numbers of 190 digits': (bytes) =>
      log(`{"a":[${list(bytes, `0.${'1'.repeat(190)}`)}]}`),
    '19 MB of keys': (bytes) =>
      log(`{${Array.from({ length: bytes / 12 }, (_, index) => `"k${index}":1`).join()}}`),
    '19 MB of half characters': (bytes) => log(`{"a":"${'\\ud800'.repeat(bytes / 6)}"}`),
  };
}

function span(count: number) {
  const value = { stringValue: 'x' };
  const attributes = Array.from({ length: count }, (_, index) => ({
    key: `humanloop.log.inputs.${index}.a.b.c.d.e.f`,
    value,
  }));
  attributes.push({ key: 'humanloop.file.path', value: { stringValue: 'a/otel' } });
  const spans = [{ traceId: 'a', spanId: 'b', attributes }];
  return {
    resourceSpans: [{ scopeSpans: [{ scope: { name: 'humanloop.sdk.provider' }, spans }] }],
  };
}
