import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startFakeProvider } from '../../../test/support/fake-provider.ts';
import { attempt, failureOf, modelRequest } from '../../../test/support/model-call.ts';
import { cohereProvider } from './cohere-provider.ts';

const fake = await startFakeProvider();
const provider = cohereProvider({ apiKey: 'a-cohere-key', baseUrl: `${fake.url}/v2` });
afterAll(() => fake.close());
beforeEach(() => fake.respond(() => ({ text: 'Hi' })));

const one = { name: 'one', description: 'One.', strict: true };
const two = { name: 'two', description: 'Two.' };

test('settings are sent under their names', async () => {
  const { answer } = await attempt(
    provider,
    modelRequest({
      model: 'command-a',
      maxTokens: 99,
      temperature: 0.5,
      topP: 0.9,
      stop: ['END'],
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      seed: 7,
    }),
  );
  expect(fake.lastRequest.body).toEqual({
    model: 'command-a',
    messages: [{ role: 'user', content: 'Hello' }],
    max_tokens: 99,
    temperature: 0.5,
    p: 0.9,
    stop_sequences: ['END'],
    presence_penalty: 0.1,
    frequency_penalty: 0.2,
    seed: 7,
  });
  expect(answer.warnings).toEqual([]);
});

test('one tool that must be called is sent alone, with a warning', async () => {
  const { answer } = await attempt(
    provider,
    modelRequest({
      tools: [one, two],
      toolChoice: { type: 'function', function: { name: 'two' } },
    }),
  );
  expect(fake.lastRequest.body).toMatchObject({
    tools: [{ function: { name: 'two' } }],
    tool_choice: 'REQUIRED',
  });
  expect(answer.warnings).toEqual([
    'Cohere does not support strict tools; `strict` was left out.',
    'Cohere cannot be made to call one tool out of several; the other tools were left out.',
  ]);
});

test.each([
  [2_000, { type: 'enabled', token_budget: 2_000 }],
  [0, { type: 'disabled' }],
])('the reasoning effort %j is sent', async (reasoningEffort, thinking) => {
  await attempt(provider, modelRequest({ reasoningEffort }));
  expect(fake.lastRequest.body['thinking']).toEqual(thinking);
});

test('images are sent by address or as data', async () => {
  const image = (url: string) => ({ type: 'image_url' as const, image_url: { url } });
  const content = [
    image('https://example.com/cat.png'),
    image('data:image/png;base64,iVBORw0KGgo='),
  ];
  await attempt(provider, modelRequest({ messages: [{ message: { role: 'user', content } }] }));
  expect(fake.lastRequest.body['messages']).toEqual([{ role: 'user', content }]);
});

test('a plan before calls of tools is in the response, and goes to the model as one', async () => {
  const plan = { type: 'tool-plan-delta', delta: { message: { tool_plan: 'I will look.' } } };
  fake.script([{ toolCalls: [{ name: 'one' }], inject: { after: 1, event: plan } }]);
  const { answer } = await attempt(provider, modelRequest({ stream: true, tools: [one] }));
  expect(answer.providerResponse).toMatchObject({ message: { tool_plan: 'I will look.' } });
  expect(answer.message).toMatchObject({ content: null, tool_calls: [{ id: 'call_1' }] });
});

test('events of a kind that is not known yet are passed over', async () => {
  fake.script([{ text: 'Hi', inject: { after: 1, event: { type: 'weather-report' } } }]);
  const { answer } = await attempt(provider, modelRequest({ stream: true }));
  expect(answer.message.content).toBe('Hi');
});

test('tokens are counted when nothing is said of what is billed', async () => {
  const message = { role: 'assistant', content: [{ type: 'text', text: 'Hi' }] };
  const usage = { tokens: { input_tokens: 9, output_tokens: 4 } };
  fake.script([{ body: { id: 'x', message, finish_reason: 'COMPLETE', usage } }]);
  const { answer } = await attempt(provider, modelRequest());
  expect(answer.usage).toMatchObject({ inputTokens: 9, outputTokens: 4 });
});

describe.each([{ stream: false }, { stream: true }])('with stream $stream', ({ stream }) => {
  test.each(['ERROR', 'TIMEOUT'])('an answer that finished with %s is none', async (reason) => {
    fake.script([{ text: 'Once upon', finishReason: reason }]);
    const failure = await failureOf(attempt(provider, modelRequest({ stream })));
    expect(failure).toMatchObject({
      kind: 'unavailable',
      message: `Cohere answered with an error: it finished with \`${reason}\`.`,
    });
  });
});

describe('an answer that is written in its own way', () => {
  const stream = (...events: readonly object[]) => ({
    body: events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''),
    headers: { 'content-type': 'text/event-stream' },
  });
  const said = (type: string, message: object, more: object = {}) => ({
    type,
    delta: { message },
    ...more,
  });
  const end = { type: 'message-end', delta: { finish_reason: 'COMPLETE' } };
  const read = async (...events: readonly object[]) => {
    fake.script([stream(...events)]);
    return (await attempt(provider, modelRequest({ stream: true, tools: [one] }))).answer;
  };

  test.each([
    [
      'text in the start of a part',
      said('content-start', { content: { type: 'text', text: 'Hi' } }),
    ],
    ['a part that is not begun', said('content-delta', { content: { text: 'Hi' } }, { index: 3 })],
    ['content that is a text', said('content-delta', { content: 'Hi' }, { index: 0 })],
    ['content that is a list', said('content-delta', { content: [{ text: 'Hi' }] }, { index: 0 })],
    ['all in the first event', said('message-start', { content: [{ type: 'text', text: 'Hi' }] })],
    ['no events', { message: { content: [{ type: 'text', text: 'Hi' }] } }],
  ])('with %s has it', async (_how, event) => {
    expect((await read(event, end)).message.content).toBe('Hi');
  });

  test.each([
    ['an object', { id: 'a', type: 'function', function: { name: 'one', arguments: '{"x":1}' } }],
    ['a list', [{ id: 'a', function: { name: 'one', arguments: { x: 1 } } }]],
    ['without an id', { function: { name: 'one', arguments: '{"x":1}' } }],
  ])('with a call as %s has the call', async (_how, calls) => {
    const { message } = await read(said('tool-call-start', { tool_calls: calls }), end);
    expect(message.tool_calls).toMatchObject([{ function: { name: 'one', arguments: '{"x":1}' } }]);
  });

  test('with a part and an event of new kinds names what it leaves out', async () => {
    const { warnings, message } = await read(
      { type: 'weather-report' },
      said('content-start', { content: { type: 'hologram', data: 'x' } }, { index: 0 }),
      said('content-delta', { content: { text: 'Hi' } }, { index: 1 }),
      end,
    );
    expect(message.content).toBe('Hi');
    expect(warnings.join(' ')).toMatch(/weather-report.*hologram/);
  });

  test('ends with its last event, though the connection stays open', async () => {
    const { body, headers } = stream(said('content-delta', { content: { text: 'Hi' } }), end);
    fake.script([{ body: `${body}data: `, headers, stallAfter: body.length }]);
    const { answer } = await attempt(provider, modelRequest({ stream: true }));
    expect(answer.message.content).toBe('Hi');
  });

  test('goes back with its plan', async () => {
    const { parts, message } = await read(
      said('tool-plan-delta', { tool_plan: 'I will look.' }),
      said('tool-call-start', { tool_calls: { id: 'a', function: { name: 'one' } } }),
      end,
    );
    const result = { role: 'tool' as const, tool_call_id: 'a', content: 'x' };
    fake.script([{ text: 'Seen.' }]);
    await attempt(provider, modelRequest({ messages: [{ message, parts }, { message: result }] }));
    expect(fake.lastRequest.body['messages']).toMatchObject([
      { role: 'assistant', tool_plan: 'I will look.', tool_calls: [{ id: 'a' }] },
      { role: 'tool' },
    ]);
  });
});
