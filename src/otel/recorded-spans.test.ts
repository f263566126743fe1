import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { pythonPayload } from '../../test/support/otel-payloads.ts';
import type { NewLog } from './new-log.ts';
import { readSpanLog } from './read-span-log.ts';
import { readSpan, spansIn } from './read-spans.ts';

// Attributes that humanloop 0.8.38 sent on 29 November 2026, with the OpenLLMetry instrumentors in
// the version that the file names, against a server that imitates the vendors. Every call had a
// path.

type Recorded = Readonly<Record<string, Readonly<Record<string, string>>>>;

function recorded(version: string): Recorded {
  const file = new URL(`fixtures/openllmetry-${version}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

const [old, newest] = [recorded('0.33.9'), recorded('0.62.4')];

/** The version and the log of a call, without fields that the span did not have. */
function logOf(spans: Recorded, name: string) {
  const attributes = spans[name];
  if (!attributes) throw new Error(`No span is called ${name}.`);
  const [raw] = spansIn(pythonPayload({ scope: 'provider', attributes }));
  const log = raw && (readSpanLog(readSpan(raw)) as NewLog | undefined);
  return log && { ...log.spec, ...log.request };
}

const question = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'What is two and two?' },
];
const four = { output_message: { role: 'assistant', content: 'Four.' } };
const weather = {
  name: 'weather',
  description: 'Knows.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const called = (id: string, city: string) => ({
  id,
  type: 'function',
  function: {
    name: 'weather',
    arguments: expect.toSatisfy((text) => JSON.parse(text).city === city),
  },
});
const calledOnce = {
  role: 'assistant',
  content: 'Let me see.',
  tool_calls: [called('call_1', 'Oslo')],
};
const history = [
  { role: 'user', content: 'Rain?' },
  { role: 'assistant', content: null, tool_calls: [called('c0', 'Rome')] },
  { role: 'tool', content: 'Dry.', tool_call_id: 'c0' },
  { role: 'user', content: 'TOOLS' },
];

describe.each([
  ['0.33.9', old],
  ['0.62.4', newest],
])('by OpenLLMetry %s', (_, spans) => {
  const isNewest = spans === newest;

  test.each(['openai', 'anthropic', 'groq'])('a chat with %s is one', (provider) => {
    expect(logOf(spans, `${provider} chat`)).toMatchObject({
      provider,
      endpoint: 'chat',
      temperature: 0.5,
      messages: question,
      ...four,
      prompt_tokens: 22,
      output_tokens: 3,
      finish_reason: provider === 'anthropic' && !isNewest ? 'end_turn' : 'stop',
    });
  });

  test.each(['openai', 'anthropic', 'groq'])('%s was given tools, and calls one', (provider) => {
    // The first instrumentor of Groq reports neither tools nor anything after a call.
    const isUntold = provider === 'groq' && !isNewest;
    expect(logOf(spans, `${provider} tools`)).toMatchObject({
      endpoint: 'chat',
      tools: isUntold ? [] : [weather],
      messages: isUntold ? history.slice(0, 1) : history,
      output_message: calledOnce,
      finish_reason: expect.stringMatching(/^tool_(call|calls|use)$/),
    });
  });

  test.each(['anthropic', 'groq'])('a stream of %s is a chat', (provider) => {
    expect(logOf(spans, `${provider} stream`)).toMatchObject({
      endpoint: 'chat',
      messages: question.slice(provider === 'groq' ? 0 : 1),
    });
  });

  test('a completion is one, of a text without roles', () => {
    expect(logOf(spans, 'openai completion')).toMatchObject({
      endpoint: 'complete',
      max_tokens: 5,
      messages: [{ role: 'user', content: 'Two and two is' }],
      ...four,
    });
  });

  test('embeddings are no call of a prompt', () => {
    expect(logOf(spans, 'openai embeddings')).toBeUndefined();
  });
});

describe('the newest', () => {
  test('says what form the answer had to have', () => {
    expect(logOf(newest, 'openai json schema')).toMatchObject({
      response_format: {
        type: 'json_schema',
        json_schema: {
          type: 'object',
          properties: { sum: { type: 'number' } },
          required: ['sum'],
          additionalProperties: false,
        },
      },
    });
    const ofObject = logOf(newest, 'openai json object');
    expect(ofObject).toHaveProperty('response_format', { type: 'json_object' });
    expect(logOf(newest, 'openai chat')).toHaveProperty('response_format', undefined);
  });

  test('says how much the model was to think, and how much it did', () => {
    expect(logOf(newest, 'openai chat')).toMatchObject({
      reasoning_effort: 'low',
      presence_penalty: 0.25,
      frequency_penalty: 0.5,
      reasoning_tokens: 2,
    });
  });

  test('says what was streamed, and what it took', () => {
    for (const name of ['openai stream', 'anthropic stream', 'groq stream']) {
      expect(logOf(newest, name)).toMatchObject({
        ...four,
        finish_reason: 'stop',
        prompt_tokens: 22,
      });
    }
  });

  test('sees the responses of OpenAI, too', () => {
    expect(logOf(newest, 'openai responses')).toMatchObject({
      endpoint: 'chat',
      messages: question,
      ...four,
      finish_reason: 'stop',
      prompt_tokens: 20,
      max_tokens: 64,
    });
  });

  test('says of a call that failed what kind of error it was', () => {
    expect(logOf(newest, 'openai fail')).toMatchObject({
      error: 'BadRequestError',
      output_message: null,
      messages: [{ role: 'user', content: 'FAIL' }],
    });
  });

  test('speaks of Cohere as the old ones do, with numbers that have a point', () => {
    expect(logOf(newest, 'cohere chat')).toMatchObject({
      provider: 'cohere',
      endpoint: 'chat',
      messages: question,
      ...four,
      finish_reason: 'COMPLETE',
      prompt_tokens: 20,
      output_tokens: 3,
    });
    expect(logOf(newest, 'cohere tools')).toMatchObject({
      tools: [weather],
      output_message: calledOnce,
      finish_reason: 'TOOL_CALL',
    });
    for (const name of ['cohere embeddings', 'cohere rerank']) {
      expect(logOf(newest, name)).toBeUndefined();
    }
  });
});

test('an effort that a version has no word for is among the other settings', () => {
  const said = { ...newest['openai chat'], 'gen_ai.request.reasoning_effort': 'minimal' };
  expect(logOf({ said }, 'said')).toMatchObject({ other: { reasoning_effort: 'minimal' } });
});

test('a completion of a vendor that is not known is one, unless what was said has roles', () => {
  const { 'gen_ai.prompt.0.user': text = '', ...rest } = old['openai completion'] ?? {};
  const unknown = { ...rest, 'gen_ai.system': 'Elsewhere' };
  const spans = {
    text: { ...unknown, 'gen_ai.prompt.0.user': text },
    chat: { ...unknown, 'gen_ai.prompt.0.role': 'user', 'gen_ai.prompt.0.content': text },
  };
  expect(logOf(spans, 'text')).toMatchObject({ endpoint: 'complete' });
  expect(logOf(spans, 'chat')).toMatchObject({ endpoint: 'chat' });
});
