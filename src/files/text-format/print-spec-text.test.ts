import { expect, test } from 'vitest';
import type { ChatMessage } from '../../contract/chat.ts';
import { agentKind } from '../kinds/agent.ts';
import { promptKind } from '../kinds/prompt.ts';
import { printSpecText } from './print-spec-text.ts';

const call = {
  id: 'c1',
  type: 'function',
  function: { name: 'look_up', arguments: '{\n  "key": 1\n}' },
};

test('fields stand in the order of the published samples, defaults only where those have them', () => {
  const text = printSpecText(agentKind, {
    tools: [],
    stop: ['\n', 'END'],
    seed: 5,
    attributes: { 'a "b"': [1, 1.5, null, true] },
    other: {},
    template_language: 'jinja',
    reasoning_effort: 'high',
    response_format: null,
    max_iterations: 3,
    temperature: 0,
    frequency_penalty: -2,
    top_p: 1e-7,
    model: 'ft:gpt-4o:us',
  });
  expect(text).toBe(`---
model: "ft:gpt-4o:us"
temperature: 0.0
max_tokens: -1
top_p: 1e-7
presence_penalty: 0.0
frequency_penalty: -2.0
max_iterations: 3
provider: openai
endpoint: chat
attributes: {"a \\"b\\"": [1, 1.5, null, true]}
reasoning_effort: high
seed: 5
stop: ["\\n", "END"]
template_language: jinja
tools: []
---
`);
});

test('messages stand in their tags', () => {
  const template: ChatMessage[] = [
    { role: 'system', content: 'Be kind.\n\n- and brief' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is it?' },
        { type: 'image_url', image_url: { url: 'https://x/"y".png', detail: 'low' } },
      ],
    },
    { role: 'assistant', tool_calls: [call as never, call as never] },
    { role: 'tool', tool_call_id: 'c1', name: 'look_up', content: 'A cat.' },
    { role: 'developer', content: '' },
  ];
  const [, content] = printSpecText(promptKind, { model: 'm', template }).split('\n---\n');
  expect(content).toBe(`<system>
  Be kind.

  - and brief
</system>

<user>
  <text>
    What is it?
  </text>
  <image url='https://x/"y".png' detail="low" />
</user>

<assistant>
  <tool name="look_up" id="c1">
    {
      "key": 1
    }
  </tool>
  <tool name="look_up" id="c1">
    {
      "key": 1
    }
  </tool>
</assistant>

<tool name="look_up" id="c1">
  A cat.
</tool>

<developer>
</developer>
`);
});

test.each<[string, string | object[]]>([
  ['of a chat without a role', 'Be kind.'],
  ['without messages', []],
  ['with blanks at the end of a message', [{ role: 'system', content: 'Be kind.\n' }]],
  ['all indented', [{ role: 'system', content: '  Be kind.' }]],
  ['with line ends of another system', [{ role: 'system', content: 'Be\r\nkind.' }]],
  ['with the tag that would end it', [{ role: 'user', content: 'Write </user> here.' }]],
  ['that looks like parts', [{ role: 'user', content: '<text>x</text>' }]],
  ['with a name', [{ role: 'user', name: 'ada', content: 'x' }]],
  ['with thinking', [{ role: 'assistant', content: 'x', thinking: [{ type: 'x' }] }]],
  ['with a text and calls', [{ role: 'assistant', content: 'x', tool_calls: [call] }]],
  ['without content', [{ role: 'user' }]],
  [
    'with arguments that are no JSON',
    [{ role: 'assistant', tool_calls: [{ ...call, function: { name: 'f', arguments: '{' } }] }],
  ],
  [
    'with parts that are not a user’s',
    [{ role: 'system', content: [{ type: 'text', text: 'x' }] }],
  ],
])('a template %s is a field of the front matter', (_, template) => {
  const text = printSpecText(agentKind, { model: 'm', template });
  const [, written] = /\ntemplate: (.+)\ntools: \[\]\n---\n$/.exec(text) ?? [];
  expect(JSON.parse(written ?? 'null')).toEqual(template);
});

test.each([
  ['Once upon a time', 'Once upon a time\n'],
  ['\nOnce\n\n', '\n\nOnce\n\n\n'],
  ['<user>', '<user>\n'],
])('the template %j of a completion is its content', (template, content) => {
  const text = printSpecText(promptKind, { model: 'm', endpoint: 'complete', template });
  expect(text.slice(text.indexOf('\n---\n') + 5)).toBe(content);
});
