import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startFakeProvider } from '../../../test/support/fake-provider.ts';
import { attempt, modelRequest } from '../../../test/support/model-call.ts';
import type { ModelRequest } from '../provider.ts';
import { openaiProvider } from './openai-provider.ts';

const fake = await startFakeProvider();
const provider = openaiProvider({ apiKey: 'sk-openai-key', baseUrl: `${fake.url}/v1` });
afterAll(() => fake.close());
beforeEach(() => fake.respond(() => ({ text: ' a time.' })));

/** A request to complete a text. */
function completion(fields: Partial<ModelRequest> = {}): ModelRequest {
  return modelRequest({
    model: 'gpt-3.5-turbo-instruct',
    endpoint: 'complete',
    messages: [{ message: { role: 'user', content: 'Once upon' } }],
    maxTokens: 50,
    ...fields,
  });
}

describe.each([{ stream: false }, { stream: true }])('with stream $stream', ({ stream }) => {
  test('a text is gone on with, and what follows is the answer', async () => {
    fake.script([
      { text: [' a', ' time', ' 😀'], finishReason: 'length', usage: { input: 3, output: 4 } },
    ]);
    const { answer, events } = await attempt(provider, completion({ stream }));
    expect(answer.message).toEqual({ role: 'assistant', content: ' a time 😀' });
    expect(answer.finishReason).toBe('length');
    expect(answer.usage).toEqual({
      inputTokens: 3,
      cacheReadTokens: null,
      cacheWriteTokens: null,
      outputTokens: 4,
      reasoningTokens: null,
    });
    expect(answer.parts).toBeUndefined();
    expect(answer.warnings).toEqual([]);
    expect(events.map((event) => event.delta)).toEqual(stream ? [' a', ' time', ' 😀'] : []);
  });

  test('the text is sent as it is, to the endpoint of completions', async () => {
    const { answer } = await attempt(
      provider,
      completion({ stream, messages: [{ message: { role: 'user', content: 'user:\n"A"' } }] }),
    );
    expect(fake.lastRequest.path).toBe('/v1/completions');
    expect(fake.lastRequest.headers['authorization']).toBe('Bearer sk-openai-key');
    expect(fake.lastRequest.body).toEqual({
      model: 'gpt-3.5-turbo-instruct',
      prompt: 'user:\n"A"',
      max_tokens: 50,
      ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    });
    expect(answer.providerRequest).toEqual(fake.lastRequest.body);
  });

  test('the provider response is the whole body, with the probabilities of all tokens', async () => {
    fake.script([{ text: ['a', 'b'], extra: { x: { y: 1 } } }]);
    const { answer } = await attempt(provider, completion({ stream, logprobs: 2 }));
    expect(fake.lastRequest.body['logprobs']).toBe(2);
    expect(answer.providerResponse).toEqual({
      id: 'cmpl-fake',
      object: 'text_completion',
      created: 1_790_000_000,
      model: 'gpt-3.5-turbo-instruct',
      system_fingerprint: 'fp_fake',
      x: { y: 1 },
      choices: [
        {
          index: 0,
          text: 'ab',
          logprobs: {
            tokens: ['a', 'b'],
            token_logprobs: [-0.25, -0.25],
            top_logprobs: [
              { a: -0.25, index: -3 },
              { b: -0.25, index: -3 },
            ],
            text_offset: [0, 1],
          },
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 12,
        completion_tokens: 7,
        total_tokens: 19,
        prompt_tokens_details: { cached_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    });
  });

  test('fields of other reach the wire and win, but for those that say how to read the answer', async () => {
    const other = { temperature: 0.1, best_of: 2, user: 'u1', stream: !stream, n: 3 };
    const { answer } = await attempt(provider, completion({ stream, temperature: 0.9, other }));
    const { body } = fake.lastRequest;
    expect(body).toMatchObject({ temperature: 0.1, best_of: 2, user: 'u1' });
    expect(body['stream'] ?? false).toBe(stream);
    expect(body).not.toHaveProperty('n');
    expect(answer.warnings).toHaveLength(2);
  });
});

test('settings are sent under their names, the suffix among them', async () => {
  await attempt(
    provider,
    completion({
      suffix: 'They lived happily.',
      logprobs: 0,
      temperature: 0.5,
      topP: 0.9,
      stop: ['END'],
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      seed: 7,
    }),
  );
  expect(fake.lastRequest.body).toEqual({
    model: 'gpt-3.5-turbo-instruct',
    prompt: 'Once upon',
    suffix: 'They lived happily.',
    logprobs: 0,
    max_tokens: 50,
    temperature: 0.5,
    top_p: 0.9,
    stop: ['END'],
    presence_penalty: 0.1,
    frequency_penalty: 0.2,
    seed: 7,
  });
});

test('what completions do not have is left out with a warning', async () => {
  const { answer } = await attempt(
    provider,
    completion({
      maxTokens: undefined,
      reasoningEffort: 'high',
      responseFormat: { type: 'json_object' },
      tools: [{ name: 'get_time', description: 'The time.' }],
      toolChoice: 'required',
    }),
  );
  expect(fake.lastRequest.body).toEqual({ model: 'gpt-3.5-turbo-instruct', prompt: 'Once upon' });
  expect(answer.warnings).toEqual([
    'Completions do not support reasoning effort; it was left out.',
    'OpenAI ends a completion after 16 tokens unless `max_tokens` is given.',
    'Tools is not supported and was left out.',
    'ToolChoice is not supported and was left out.',
    'JSON response format is not supported.',
  ]);
});

test('several choices in a stream are folded by their index', async () => {
  const choice = (index: number, text: string, finish: string | null = null) =>
    `data: ${JSON.stringify({ id: 'x', choices: [{ index, text, finish_reason: finish }] })}\n\n`;
  const stop = `${choice(1, 'B', 'stop')}${choice(0, 'b', 'stop')}data: [DONE]\n\n`;
  const body = `${choice(0, 'a')}${choice(1, 'A')}${stop}`;
  fake.script([{ headers: { 'content-type': 'text/event-stream' }, body }]);
  const { answer } = await attempt(provider, completion({ stream: true }));
  expect(answer.providerResponse).toEqual({
    id: 'x',
    choices: [
      { index: 0, text: 'ab', logprobs: null, finish_reason: 'stop' },
      { index: 1, text: 'AB', logprobs: null, finish_reason: 'stop' },
    ],
  });
});
