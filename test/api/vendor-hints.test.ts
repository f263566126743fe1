import { afterAll, describe, expect, test } from 'vitest';
import { groqProvider } from '../../src/providers/groq/groq-provider.ts';
import { openaiProvider } from '../../src/providers/openai/openai-provider.ts';
import { hello } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { type FakeStep, startFakeProvider } from '../support/fake-provider.ts';

const fake = await startFakeProvider();
afterAll(() => fake.close());

const api = await testApp({
  providers: {
    openai: openaiProvider({ apiKey: 'a-key', baseUrl: `${fake.url}/v1` }),
    groq: groqProvider({ apiKey: undefined, baseUrl: `${fake.url}/openai/v1` }),
  },
  modelLimits: { maxAttempts: 1 },
});

const unknown: FakeStep = {
  status: 404,
  body: { error: { message: 'There is no such model', code: 'model_not_found' } },
};
const wrongKey: FakeStep = { status: 401, body: { error: { message: 'Who are you?' } } };

let calls = 0;

/** What a call is told whose version names this model, when the vendor answers so. */
async function told(agent: object, step: FakeStep, collection = 'agents') {
  fake.script([step]);
  const kind = collection.slice(0, -1);
  const log_id = `hint-${++calls}`;
  const call = { path: `hints/${log_id}`, [kind]: agent, messages: hello, log_id };
  const { statusCode, body } = await api.post(`/${collection}/call`, call);
  const log = await api.get(`/logs/${log_id}`);
  if (log.statusCode === 200) expect(log.body.error).toBe(body.detail.message);
  return { statusCode, code: body.code, message: String(body.detail.message) };
}

describe('a call that fails of a model that is another vendor’s', () => {
  const hint =
    '`claude-3-5-sonnet-latest` is a model of Anthropic, but the version’s `provider` is `openai`, the default. Set it to `anthropic`.';

  test.each(['agents', 'prompts'])('says so, in the answer and in the log: %s', async (kind) => {
    expect(await told({ model: 'claude-3-5-sonnet-latest' }, unknown, kind)).toEqual({
      statusCode: 422,
      code: 'provider_rejected',
      message: `OpenAI answered 404: There is no such model. ${hint}`,
    });
    expect(await told({ model: 'claude-3-5-sonnet-latest' }, wrongKey, kind)).toEqual({
      statusCode: 422,
      code: 'provider_unauthorized',
      message: `OpenAI answered 401: Who are you? ${hint}`,
    });
  });

  test('says so when there is no key', async () => {
    const { code, message } = await told({ model: 'gpt-4o', provider: 'groq' }, unknown);
    expect(code).toBe('missing_provider_key');
    expect(message).toContain('GROQ_API_KEY');
    expect(message).toMatch(
      / `gpt-4o` is a model of OpenAI, but the version’s `provider` is `groq`\. Set it to `openai`\.$/,
    );
  });

  test.each([
    ['gemini-2.5-flash', 'google'],
    ['models/gemini-2.5-pro', 'google'],
    ['command-r-plus', 'cohere'],
    ['deepseek-chat', 'deepseek'],
    ['anthropic.claude-3-5-sonnet-20240620-v1:0', 'bedrock'],
    ['eu.amazon.nova-pro-v1:0', 'bedrock'],
  ])('knows whose %s is', async (model, provider) => {
    const { message } = await told({ model }, unknown);
    expect(message).toContain(`Set it to \`${provider}\`.`);
  });

  test('by a fallback, too', async () => {
    const model = { model: 'gpt-4o', other: { fallbacks: [{ model: 'claude-sonnet-4-5' }] } };
    fake.script([unknown, unknown]);
    const log_id = 'hint-of-fallback';
    const call = { path: 'hints/fallback', agent: model, messages: hello, log_id };
    expect((await api.post('/agents/call', call)).body.detail.message).not.toContain('Set ');
    const { body } = await api.get(`/logs/${log_id}`);
    expect(body.stdout).toContain('`claude-sonnet-4-5` is a model of Anthropic');
  });
});

describe('a call that fails has no such hint', () => {
  test.each([
    ['of a vendor’s own model', { model: 'gpt-4o' }],
    ['of a model that many have', { model: 'llama-3.3-70b-versatile' }],
    ['of an open model of OpenAI’s', { model: 'gpt-oss-120b' }],
    ['of a model that nobody knows', { model: 'my-finetune' }],
  ])('%s', async (_, agent) => {
    expect((await told(agent, unknown)).message).toBe(
      'OpenAI answered 404: There is no such model',
    );
  });

  test('when it is the vendor that has trouble', async () => {
    const { message } = await told(
      { model: 'claude-3-5-sonnet-latest' },
      { status: 500, body: '' },
    );
    expect(message).toBe('OpenAI answered 500');
  });
});
