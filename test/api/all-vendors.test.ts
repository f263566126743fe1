import { afterAll, describe, expect, test } from 'vitest';
import { azureProvider } from '../../src/providers/azure/azure-provider.ts';
import { bedrockProvider } from '../../src/providers/bedrock/bedrock-provider.ts';
import { cohereProvider } from '../../src/providers/cohere/cohere-provider.ts';
import { deepseekProvider } from '../../src/providers/deepseek/deepseek-provider.ts';
import { googleProvider } from '../../src/providers/google/google-provider.ts';
import { groqProvider } from '../../src/providers/groq/groq-provider.ts';
import { answerTo, hello, lookup, stop } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { databaseText } from '../support/database-text.ts';
import { startFakeProvider } from '../support/fake-provider.ts';

const fake = await startFakeProvider();
afterAll(() => fake.close());

const { url } = fake;
const apiKey = 'the-servers-own-long-key';
const api = await testApp({
  providers: {
    openai_azure: azureProvider({ apiKey, endpoint: url, apiVersion: '2024-10-21' }),
    google: googleProvider({ apiKey, baseUrl: `${url}/v1beta` }),
    bedrock: bedrockProvider({ apiKey, region: 'us-east-1', baseUrl: url }),
    cohere: cohereProvider({ apiKey, baseUrl: `${url}/v2` }),
    groq: groqProvider({ apiKey, baseUrl: `${url}/openai/v1` }),
    deepseek: deepseekProvider({ apiKey, baseUrl: `${url}/deepseek` }),
  },
});

/** `warned`: what the log's stdout says of a seed and of a strict tool, where it says something. */
const vendors = [
  { provider: 'openai_azure', model: 'my-gpt', warned: [] },
  { provider: 'google', model: 'gemini-3-pro-preview', warned: [] },
  { provider: 'bedrock', model: 'amazon.nova-pro-v1:0', warned: ['Seed is not supported'] },
  { provider: 'cohere', model: 'command-a-03-2025', warned: ['`strict` was left out'] },
  { provider: 'groq', model: 'openai/gpt-oss-120b', warned: [] },
  {
    provider: 'deepseek',
    model: 'deepseek-v4-pro',
    warned: ['`strict` was left out', 'Seed is not supported'],
  },
];

const cases = vendors.flatMap((vendor) =>
  [false, true].map((stream) => ({ ...vendor, stream, how: stream ? 'streamed' : 'whole' })),
);

describe.each(cases)('$provider, $how', ({ provider, model, warned, stream }) => {
  const agent = { provider, model, tools: [lookup, stop], max_tokens: 500 };

  /** Calls or continues; answers the log, whichever way it came. */
  async function send(path: string, body: Record<string, unknown>) {
    if (!stream) return (await api.post(path, body)).body;
    return (await api.stream(path, body)).at(-1)?.payload;
  }

  test('a run with parallel tools and reasoning is stored as it went over the wire', async () => {
    const usage = { input: 20, cacheRead: 100, output: 40 };
    fake.script([
      {
        thinking: [{ thinking: 'I should look.', signature: 'c2lnLWE=' }],
        text: 'Let me check.',
        toolCalls: [
          { id: 'call_a', name: 'lookup', arguments: { key: 'a' } },
          { id: 'call_b', name: 'lookup', arguments: { key: 'b' } },
        ],
        usage,
      },
      { text: ['All ', 'both.'], usage },
    ]);
    const before = fake.requests.length;
    const path = `vendors/${provider}`;
    const first = await send('/agents/call', { path, agent, messages: hello });
    expect(first).toMatchObject({
      log_status: 'incomplete',
      previous_agent_message: {
        content: 'Let me check.',
        tool_calls: [{ id: 'call_a' }, { id: 'call_b' }],
      },
    });
    const messages = [answerTo('call_b', 'B'), answerTo('call_a', 'A')];
    const last = await send('/agents/continue', { log_id: first.id, messages });
    expect(last).toMatchObject({
      log_status: 'complete',
      output: 'All both.',
      prompt_tokens: 240,
      output_tokens: 80,
    });
    const sent = fake.requests.slice(before);
    expect(sent).toHaveLength(2);
    const { body: log } = await api.get(`/logs/${first.id}`);
    expect(first.provider_request).toEqual(sent[0]?.body);
    expect(log.provider_request).toEqual(sent[1]?.body);
    expect(log.turns).toMatchObject([
      { number: 1, input_tokens: 20, cache_read_tokens: 100, output_tokens: 40 },
      { number: 2 },
    ]);
  });

  test('what a vendor has no place for is told in stdout, and other reaches the wire', async () => {
    fake.script([{ text: 'Hi.' }]);
    const log = await send('/agents/call', {
      path: `vendors/${provider}-settings`,
      agent: {
        ...agent,
        seed: 7,
        tools: [{ ...lookup, json_schema: { ...lookup.json_schema, strict: true } }],
        other: { anything: { at: ['all'] } },
      },
      messages: hello,
    });
    for (const warning of warned) expect(log.stdout).toContain(warning);
    expect(JSON.stringify(fake.lastRequest.body)).toContain('"anything":{"at":["all"]}');
  });
});

test('keys are in no row and in no line of the server’s log', async () => {
  fake.script([{ status: 403, body: { message: 'The secret my-secret-access-key is wrong.' } }]);
  const answer = await api.post('/agents/call', {
    path: 'vendors/keys',
    agent: { provider: 'bedrock', model: 'amazon.nova-pro-v1:0' },
    messages: hello,
    provider_api_keys: { bedrock: 'AKIAIOSFODNN7EXAMPLE:my-secret-access-key' },
  });
  expect(answer).toMatchObject({ statusCode: 422, body: { code: 'provider_unauthorized' } });
  const everything = [
    JSON.stringify(answer.body),
    await databaseText(api.database),
    ...api.logged,
  ].join('\n');
  expect(everything).not.toContain(apiKey);
  expect(everything).not.toContain('my-secret-access-key');
});
