import { afterAll, describe, expect, test } from 'vitest';
import { openaiProvider } from '../../src/providers/openai/openai-provider.ts';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { startFakeProvider } from '../support/fake-provider.ts';
import { expectRefusal } from '../support/refusals.ts';

const fake = await startFakeProvider();
fake.respond(() => ({ text: 'x', isSilent: true }));
afterAll(() => fake.close());

const openai = openaiProvider({ apiKey: 'sk-openai-0123456789', baseUrl: `${fake.url}/v1` });
const api = await testApp({ providers: { openai }, runLimits: { timeoutMs: 1_200 } });

const slow = { content: 'Too late.', delay_ms: 60_000 };
const said =
  'The run was ended because it took longer than 1.2 s. The server sets this limit with `RUN_TIMEOUT_SECONDS`.';

/** What is told of a run that took too long. */
const ended = { log_status: 'complete', output: null, error: said, run: null };

describe('a run that takes longer than it may', () => {
  test('is ended, which its log says and no error of the request does', async () => {
    const request = { path: 'slow/agent', agent: scripted([slow]), messages: hello };
    const { statusCode, body } = await api.post('/agents/call', { ...request, log_id: 'slow-1' });
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({ ...ended, turns: [], end_time: expect.any(String) });
    expect((await api.get('/logs/slow-1')).body).toMatchObject(ended);
    const { body: again } = await api.post('/agents/call', { ...request, log_id: 'slow-1' });
    expect(again).toMatchObject(ended);
    const late = { log_id: 'slow-1', messages: hello };
    expectRefusal(await api.post('/agents/continue', late), 409);
  });

  test('is told of where no text is stored, too', async () => {
    const { body } = await api.post('/agents/call', {
      path: 'slow/unsaved',
      agent: scripted([slow]),
      messages: hello,
      save: false,
    });
    const { body: stored } = await api.get(`/logs/${body.id}`);
    expect(stored).toMatchObject({ ...ended, save: false, messages: [] });
  });

  test('ends its stream with that', async () => {
    const events = await api.stream('/agents/call', {
      path: 'slow/streamed',
      agent: scripted([{ content: 'One two three four.', word_delay_ms: 500 }]),
      messages: hello,
    });
    expect(events.map(({ type }) => type)).toContain('agent_update');
    expect(events.at(-1)).toMatchObject({ type: 'agent_turn_error', payload: ended });
  });

  test('keeps the turns that it has finished', async () => {
    const { body } = await api.post('/agents/call', {
      path: 'slow/later',
      agent: scripted([{ tool_calls: [callOf('nothing')] }, slow]),
      messages: hello,
    });
    expect(body).toMatchObject({ ...ended, turns: [{ number: 1, finish_reason: 'tool_calls' }] });
    expect(body.messages).toHaveLength(3);
  });

  test('gives up its call of the vendor, and asks no fallback', async () => {
    const { body } = await api.post('/agents/call', {
      path: 'slow/vendor',
      agent: {
        provider: 'openai',
        model: 'silent',
        other: { fallbacks: [{ provider: 'mock', model: 'm' }] },
      },
      messages: hello,
    });
    expect(body).toMatchObject({ ...ended, stdout: null });
    await expect.poll(() => fake.lastRequest.isAborted).toBe(true);
  });

  test('ends the runs of agents below it', async () => {
    const { body: inner } = await api.post('/agents', { path: 'slow/inner', ...scripted([slow]) });
    const tools = [{ type: 'file', link: { file_id: inner.id } }];
    const { body } = await api.post('/agents/call', {
      path: 'slow/outer',
      agent: scripted([{ tool_calls: [callOf('inner', { message: 'x' })] }], { tools }),
      messages: hello,
      include_trace_children: true,
    });
    expect(body).toMatchObject({ ...ended, trace_children: [ended] });
    expect(api.runtime.size).toBe(0);
  });

  test('is ended where it is a prompt’s', async () => {
    const { statusCode, body } = await api.post('/prompts/call', {
      path: 'slow/prompt',
      prompt: { provider: 'mock', model: 'm', template: 'Hi.', other: { script: [slow] } },
    });
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({ output: null, error: said, logs: [] });
  });
});

test('the time in which a run waits for its client does not count', async () => {
  const looking = { tool_calls: [callOf('lookup')], delay_ms: 700 };
  const { body: suspended } = await api.post('/agents/call', {
    path: 'slow/waiting',
    agent: scripted([looking, { content: 'In time.', delay_ms: 700 }]),
    messages: hello,
  });
  const { body } = await api.post('/agents/continue', {
    log_id: suspended.id,
    messages: [answerTo('call_1_1', 'x')],
  });
  expect(body).toMatchObject({ output: 'In time.', error: null });
});

test('a Python tool is ended with its run', async () => {
  const patient = await testApp({ database: api.database, runLimits: { timeoutMs: 4_000 } });
  const { body: tool } = await patient.post('/tools', {
    path: 'slow/tool',
    source_code: 'def wait():\n    print("begun")\n    while True:\n        pass\n',
  });
  const tools = [{ type: 'file', link: { file_id: tool.id } }];
  const answers = await Promise.all([
    patient.post('/agents/call', {
      path: 'slow/python',
      agent: scripted([{ tool_calls: [callOf('tool')] }, { content: 'Never.' }], { tools }),
      messages: hello,
    }),
    patient.post('/tools/call', { id: tool.id, inputs: {} }),
  ]);
  for (const { statusCode, body } of answers) {
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({ output: null, error: said.replace('1.2', '4') });
  }
}, 30_000);
