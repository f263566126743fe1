import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startFakeProvider } from '../../../test/support/fake-provider.ts';
import { attempt, failureOf, modelRequest } from '../../../test/support/model-call.ts';
import type { EndpointQuirks } from '../../contract/custom-endpoints.ts';
import { readAllowedHosts } from '../../outgoing/allowed-hosts.ts';
import { vettedAgent } from '../../outgoing/vetted-agent.ts';
import { callModel } from '../call-model.ts';
import type { ModelRequest } from '../provider.ts';
import { compatibleProvider } from './compatible-provider.ts';

const fake = await startFakeProvider();
afterAll(() => fake.close());
beforeEach(() => fake.respond(() => ({ text: 'Hi' })));

const server = (more: Partial<Parameters<typeof compatibleProvider>[0]> = {}) =>
  compatibleProvider({
    title: '`mine`',
    baseUrl: `${fake.url}/v1`,
    apiKey: undefined,
    headers: {},
    quirks: {},
    dispatcher: vettedAgent(readAllowedHosts('127.0.0.1')),
    ...more,
  });

/** The body that a server with quirks is sent. */
async function sent(request: Partial<ModelRequest>, quirks: EndpointQuirks = {}) {
  await attempt(server({ quirks }), modelRequest(request));
  return fake.lastRequest.body;
}

const weather = { name: 'weather', description: 'The weather.' };
const time = { name: 'time', description: 'The time.' };

test('a server without a key is sent no authorization, and one with headers these', async () => {
  const open = await attempt(server(), modelRequest());
  expect(open.answer.warnings).toEqual([]);
  expect(fake.lastRequest.headers).not.toHaveProperty('authorization');
  const headers = { 'x-title': 'Ours', authorization: 'Basic b3Vycw==' };
  await attempt(server({ apiKey: 'a-key', headers: { 'x-title': 'Ours' } }), modelRequest());
  expect(fake.lastRequest.headers).toMatchObject({ authorization: 'Bearer a-key' });
  await attempt(server({ headers }), modelRequest());
  expect(fake.lastRequest.headers).toMatchObject(headers);
});

test.each(['gpt-5', 'o3-mini', 'gpt-4o-search-preview', 'qwen3:8b'])(
  'what is asked of %s is sent as it was asked, whatever OpenAI makes of that name',
  async (model) => {
    const asked = {
      model,
      maxTokens: 9,
      temperature: 0,
      topP: 0.5,
      frequencyPenalty: 1,
      logprobs: 2,
    };
    const { answer } = await attempt(server(), modelRequest(asked));
    expect(answer.warnings).toEqual([]);
    expect(fake.lastRequest.body).toEqual({
      ...{ model, max_tokens: 9, temperature: 0, top_p: 0.5, frequency_penalty: 1 },
      ...{ logprobs: true, top_logprobs: 2 },
      messages: [{ role: 'user', content: 'Hello' }],
    });
  },
);

test('a schema is sent whole, in OpenAI’s form', async () => {
  const schema = { type: 'object', propertyNames: { pattern: '^(?=a)' } };
  for (const given of [schema, { schema, name: 'thing', strict: true }]) {
    const body = await sent({ responseFormat: { type: 'json_schema', json_schema: given } });
    expect(body['response_format']).toEqual({
      type: 'json_schema',
      json_schema: given === schema ? { schema, name: 'response' } : given,
    });
  }
  const object = await sent({ responseFormat: { type: 'json_object' } });
  expect(object['response_format']).toEqual({ type: 'json_object' });
});

describe('a quirk', () => {
  test('names the field of the limit', async () => {
    const body = await sent({ maxTokens: 9 }, { max_tokens_field: 'max_completion_tokens' });
    expect(body).toMatchObject({ max_completion_tokens: 9 });
    expect(body).not.toHaveProperty('max_tokens');
  });

  test('leaves out the options of a stream', async () => {
    const usual = await sent({ stream: true });
    expect(usual['stream_options']).toEqual({ include_usage: true });
    const body = await sent({ stream: true }, { stream_options: false });
    expect(body).toMatchObject({ stream: true });
    expect(body).not.toHaveProperty('stream_options');
  });

  test('keeps the role of developers', async () => {
    const messages = [{ message: { role: 'developer' as const, content: 'Be brief.' } }];
    const first = async (quirks: EndpointQuirks) => (await sent({ messages }, quirks))['messages'];
    expect(await first({})).toEqual([{ role: 'system', content: 'Be brief.' }]);
    const developer = [{ role: 'developer', content: 'Be brief.' }];
    expect(await first({ developer_role: true })).toEqual(developer);
  });

  test('moves late system messages to the start', async () => {
    const messages = [
      { message: { role: 'user' as const, content: 'Hello' } },
      { message: { role: 'system' as const, content: 'Be brief.' } },
    ];
    const body = await sent({ messages }, { late_system_messages: false });
    expect(body['messages']).toMatchObject([{ role: 'system' }, { role: 'user' }]);
    expect((await sent({ messages }))['messages']).toMatchObject([{ role: 'user' }, {}]);
  });

  test('says the choice of a function by offering it alone', async () => {
    const toolChoice = { type: 'function' as const, function: { name: 'time' } };
    const asked = { tools: [weather, time], toolChoice };
    expect((await sent(asked))['tool_choice']).toEqual(toolChoice);
    const body = await sent(asked, { named_tool_choice: false });
    expect(body['tool_choice']).toBe('required');
    expect(body['tools']).toMatchObject([{ function: { name: 'time' } }]);
    const words = { tools: [weather, time], toolChoice: 'auto' as const };
    const auto = await sent(words, { named_tool_choice: false });
    expect(auto).toMatchObject({ tool_choice: 'auto', tools: [{}, {}] });
  });
});

test('a text is completed with the same quirks', async () => {
  const quirks: EndpointQuirks = { stream_options: false };
  const { answer } = await attempt(
    server({ quirks }),
    modelRequest({ endpoint: 'complete', model: 'gpt-5', stream: true, maxTokens: 5 }),
  );
  expect(answer).toMatchObject({ message: { content: 'Hi' }, warnings: [] });
  expect(fake.lastRequest).toMatchObject({ path: '/v1/completions' });
  expect(fake.lastRequest.body).toEqual({
    ...{ model: 'gpt-5', prompt: 'Hello', stream: true, max_tokens: 5 },
  });
});

test('an address that may not be reached is told of, and not tried again', async () => {
  const dispatcher = vettedAgent(readAllowedHosts(''));
  const asked = callModel(server({ dispatcher }), modelRequest(), {
    apiKey: undefined,
    signal: new AbortController().signal,
  });
  const failure = await failureOf(asked.next());
  expect(failure).toMatchObject({ kind: 'rejected', origin: 'mine', isRetryable: false });
  expect(failure.message).toContain('`mine` cannot be reached: The host 127.0.0.1 is not on the');
});
