import { afterAll, describe, expect, test } from 'vitest';
import { anthropicProvider } from '../../src/providers/anthropic/anthropic-provider.ts';
import { openaiProvider } from '../../src/providers/openai/openai-provider.ts';
import { answerTo, hello, lookup, stop } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { databaseText } from '../support/database-text.ts';
import { startFakeProvider } from '../support/fake-provider.ts';

const fake = await startFakeProvider();
afterAll(() => fake.close());

const serverKey = 'sk-the-servers-own-key';
const api = await testApp({
  providers: {
    openai: openaiProvider({ apiKey: serverKey, baseUrl: `${fake.url}/v1` }),
    anthropic: anthropicProvider({ apiKey: serverKey, baseUrl: fake.url }),
  },
});

const vendors = [
  { provider: 'openai', model: 'gpt-4o', keyHeader: 'authorization' },
  { provider: 'anthropic', model: 'claude-3-7-sonnet-latest', keyHeader: 'x-api-key' },
];

const usage = { input: 20, cacheRead: 100, output: 40 };

/** Asks twice for tools, two at once, then ends. */
const threeTurns = [
  {
    text: 'Let me check.',
    toolCalls: [
      { id: 'call_a', name: 'lookup', arguments: { key: 'a' } },
      { id: 'call_b', name: 'lookup', arguments: { key: 'b' } },
    ],
    usage,
  },
  { toolCalls: [{ id: 'call_c', name: 'lookup', arguments: { key: 'c' } }], usage },
  { text: ['All ', 'three.'], usage },
];

const cases = vendors.flatMap((vendor) =>
  [false, true].map((stream) => ({ ...vendor, stream, how: stream ? 'streamed' : 'whole' })),
);

describe.each(cases)('$provider, $how', ({ provider, model, stream, keyHeader }) => {
  const agent = { provider, model, tools: [lookup, stop], max_tokens: 500 };

  /** Calls or continues; answers the log, whichever way it came. */
  async function send(url: string, body: Record<string, unknown>) {
    if (!stream) return (await api.post(url, body)).body;
    return (await api.stream(url, body)).at(-1)?.payload;
  }

  test('a run of three turns with parallel tools is stored as it went over the wire', async () => {
    fake.script(threeTurns);
    const before = fake.requests.length;
    const first = await send('/agents/call', {
      path: `wires/${provider}`,
      agent,
      messages: hello,
    });
    expect(first).toMatchObject({
      log_status: 'incomplete',
      previous_agent_message: {
        content: 'Let me check.',
        tool_calls: [
          { id: 'call_a', type: 'function', function: { name: 'lookup' } },
          { id: 'call_b', type: 'function', function: { name: 'lookup' } },
        ],
      },
    });
    const messages = [answerTo('call_b', 'B'), answerTo('call_a', 'A')];
    const second = await send('/agents/continue', { log_id: first.id, messages });
    expect(second.log_status).toBe('incomplete');
    const last = await send('/agents/continue', {
      log_id: first.id,
      messages: [answerTo('call_c', 'C')],
    });
    expect(last).toMatchObject({
      log_status: 'complete',
      output: 'All three.',
      prompt_tokens: 360,
      output_tokens: 120,
    });

    const sent = fake.requests.slice(before);
    expect(sent).toHaveLength(3);
    const { body: log } = await api.get(`/logs/${first.id}`);
    expect(log.provider_request).toEqual(sent[2]?.body);
    expect(first.provider_request).toEqual(sent[0]?.body);
    expect(second.provider_request).toEqual(sent[1]?.body);
    expect(log.provider_request.stream ?? false).toBe(stream);
    expect(log.provider_response).toMatchObject({ usage: expect.anything() });
    expect(log.turns).toMatchObject([
      { number: 1, input_tokens: 20, cache_read_tokens: 100, output_tokens: 40 },
      { number: 2 },
      { number: 3 },
    ]);
    expect(sent[0]?.headers[keyHeader]).toContain(serverKey);
  });

  test('a key of the call is used for the call, and kept nowhere', async () => {
    fake.script([{ text: 'Hi.' }]);
    const key = `sk-of-this-call-${provider}-${stream}`;
    const log = await send('/agents/call', {
      path: `wires/${provider}`,
      agent,
      messages: hello,
      provider_api_keys: { [provider]: key },
    });
    expect(log.output).toBe('Hi.');
    expect(fake.lastRequest.headers[keyHeader]).toContain(key);
    expect(JSON.stringify(log)).not.toContain(key);
    expect(await databaseText(api.database)).not.toContain(key);
    expect(api.logged.join('')).not.toContain(key);
  });

  test('fields of `other`, and what the version sets, reach the wire', async () => {
    fake.script([{ text: '{"a":1}' }]);
    await send('/agents/call', {
      path: `wires/${provider}-settings`,
      agent: {
        ...agent,
        temperature: 0.5,
        stop: 'END',
        other: { service_tier: 'flex', anything: { at: ['all'] } },
      },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          ],
        },
      ],
    });
    const { body } = fake.lastRequest;
    expect(body).toMatchObject({
      model,
      max_tokens: 500,
      temperature: 0.5,
      service_tier: 'flex',
      anything: { at: ['all'] },
    });
    expect(JSON.stringify(body)).toContain('https://example.com/a.png');
    expect(body['stop'] ?? body['stop_sequences']).toEqual(['END']);
    expect(body).not.toHaveProperty('top_p');
  });
});

test('thinking goes back with its signature, in the order in which it came', async () => {
  fake.script([
    {
      thinking: [{ thinking: 'I should look.', signature: 'c2ln' }, { redacted: 'UkVE' }],
      text: 'Let me look.',
      toolCalls: [{ id: 'toolu_1', name: 'lookup', arguments: { key: 'a' } }],
    },
    { text: 'Found.' },
  ]);
  const { body: suspended } = await api.post('/agents/call', {
    path: 'wires/thinking',
    agent: {
      provider: 'anthropic',
      model: 'claude-3-7-sonnet-latest',
      tools: [lookup],
      reasoning_effort: 1024,
    },
    messages: hello,
  });
  expect(suspended.previous_agent_message.thinking).toEqual([
    { type: 'thinking', thinking: 'I should look.', signature: 'c2ln' },
    { type: 'redacted_thinking', data: 'UkVE' },
  ]);
  await api.post('/agents/continue', {
    log_id: suspended.id,
    messages: [answerTo('toolu_1', 'x')],
  });
  const messages = fake.lastRequest.body['messages'] as { content: unknown[] }[];
  expect(messages[1]?.content).toMatchObject([
    { type: 'thinking', thinking: 'I should look.', signature: 'c2ln' },
    { type: 'redacted_thinking', data: 'UkVE' },
    { type: 'text', text: 'Let me look.' },
    { type: 'tool_use', id: 'toolu_1' },
  ]);
});
