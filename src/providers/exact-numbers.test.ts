import { afterAll, describe, expect, test } from 'vitest';
import { startFakeProvider } from '../../test/support/fake-provider.ts';
import { attempt, modelRequest } from '../../test/support/model-call.ts';
import { parseExactJson } from '../kernel/exact-json.ts';
import { anthropicProvider } from './anthropic/anthropic-provider.ts';
import { azureProvider } from './azure/azure-provider.ts';
import { bedrockProvider } from './bedrock/bedrock-provider.ts';
import { cohereProvider } from './cohere/cohere-provider.ts';
import { deepseekProvider } from './deepseek/deepseek-provider.ts';
import { googleProvider } from './google/google-provider.ts';
import { groqProvider } from './groq/groq-provider.ts';
import { openaiProvider } from './openai/openai-provider.ts';

const fake = await startFakeProvider();
afterAll(() => fake.close());

const apiKey = 'a-long-secret-key';
const { url } = fake;

const vendors = [
  ['openai', openaiProvider({ apiKey, baseUrl: `${url}/v1` })],
  ['azure', azureProvider({ apiKey, endpoint: `${url}/`, apiVersion: '2024-10-21' })],
  ['anthropic', anthropicProvider({ apiKey, baseUrl: url })],
  ['google', googleProvider({ apiKey, baseUrl: `${url}/v1beta` })],
  ['bedrock', bedrockProvider({ apiKey, region: undefined, baseUrl: url })],
  ['cohere', cohereProvider({ apiKey, baseUrl: `${url}/v2` })],
  ['groq', groqProvider({ apiKey, baseUrl: `${url}/openai/v1` })],
  ['deepseek', deepseekProvider({ apiKey, baseUrl: `${url}/deepseek` })],
] as const;

const given = '{"id":9007199254740995,"share":1.0,"list":[18446744073709551615,2.5]}';
const near = '{"id":9007199254740996,"share":1.0,"list":[18446744073709551616,2.5]}';

describe.each(vendors)('%s', (_, provider) => {
  test.each([false, true])(
    'the numbers of a call keep their digits, streamed: %s',
    async (stream) => {
      // To a double the arguments of the two calls are equal.
      const toolCalls = [given, near].map((each) => ({ name: 'find', arguments: each }));
      fake.script([{ toolCalls }]);
      const { answer } = await attempt(provider, modelRequest({ stream, tools: [find] }));
      const calls = answer.message.tool_calls ?? [];
      expect(calls.map((call) => call.function.arguments)).toEqual([given, near]);
      expect(JSON.stringify(answer.providerResponse)).toContain('18446744073709551615');
    },
  );

  test('they go back to the vendor as they came, and so do those of schemas', async () => {
    fake.script([{ text: 'Found.' }]);
    const call = { id: 'call_a', type: 'function' as const };
    const messages = [
      { message: { role: 'user' as const, content: 'Find it.' } },
      {
        message: {
          role: 'assistant' as const,
          content: null,
          tool_calls: [{ ...call, function: { name: 'find', arguments: given } }],
        },
      },
      { message: { role: 'tool' as const, tool_call_id: 'call_a', content: 'It is there.' } },
    ];
    await attempt(provider, modelRequest({ messages, tools: [find], other: { seed_of: given } }));
    const sent = JSON.stringify(fake.lastRequest.body).replaceAll('\\', '');
    expect(sent).toContain('9007199254740995');
    expect(sent).toContain('"share":1.0');
    expect(sent).toContain('9007199254740997');
  });
});

test('an answer in JSON that a package asks for as a call keeps its digits', async () => {
  fake.script([{ toolCalls: [{ name: 'json', arguments: given }] }]);
  const provider = bedrockProvider({ apiKey, region: undefined, baseUrl: url });
  const responseFormat = { type: 'json_schema', json_schema: { type: 'object' } } as const;
  const { answer } = await attempt(provider, modelRequest({ responseFormat }));
  expect(answer.message.content).toBe(given);
});

const find = {
  name: 'find',
  description: 'Finds an order.',
  parameters: parseExactJson(
    '{"type":"object","properties":{"id":{"type":"integer","enum":[9007199254740997]}}}',
  ) as Record<string, unknown>,
};
