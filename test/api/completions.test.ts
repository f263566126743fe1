import { afterAll, describe, expect, test } from 'vitest';
import { openaiProvider } from '../../src/providers/openai/openai-provider.ts';
import { hello } from '../support/agents.ts';
import { piecesOf, testApp } from '../support/app.ts';
import { startFakeProvider } from '../support/fake-provider.ts';
import { expectRefusal } from '../support/refusals.ts';

const fake = await startFakeProvider();
afterAll(() => fake.close());
const api = await testApp({
  providers: { openai: openaiProvider({ apiKey: 'sk-openai', baseUrl: `${fake.url}/v1` }) },
});

const story = {
  provider: 'openai',
  model: 'gpt-3.5-turbo-instruct',
  endpoint: 'complete',
  template: 'Once upon {{when}}',
  max_tokens: 20,
};
const mock = { provider: 'mock', model: 'mock', endpoint: 'complete' };

describe('a prompt that completes a text', () => {
  test('sends its template as the text, and answers with what follows', async () => {
    fake.script([{ text: [' there', ' was'], usage: { input: 4, output: 2 } }]);
    const { statusCode, body } = await api.post('/prompts/call', {
      path: 'complete/story',
      prompt: story,
      inputs: { when: 'a time' },
      suffix: 'The end.',
      logprobs: 1,
    });
    expect(statusCode).toBe(200);
    expect(fake.lastRequest.path).toBe('/v1/completions');
    expect(fake.lastRequest.body).toEqual({
      model: 'gpt-3.5-turbo-instruct',
      prompt: 'Once upon a time',
      suffix: 'The end.',
      logprobs: 1,
      max_tokens: 20,
    });
    expect(body.logs).toMatchObject([
      {
        output: ' there was',
        output_message: { role: 'assistant', content: ' there was' },
        finish_reason: 'stop',
        prompt_tokens: 4,
        output_tokens: 2,
      },
    ]);
    const { body: log } = await api.get(`/logs/${body.id}`);
    expect(log).toMatchObject({ provider_request: fake.lastRequest.body, stdout: null });
    expect(log.provider_response.choices[0].logprobs.tokens).toEqual([' there', ' was']);
  });

  test('streams what follows', async () => {
    fake.script([{ text: [' there', ' was'] }]);
    const { body } = await api.post('/prompts/call', {
      path: 'complete/story',
      prompt: story,
      inputs: { when: 'a time' },
      stream: true,
    });
    const pieces = piecesOf(body);
    expect(pieces.map(({ output }) => output).join('')).toBe(' there was');
    expect(fake.lastRequest.body).toMatchObject({ prompt: 'Once upon a time', stream: true });
  });

  test('plays the script of the mock, and says what it has no place for', async () => {
    const script = [{ content: ' there was.' }];
    const { body } = await api.post('/prompts/call', {
      path: 'complete/mock',
      prompt: { ...mock, template: 'Once upon', other: { script } },
      logprobs: 1,
    });
    expect(body.logs[0].output).toBe(' there was.');
    const { body: log } = await api.get(`/logs/${body.id}`);
    expect(log.provider_request).toMatchObject({ prompt: 'Once upon' });
    expect(log.stdout).toContain('`logprobs` was left out.');
  });

  test('can be linked by an agent, without a message where it has no inputs', async () => {
    const { body: prompt } = await api.post('/prompts', {
      ...mock,
      path: 'complete/linked',
      template: 'Once upon',
      other: { script: [{ content: 'a time' }] },
    });
    const { body } = await api.post('/agents/call', {
      path: 'complete/agent',
      agent: {
        provider: 'mock',
        model: 'mock',
        tools: [{ type: 'file', link: { file_id: prompt.id } }],
        other: { script: [{ tool_calls: [{ name: 'linked', arguments: {} }] }] },
      },
      messages: hello,
    });
    expect(body.output).toBe('linked says: a time');
  });

  test('takes no messages, and needs a text', async () => {
    const call = (prompt: object, more: object = {}) =>
      api.post('/prompts/call', { path: 'complete/refused', prompt, ...more });
    const text = { ...mock, template: 'Once upon' };
    expectRefusal(await call(text, { messages: hello }), 422, ['body', 'messages']);
    expectRefusal(await call({ ...mock, template: hello }), 422, ['body']);
    expectRefusal(await call(mock), 422, ['body']);
    expectRefusal(await call({ ...text, template: '{{ when }}' }), 422, ['body', 'inputs', 'when']);
    expect((await call(text, { messages: [] })).statusCode).toBe(200);
  });
});

test('versions with the endpoint edit, and agents with any but chat, cannot be called', async () => {
  const edit = { ...mock, endpoint: 'edit', template: 'Hi' };
  const path = 'complete/none';
  expectRefusal(await api.post('/prompts/call', { path, prompt: edit }), 422, ['body']);
  for (const endpoint of ['edit', 'complete']) {
    const agent = { ...mock, endpoint, template: 'Hi' };
    expectRefusal(await api.post('/agents/call', { path, agent }), 422, ['body']);
  }
});
