import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fingerprint } from '../../kernel/fingerprint.ts';
import { agentKind } from '../kinds/agent.ts';
import { promptKind } from '../kinds/prompt.ts';
import { parseSpecText } from './parse-spec-text.ts';
import { printSpecText } from './print-spec-text.ts';

// As the published pages and clients of the v5 API have them; bank.agent is our own.

const read = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

const chat = { model: 'gpt-4o', temperature: 1, max_tokens: -1 };
const attested = {
  ...chat,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  provider: 'openai',
  endpoint: 'chat',
  tools: [],
};
const friendly = { role: 'system', content: 'You are a friendly assistant.' };
const geography = {
  role: 'system',
  content: 'You are a helpful assistant that answers questions about geography.',
};

const samples = {
  'minimal.prompt': {
    ...{ model: 'gpt-4o', temperature: 0.7, max_tokens: -1, provider: 'openai', endpoint: 'chat' },
    template: [friendly],
  },
  'completion.prompt': {
    ...{ model: 'claude-2', temperature: 0.7, max_tokens: 256, top_p: 1 },
    ...{ provider: 'anthropic', endpoint: 'complete' },
    template: 'Autocomplete the sentence.\n\nContext: {{context}}\n\n{{sentence}}',
  },
  'image.prompt': {
    ...{ model: 'gpt-4-vision-preview', temperature: 0.7, max_tokens: 256 },
    ...{ provider: 'openai', endpoint: 'chat', tools: [] },
    template: [
      friendly,
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is in this image?' },
          {
            type: 'image_url',
            image_url: {
              url: 'https://upload.wikimedia.org/wikipedia/commons/8/89/Antidorcas_marsupialis%2C_male_%28Etosha%2C_2012%29.jpg',
            },
          },
        ],
      },
    ],
  },
  'tools.prompt': {
    ...{ ...attested, model: 'gpt-4', temperature: 0.7, max_tokens: 256 },
    tools: [
      {
        name: 'get_current_weather',
        description: 'Get the current weather in a given location',
        parameters: {
          type: 'object',
          properties: {
            location: {
              type: 'string',
              name: 'Location',
              description: 'The city and state, e.g. San Francisco, CA',
            },
            unit: { type: 'string', name: 'Unit', enum: ['celsius', 'fahrenheit'] },
          },
          required: ['location'],
        },
      },
    ],
    template: [
      friendly,
      { role: 'user', content: 'What is the weather in SF?' },
      {
        role: 'assistant',
        tool_calls: [
          {
            id: 'call_1ZUCTfyeDnpqiZbIwpF6fLGt',
            type: 'function',
            function: {
              name: 'get_current_weather',
              arguments: '{\n  "location": "San Francisco, CA"\n}',
            },
          },
        ],
      },
      {
        role: 'tool',
        name: 'get_current_weather',
        tool_call_id: 'call_1ZUCTfyeDnpqiZbIwpF6fLGt',
        content: 'Cloudy with a chance of meatballs.',
      },
    ],
  },
  'topic.prompt': {
    ...chat,
    template: [{ role: 'system', content: 'Write a song about {{topic}}' }],
  },
  'geography.prompt': { ...attested, template: [geography] },
  'geography.agent': { ...attested, max_iterations: 5, template: [geography] },
  'bank.agent': {
    ...{ ...attested, model: 'claude-3-7-sonnet-latest', provider: 'anthropic' },
    ...{ max_iterations: 3, reasoning_effort: 1024 },
    tools: [
      {
        type: 'file',
        link: { file_id: 'pr_1234567890', version_id: 'prv_1234567890' },
        on_agent_call: 'continue',
      },
      {
        type: 'inline',
        json_schema: {
          name: 'stop',
          description: 'Finish.',
          strict: true,
          parameters: {
            type: 'object',
            properties: { output: { type: 'string' } },
            required: ['output'],
            additionalProperties: false,
          },
        },
        on_agent_call: 'stop',
      },
    ],
    template: [{ role: 'system', content: 'You help users of a bank.' }],
  },
};

const kindOf = (name: string) => (name.endsWith('.agent') ? agentKind : promptKind);
const identity = (name: string, spec: object) =>
  fingerprint(kindOf(name).canonicalSpec(spec as never));

describe.each(Object.entries(samples))('%s', (name, spec) => {
  const text = read(name);

  test('says what the API would say', () => {
    expect(parseSpecText(kindOf(name), text)).toEqual(spec);
  });

  test.each([
    ['line ends of another system', text.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${text}`],
    ['blank lines before the front matter', `\n \t\n${text}`],
    ['blanks after the lines around it', text.replaceAll('---\n', '--- \t\n')],
    ['no line break at the end', text.trimEnd()],
    ['quoted texts', text.replace(/^(model|provider|endpoint): (.+)$/gm, '$1: "$2"')],
    ['whole numbers for floats', text.replace(/^(\w+: -?\d+)\.0$/gm, '$1')],
    ['attributes in the other order', text.replaceAll(/(name=\S+) (id="[^"]+")/g, '$2 $1')],
    ['single quotes', text.replaceAll(/<(.*)="([^"]+)"/g, "<$1='$2'")],
    ['no blank before the end of a tag', text.replaceAll(' />', '/>')],
  ])('says the same with %s', (_, other) => {
    const read = parseSpecText(kindOf(name), other);
    expect(identity(name, read)).toBe(identity(name, spec));
  });

  test('is the same version when it is printed and read again', () => {
    const back = parseSpecText(kindOf(name), printSpecText(kindOf(name), spec));
    expect(identity(name, back)).toBe(identity(name, spec));
  });
});

test('tags may be indented, or their text not', () => {
  const text = read('image.prompt');
  for (const other of [text.replace(/^ *</gm, '    <'), text.replace(/^ +/gm, '')]) {
    expect(parseSpecText(promptKind, other)).toEqual(samples['image.prompt']);
  }
});

test('a file that was printed is printed just so again', () => {
  const text = read('bank.agent');
  expect(printSpecText(agentKind, parseSpecText(agentKind, text))).toBe(text);
});
