import { afterAll, describe, expect, test } from 'vitest';
import { anthropicProvider } from '../../src/providers/anthropic/anthropic-provider.ts';
import { openaiProvider } from '../../src/providers/openai/openai-provider.ts';
import { callOf, hello, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { type FakeStep, startFakeProvider } from '../support/fake-provider.ts';
import { fileOfKind } from '../support/files.ts';

const fake = await startFakeProvider();
afterAll(() => fake.close());
const providers = {
  openai: openaiProvider({ apiKey: 'sk-openai-0123456789', baseUrl: `${fake.url}/v1` }),
  anthropic: anthropicProvider({ apiKey: 'sk-anthropic-0123456789', baseUrl: fake.url }),
};
const modelLimits = { maxAttempts: 1, idleTimeoutMs: 300 };
const api = await testApp({ providers, modelLimits });
const patient = await testApp({
  providers,
  database: api.database,
  modelLimits: { maxAttempts: 2 },
});

const agent = { provider: 'openai', model: 'acme-1' };
const words = 'The boat leaves at nine from the old pier.';

async function streamed(steps: readonly FakeStep[], spec: object = agent, app = api) {
  fake.script(steps);
  const events = await app.stream('/agents/call', {
    path: 'broken',
    agent: spec,
    messages: hello,
  });
  const { body: log } = await app.get(`/logs/${events.at(-1)?.log_id}`);
  return { last: events.at(-1)?.type, log };
}

/** The steps of an answer that goes wrong in its middle, in ways that leave some text. */
const breaks: readonly (readonly [string, FakeStep, RegExp])[] = [
  ['breaks off', { text: words, cutAfter: 900 }, /broke/],
  ['falls silent', { text: words, stallAfter: 900 }, /sent nothing/],
  ['ends too early', { text: words, isFinished: false }, /before it was finished/],
  [
    'has an error',
    { text: words, inject: { after: 5, event: { error: { message: 'The engine stopped.' } } } },
    /The engine stopped/,
  ],
];

describe('the log of an agent’s call whose answer', () => {
  test.each(breaks)('%s keeps the turn with what has come', async (_how, step, said) => {
    const { last, log } = await streamed([step]);
    expect(last).toBe('agent_turn_error');
    expect(log).toMatchObject({
      log_status: 'complete',
      output: null,
      output_message: null,
      error: expect.stringMatching(said),
      turns: [
        {
          number: 1,
          provider: 'openai',
          model: 'acme-1',
          finish_reason: null,
          error: log.error,
          first_token_at: expect.any(String),
          ended_at: expect.any(String),
        },
      ],
    });
    const [, partial] = log.messages;
    expect(partial).toMatchObject({ role: 'assistant' });
    expect(words).toContain(partial.content);
    expect(partial.content).toContain('The boat');
    for (const raw of [log.provider_response, log.turns[0].provider_response]) {
      expect(raw.choices[0].message.content).toBe(partial.content);
    }
    expect(log.turns[0].provider_request).toMatchObject({ model: 'acme-1' });
  });

  test('breaks off in a call of a tool keeps the call in its raw body', async () => {
    const toolCalls = [{ name: 'lookup', arguments: { key: 'a long enough key' } }];
    const { log } = await streamed([{ toolCalls, isFinished: false }]);
    expect(log.turns).toMatchObject([{ error: log.error, first_token_at: null }]);
    const [choice] = log.provider_response.choices;
    expect(choice.message.tool_calls[0].function.name).toBe('lookup');
    expect(log.messages).toMatchObject(hello);
  });

  test('breaks off in a later turn keeps the tokens of the turns before', async () => {
    const turn = { toolCalls: [{ name: 'nothing' }], usage: { input: 9, output: 4 } };
    const { log } = await streamed([turn, { text: words, cutAfter: 900 }]);
    expect(log).toMatchObject({ prompt_tokens: 9, output_tokens: 4 });
    expect(log.turns).toMatchObject([
      { number: 1, error: null, output_tokens: 4 },
      { number: 2, error: log.error, output_tokens: null },
    ]);
    expect(log.messages.map(({ role }: { role: string }) => role)).toEqual([
      'user',
      'assistant',
      'tool',
      'assistant',
    ]);
  });

  test('breaks off before its first word has no turn', async () => {
    const { log } = await streamed([{ status: 503, body: { error: { message: 'Closed.' } } }]);
    expect(log).toMatchObject({ error: expect.stringContaining('Closed.'), turns: [] });
  });

  test('breaks off does not keep what may not be stored', async () => {
    fake.script([{ text: words, cutAfter: 900 }]);
    const call = { path: 'broken', agent, messages: hello, save: false };
    const events = await api.stream('/agents/call', call);
    const { body: log } = await api.get(`/logs/${events.at(-1)?.log_id}`);
    expect(JSON.stringify(log)).not.toContain('boat');
  });
});

test('the log of a run that takes too long keeps what its model had begun to say', async () => {
  const hasty = await testApp({ database: api.database, runLimits: { timeoutMs: 1_000 } });
  const script = [{ content: words, word_delay_ms: 200 }];
  const call = { path: 'broken/late', agent: scripted(script), messages: hello };
  const events = await hasty.stream('/agents/call', call);
  const { body: log } = await hasty.get(`/logs/${events.at(-1)?.log_id}`);
  expect(log.error).toContain('took longer');
  expect(log.turns).toMatchObject([{ number: 1, provider: 'mock', error: log.error }]);
  expect(log.messages.at(-1).content).toMatch(/^The boat/);
});

test.each([1, 2])('a prompt’s log with %s samples keeps what each has begun', async (count) => {
  fake.script(Array.from({ length: count }, () => ({ text: words, cutAfter: 900 })));
  const prompt = { ...agent, template: 'When does the boat leave?' };
  const request = { path: 'broken/prompt', prompt, num_samples: count, log_id: `samples-${count}` };
  await api.post('/prompts/call', { ...request, stream: true });
  const { body: log } = await api.get(`/logs/samples-${count}`);
  expect(log).toMatchObject({ output: null, error: expect.stringContaining('broke') });
  expect(log.logs).toHaveLength(count);
  for (const sample of log.logs) {
    expect(sample).toMatchObject({ model: 'acme-1', error: log.error });
    expect(sample.output).toMatch(/^The boat/);
  }
});

test('the log of a linked prompt keeps what it has begun', async () => {
  const { id } = await fileOfKind(api, 'prompt', 'broken/linked', { ...agent, template: 'Say.' });
  fake.script([{ text: words, cutAfter: 900 }]);
  const tools = [{ type: 'file', link: { file_id: id } }];
  const events = await api.stream('/agents/call', {
    path: 'broken/outer',
    agent: scripted([{ tool_calls: [callOf('linked')] }, { content: 'Done.' }], { tools }),
    messages: hello,
  });
  const child = events.find(({ type }) => type === 'tool_end')?.payload;
  const { body: log } = await api.get(`/logs/${child.id}`);
  expect(log.error).toContain('broke');
  expect(log.logs[0].output).toMatch(/^The boat/);
});

describe('a call that fails', () => {
  test.each([
    ['422', { status: 400, body: { error: { message: 'No.' } } }, 422],
    ['429', { status: 429, body: { error: { message: 'Later.' } } }, 429],
    ['502', { status: 500, body: { error: { message: 'Oh.' } } }, 502],
  ])('with %s names its log, also when it is repeated', async (name, step, status) => {
    fake.script([step]);
    const headers = { 'x-api-key': 'a-key-for-tests-only', 'idempotency-key': `broken-${name}` };
    const payload = { path: `broken/${name}`, agent, messages: hello };
    const send = () => api.app.inject({ method: 'POST', url: '/v5/agents/call', headers, payload });
    const [first, second] = [await send(), await send()];
    expect(first.statusCode).toBe(status);
    expect(second.json().log_id).toBe(first.json().log_id);
    const { body: log } = await api.get(`/logs/${first.json().log_id}`);
    expect(log.error).toBe(first.json().detail.message);
  });

  test('because it was refused names none', async () => {
    const { body } = await api.post('/agents/call', { id: 'ag_none', messages: hello });
    expect(body).not.toHaveProperty('log_id');
  });
});

describe('an answer that contradicts itself', () => {
  const summary = (content: string) => ({
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  });

  test('is a failure that says what was lost, and no success', async () => {
    const event = summary('A wholly different timetable.');
    const { last, log } = await streamed([{ text: words, inject: { after: 10, event } }]);
    expect(last).toBe('agent_turn_error');
    expect(log).toMatchObject({ output: null, error: expect.stringContaining('text differs') });
  });

  test('is none when its last chunk says all once more', async () => {
    const event = summary(words);
    const { log } = await streamed([
      { text: words, isFinished: false, inject: { after: 99, event } },
    ]);
    expect(log).toMatchObject({ output: words, error: null });
  });
});

describe('an error in an answer with status 200', () => {
  const busy: FakeStep = { body: { error: { message: 'All engines are busy.', code: 503 } } };
  const other = { provider: 'anthropic', model: 'claude-other' };
  const spec = { ...agent, other: { fallbacks: [other] } };

  test('is repeated before the first token', async () => {
    const { log } = await streamed([busy, { text: words }], agent, patient);
    expect(log).toMatchObject({ output: words, error: null, turns: [{ model: 'acme-1' }] });
  });

  test('is followed by the fallback when it comes again', async () => {
    const { log } = await streamed([busy, busy, { text: words }], spec, patient);
    expect(log).toMatchObject({ output: words, turns: [{ model: 'claude-other' }] });
    expect(log.stdout).toContain('All engines are busy.');
  });

  test('is told with its reason when nothing is left', async () => {
    const { last, log } = await streamed([busy]);
    expect(last).toBe('agent_turn_error');
    expect(log).toMatchObject({ error: expect.stringContaining('All engines are busy.') });
  });
});
