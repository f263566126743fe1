import { describe, expect, test } from 'vitest';
import { askSpan, pythonPayload } from '../../test/support/otel-payloads.ts';
import { readPromptLog } from './prompt-span.ts';
import { readSpan, spansIn } from './read-spans.ts';

function logOf(attributes: Readonly<Record<string, string>>, error?: string) {
  const payload = pythonPayload({ scope: 'provider', attributes, ...(error && { error }) });
  const [raw] = spansIn(payload);
  if (!raw) throw new Error('The payload has no span.');
  return readPromptLog(readSpan(raw));
}

/** The attributes of the call by the conventions of 2025 and later. */
const later = {
  'humanloop.file.path': 'Sums/ask',
  'gen_ai.provider.name': 'openai',
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-4o',
};

describe('by the conventions up to 2024', () => {
  const log = logOf(
    askSpan({
      'llm.presence_penalty': '0.25',
      'llm.frequency_penalty': '-1',
      'gen_ai.request.top_p': '0.9',
      'humanloop.file.template': 'You know {{topic}}.',
      'llm.request.functions.0.name': 'add',
      'llm.request.functions.0.description': 'Adds.',
      'llm.request.functions.0.parameters':
        '{"type":"object","properties":{"a":{"type":"number"}}}',
    }),
  );

  test('the version is what the model was called with', () => {
    expect(log).toMatchObject({
      kind: { type: 'prompt' },
      spec: {
        model: 'gpt-4o',
        provider: 'openai',
        endpoint: 'chat',
        template: 'You know {{topic}}.',
        temperature: 0.5,
        max_tokens: 64,
        top_p: 0.9,
        presence_penalty: 0.25,
        frequency_penalty: -1,
        tools: [
          {
            name: 'add',
            description: 'Adds.',
            parameters: { type: 'object', properties: { a: { type: 'number' } } },
          },
        ],
      },
    });
  });

  test('the log is what was said, and what it took', () => {
    expect(log.request).toMatchObject({
      path: 'Sums/ask',
      messages: [{ role: 'user', content: 'What is two and two?' }],
      output_message: { role: 'assistant', content: 'Four.' },
      finish_reason: 'stop',
      prompt_tokens: 12,
      output_tokens: 3,
      start_time: '2026-05-01T12:00:00.000000Z',
      end_time: '2026-05-01T12:00:00.250000Z',
    });
  });

  test('messages may call tools and answer them', () => {
    const { request } = logOf(
      askSpan({
        'gen_ai.prompt.1.role': 'assistant',
        'gen_ai.prompt.1.tool_calls.0.id': 'call_1',
        'gen_ai.prompt.1.tool_calls.0.name': 'add',
        'gen_ai.prompt.1.tool_calls.0.arguments': '{"a": 2}',
        'gen_ai.prompt.2.role': 'tool',
        'gen_ai.prompt.2.tool_call_id': 'call_1',
        'gen_ai.prompt.2.content': '4',
        'gen_ai.completion.0.tool_calls.0.name': 'add',
      }),
    );
    expect(request.messages?.slice(1)).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'add', arguments: '{"a": 2}' } },
        ],
      },
      { role: 'tool', content: '4', tool_call_id: 'call_1' },
    ]);
    expect(request.output_message?.tool_calls).toEqual([
      { id: 'call_0', type: 'function', function: { name: 'add', arguments: '{}' } },
    ]);
  });

  test('a content of several parts is the JSON of them', () => {
    const parts = [
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
    ];
    const contentOf = (text: string) =>
      logOf(askSpan({ 'gen_ai.prompt.0.content': text })).request.messages?.[0]?.content;
    expect(contentOf(JSON.stringify(parts))).toEqual(parts);
    for (const text of ['[1, 2]', '[]', '[{"type": "text"', '[{"type":"text","text":"\\u0000"}]']) {
      expect(contentOf(text)).toBe(text);
    }
  });

  test('a content of Anthropic’s blocks is taken apart', () => {
    const content = JSON.stringify([
      { type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: 'Dry.' }] },
      { type: 'tool_result', tool_use_id: 'c2', content: [{ type: 'image' }] },
      { type: 'tool_result', tool_use_id: 'c3' },
      { type: 'thinking', thinking: 'Hm.' },
      { type: 'text', text: 'And these?' },
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } },
    ]);
    expect(logOf(askSpan({ 'gen_ai.prompt.0.content': content })).request.messages).toEqual([
      { role: 'tool', tool_call_id: 'c1', content: 'Dry.' },
      { role: 'tool', tool_call_id: 'c2', content: '[{"type":"image"}]' },
      { role: 'tool', tool_call_id: 'c3', content: '' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'And these?' },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } },
        ],
      },
    ]);
  });

  test('roles and vendors are those of the API, whatever they are called elsewhere', () => {
    const said = logOf(
      askSpan({
        'gen_ai.system': 'Cohere',
        'gen_ai.prompt.0.role': 'CHATBOT',
        'gen_ai.prompt.1.role': 'user',
        'gen_ai.prompt.1.user': 'And three?',
      }),
    );
    expect(said.spec).toMatchObject({ provider: 'cohere' });
    expect(said.request.messages).toEqual([
      { role: 'assistant', content: 'What is two and two?' },
      { role: 'user', content: 'And three?' },
    ]);
  });
});

describe('by the conventions since 2025', () => {
  test('messages are made of parts', () => {
    const { request } = logOf({
      ...later,
      'gen_ai.system_instructions': '[{"type":"text","content":"Be brief."}]',
      'gen_ai.input.messages': JSON.stringify([
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'What are these?' },
            { type: 'uri', modality: 'image', uri: 'https://example.com/a.png' },
            { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'aGk=' },
            { type: 'blob', modality: 'audio', mime_type: 'audio/wav', content: 'aGk=' },
          ],
        },
        {
          role: 'assistant',
          parts: [{ type: 'tool_call', id: 'c1', name: 'add', arguments: { a: 2 } }],
        },
        {
          role: 'user',
          parts: [
            { type: 'tool_call_response', id: 'c1', response: [{ sum: 4 }] },
            { type: 'text', content: 'Go on.' },
          ],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: '4' }] },
        { role: 'user', parts: [] },
      ]),
      'gen_ai.output.messages': JSON.stringify([
        {
          role: 'assistant',
          finish_reason: 'tool_call',
          parts: [
            { type: 'reasoning', content: 'Hm.' },
            { type: 'text', content: 'Let me see.' },
            { type: 'tool_call', id: 'c2', name: 'add', arguments: '{"a":' },
          ],
        },
      ]),
      'gen_ai.usage.input_tokens': '40',
      'gen_ai.usage.output_tokens': '7',
      'gen_ai.usage.reasoning_tokens': '5',
    });
    expect(request.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What are these?' },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'add', arguments: '{"a":2}' } },
        ],
      },
      { role: 'tool', content: '[{"sum":4}]', tool_call_id: 'c1' },
      { role: 'user', content: 'Go on.' },
      { role: 'tool', content: '4', tool_call_id: 'c1' },
      { role: 'user', content: null },
    ]);
    expect(request).toMatchObject({
      output_message: {
        role: 'assistant',
        content: 'Let me see.',
        tool_calls: [{ id: 'c2', type: 'function', function: { name: 'add', arguments: '{"a":' } }],
      },
      finish_reason: 'tool_call',
      prompt_tokens: 40,
      output_tokens: 7,
      reasoning_tokens: 5,
    });
  });

  test('tools are defined in the words of their vendor', () => {
    const parameters = { type: 'object' };
    const { spec } = logOf({
      ...later,
      'gen_ai.tool.definitions': JSON.stringify([
        { type: 'function', function: { name: 'a', description: 'A.', strict: true, parameters } },
        { name: 'b', description: 'B.', parameters },
        { name: 'c', input_schema: parameters },
      ]),
    });
    expect(spec['tools']).toEqual([
      { name: 'a', description: 'A.', strict: true, parameters },
      { name: 'b', description: 'B.', strict: null, parameters },
      { name: 'c', description: '', strict: null, parameters },
    ]);
  });

  test('a text that was cut off, or is not storable, is kept as it is', () => {
    const texts = ['[{"role":"user","parts":[{"type":"te', '[{"role":"\\u0000"}]', '{"a":1}'];
    for (const text of texts) {
      const { request } = logOf({
        ...later,
        'gen_ai.input.messages': text,
        'gen_ai.output.messages': text,
        'gen_ai.tool.definitions': text,
      });
      expect(request.messages).toEqual([{ role: 'user', content: text }]);
      expect(request.output_message).toEqual({ role: 'assistant', content: text });
    }
  });

  test('a list of reasons to stop may have become a text in several ways', () => {
    for (const text of ['stop', "('stop',)", '["stop"]', "['stop', 'length']"]) {
      const said = { ...later, 'gen_ai.response.finish_reasons': text };
      expect(logOf(said).request.finish_reason).toBe('stop');
    }
    expect(logOf(later).request.finish_reason).toBeNull();
  });
});

test.each([
  ['OpenAI', 'openai'],
  ['Anthropic', 'anthropic'],
  ['az.ai.openai', 'openai_azure'],
  ['Azure', 'openai_azure'],
  ['AWS', 'bedrock'],
  ['aws.bedrock', 'bedrock'],
  ['gcp.vertex_ai', 'google'],
  ['Groq', 'groq'],
  ['Replicate', 'replicate'],
  ['deepseek', 'deepseek'],
])('%s is the vendor %s', (name, provider) => {
  expect(logOf({ ...later, 'gen_ai.provider.name': name }).spec).toMatchObject({ provider });
});

test('the name of a vendor that is not known tells its versions from others', () => {
  const { spec } = logOf({ ...later, 'gen_ai.provider.name': 'openrouter' });
  expect(spec).toMatchObject({ attributes: { provider: 'openrouter' } });
  expect(spec).not.toHaveProperty('provider');
});

test('settings that are no numbers are as good as not given', () => {
  const { spec } = logOf({ ...later, 'gen_ai.request.temperature': 'NOT_GIVEN' });
  expect(spec['temperature']).toBeNull();
});

test('a setting that has no field of its own is among the others', () => {
  expect(logOf({ ...later, 'gen_ai.request.top_k': '5' }).spec).toMatchObject({
    other: { top_k: 5 },
  });
});

test('a text completion has another endpoint; other operations have none', () => {
  const endpointOf = (operation: string) =>
    logOf({ ...later, 'gen_ai.operation.name': operation }).spec['endpoint'];
  expect(['chat', 'text_completion', 'rerank'].map(endpointOf)).toEqual(['chat', 'complete', null]);
});

test('a call that failed has an error, and no answer', () => {
  const { request } = logOf(later, 'Rate limit reached.');
  expect(request).toMatchObject({ error: 'Rate limit reached.', output_message: null });
  const said = { ...later, 'error.type': 'RateLimitError' };
  expect(logOf(said).request).toMatchObject({ error: 'RateLimitError' });
});
