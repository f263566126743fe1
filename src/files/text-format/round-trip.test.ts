import { describe, expect, test } from 'vitest';
import { randomFrom } from '../../../test/support/random.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { fingerprint } from '../../kernel/fingerprint.ts';
import type { FileKind } from '../kind.ts';
import { agentKind } from '../kinds/agent.ts';
import { promptKind } from '../kinds/prompt.ts';
import { parseSpecText } from './parse-spec-text.ts';
import { printSpecText } from './print-spec-text.ts';

const random = randomFrom(20_261_122);
const below = (n: number) => Math.floor(random() * n);
const oneOf = <T>(values: readonly T[]): T => values[below(values.length)] as T;
const listOf = <T>(most: number, make: () => T): T[] =>
  Array.from({ length: below(most + 1) }, make);

/** The value in so many of ten cases, null in some of the others, undefined in the rest. */
const maybe = <T>(ofTen: number, make: () => T): T | null | undefined =>
  random() * 10 < ofTen ? make() : oneOf([null, undefined]);

const scraps = [
  ...[
    '',
    ' ',
    '  ',
    '\n',
    '\n\n',
    '\t',
    '\r',
    '\r\n',
    ' \n',
    '\n  ',
    'a',
    'Hello there.',
    '\\',
    '\\n',
  ],
  ...[
    '"',
    "'",
    '`',
    ': ',
    ':',
    '#',
    ' # ',
    '- ',
    '---',
    '\n---\n',
    '...',
    '&a',
    '*a',
    '!!str',
    '%',
  ],
  ...['{', '}', '[', ']', '{{name}}', '{% if x %}', ',', '|', '>', '@', '~', 'null', 'true', '1.0'],
  ...['<b>', '</b>', '<user>', '</user>', '\n<user>\n', '<system>', '</system>', '\n<system>\nx'],
  ...[
    '<tool>',
    '</tool>',
    '\n<tool name="a" id="b">\n',
    '<text>',
    '</text>',
    '<',
    '>',
    '</',
    '<!--',
  ],
  ...['<image url="https://x" />', '\n  <image url="x"/>\n', '<assistant>', '</assistant>', '/>'],
  ...[
    'é',
    '漢字',
    '😀',
    '\u00A0',
    '\u0085',
    '\u2028',
    '\uFEFF',
    '\u007F',
    '\u0001',
    '\u001B',
    'e\u0301',
  ],
];

const nasty = () => listOf(5, () => oneOf(scraps)).join('');
const someText = () => nasty() || 'x';
const plainText = () =>
  oneOf(['You are a teller.', 'One.\nTwo.\n\n  - three', '  a\nb', 'x\n \ny']);
const text = () => (random() < 0.75 ? plainText() : nasty());
const key = () => (random() < 0.05 ? 'k'.repeat(1_500) : nasty());

function json(depth = 3): unknown {
  switch (below(depth > 0 ? 7 : 5)) {
    case 0:
      return nasty();
    case 1:
      return oneOf([0, -1, 1.5, 1e21, 1e-7, 5e-324, 2 ** 53, -0.25, 123_456_789_012_345_680_000]);
    case 2:
      return random() < 0.5;
    case 3:
      return null;
    case 4:
      return oneOf(['yes', '0x1F', '0o7', '.inf', '2026-01-01', '<<', '=', '1_000', '+1', '.5']);
    case 5:
      return listOf(4, () => json(depth - 1));
    default:
      return object(depth - 1);
  }
}

const object = (depth = 3): Record<string, unknown> =>
  Object.fromEntries(listOf(4, () => [key(), json(depth)]));

const toolFunction = (name: string) => ({
  name,
  description: nasty(),
  strict: maybe(5, () => random() < 0.5),
  parameters: maybe(7, object),
});

const mcpServer = (name: string) => ({
  url: `https://${oneOf(['example.com', 'bücher.example:8443', '[2606:4700::1111]'])}/${name}?a=b c`,
  headers: maybe(5, () => ({ Authorization: oneOf(['***', 'Bearer "x: y"']), 'x-#': '- {a}' })),
});

const agentTool = (name: string) => ({
  ...oneOf([
    () => ({ type: 'inline', json_schema: toolFunction(name) }),
    () => ({ type: 'file', link: { file_id: someText(), version_id: maybe(5, someText) } }),
    () => ({
      type: 'mcp',
      server: mcpServer(name),
      allowed_tools: maybe(5, () => listOf(3, someText)),
    }),
  ])(),
  on_agent_call: maybe(6, () => oneOf(['stop', 'continue'])),
});

const contentPart = () =>
  random() < 0.5
    ? { type: 'text', text: text() }
    : {
        type: 'image_url',
        image_url: {
          url: oneOf(['https://x/y.png', 'data:image/png;base64,AAAA', 'http://x', someText()]),
          detail: maybe(5, () => oneOf(['high', 'low', 'auto'])),
        },
      };

const toolCall = () => ({
  id: random() < 0.7 ? 'call_1' : someText(),
  type: 'function',
  function: {
    name: random() < 0.7 ? 'look_up' : someText(),
    arguments: maybe(8, () => oneOf(['{}', '{\n  "a": "b"\n}', JSON.stringify(json()), nasty()])),
  },
});

const thinking = () => [
  { type: 'thinking', thinking: nasty(), signature: nasty() },
  { type: 'redacted_thinking', data: nasty() },
];

/** Mostly what tags can say; now and then with something that they cannot. */
function message() {
  const isOdd = random() < 0.15;
  const role = oneOf(['system', 'user', 'assistant', 'tool', 'developer']);
  const parts = () => listOf(3, contentPart);
  const content = role === 'user' && random() < 0.4 ? parts() : text();
  const isCall = role === 'assistant' && random() < 0.5;
  return {
    role,
    content: isCall ? maybe(1, text) : isOdd ? maybe(5, parts) : content,
    ...(isCall ? { tool_calls: listOf(2, toolCall) } : {}),
    ...(role === 'tool' ? { name: maybe(6, someText), tool_call_id: maybe(8, someText) } : {}),
    ...(isOdd ? { name: maybe(3, someText), thinking: maybe(3, thinking) } : {}),
  };
}

const template = () =>
  random() < 0.8 ? listOf(3, message) : oneOf([nasty(), plainText(), '', '\n', '\nx\n']);

function spec(kind: FileKind): Record<string, unknown> {
  let tools = 0;
  const tool = kind.type === 'agent' ? agentTool : toolFunction;
  return {
    model: random() < 0.5 ? 'gpt-4o' : someText(),
    endpoint: maybe(7, () => oneOf(['chat', 'chat', 'complete', 'edit'])),
    template: maybe(9, template),
    template_language: maybe(5, () => oneOf(['default', 'jinja'])),
    provider: maybe(5, () => oneOf(['openai', 'anthropic', 'mock'])),
    max_tokens: maybe(5, () => oneOf([-1, 0, 256])),
    temperature: maybe(5, () => oneOf([0, 0.7, 1, 2, 1e-7])),
    top_p: maybe(5, () => oneOf([0, 0.5, 1])),
    stop: maybe(5, () => oneOf([nasty(), [], [nasty(), nasty()]])),
    presence_penalty: maybe(5, () => oneOf([-2, 0, 0.5])),
    frequency_penalty: maybe(5, () => oneOf([2, 0, -0.5])),
    other: maybe(4, object),
    seed: maybe(4, () => oneOf([0, -5, 2 ** 53])),
    response_format: maybe(4, () => ({ type: 'json_schema', json_schema: maybe(6, object) })),
    reasoning_effort: maybe(4, () => oneOf(['high', 'low', 1024, 0])),
    attributes: maybe(4, object),
    tools: maybe(7, () => listOf(3, () => tool(`tool_${tools++}`))),
    ...(kind.type === 'agent' ? { max_iterations: maybe(5, () => oneOf([1, 10])) } : {}),
    ...(kind.type === 'prompt' ? { linked_tools: maybe(4, () => listOf(2, someText)) } : {}),
  };
}

describe.each<{ kind: FileKind }>([{ kind: agentKind }, { kind: promptKind }])(
  'of $kind.type files',
  ({ kind }) => {
    const canonical = (given: object) => kind.canonicalSpec(given as never);

    test('the text of a version, read again, is the same version', () => {
      let inTags = 0;
      for (let round = 0; round < 700; round++) {
        const given = spec(kind);
        const printed = printSpecText(kind, given);
        const back = parseSpecText(kind, printed);
        if (fingerprint(canonical(back)) !== fingerprint(canonical(given))) {
          // Compared as texts, so that a failure shows where they part.
          expect(canonicalJson(canonical(back)), printed).toBe(canonicalJson(canonical(given)));
        }
        expect(printSpecText(kind, back)).toBe(printed);
        if (/^<\w/m.test(printed.split('\n---\n')[1] ?? '')) inTags += 1;
      }
      // The law would hold as well if every template were a field.
      expect(inTags).toBeGreaterThan(100);
    });
  },
);
