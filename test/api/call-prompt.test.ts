import { describe, expect, test } from 'vitest';
import { callOf, hello } from '../support/agents.ts';
import { eventsOf, piecesOf, testApp } from '../support/app.ts';
import { expectRefusal } from '../support/refusals.ts';

const api = await testApp();

const weather = {
  name: 'get_weather',
  description: 'Looks up the weather.',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
};

/** A prompt whose model says these steps, one a call. */
const saying = (script: readonly Record<string, unknown>[], more: object = {}) => ({
  provider: 'mock',
  model: 'mock',
  other: { script },
  ...more,
});

const greeter = saying([{ content: 'Good day, Ada.' }], { template: 'Greet {{name}}.' });
const { body: prompt } = await api.post('/prompts', { path: 'talk/greeter', ...greeter });
const inputs = { name: 'Ada' };

describe('a call of a prompt', () => {
  test('answers with its samples, beside the log and the prompt', async () => {
    const { statusCode, body } = await api.post('/prompts/call', { id: prompt.id, inputs });
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({
      prompt: { id: prompt.id, version_id: prompt.version_id, type: 'prompt' },
      log_id: body.id,
      inputs,
      logs: [
        {
          index: 0,
          output: 'Good day, Ada.',
          output_message: { role: 'assistant', content: 'Good day, Ada.' },
          error: null,
        },
      ],
    });
    expect(body.logs[0].output_tokens).toBeGreaterThan(0);
    const { body: log } = await api.get(`/logs/${body.id}`);
    expect(log).toMatchObject({
      output: 'Good day, Ada.',
      messages: [],
      inputs,
      output_tokens: body.logs[0].output_tokens,
      trace_children: [],
    });
    expect(log.provider_request.messages).toEqual([{ role: 'system', content: 'Greet Ada.' }]);
    expect(log).not.toHaveProperty('agent');
  });

  test('is a single model call: tool calls are answered, not run', async () => {
    const { body: tool } = await api.post('/tools', { path: 'talk/weather', function: weather });
    const calling = saying([{ tool_calls: [callOf('get_weather', { city: 'Oslo' })] }]);
    const { body } = await api.post('/prompts/call', {
      path: 'talk/forecast',
      prompt: { ...calling, linked_tools: [tool.id] },
      messages: hello,
    });
    expect(body.prompt.linked_tools).toEqual([
      { ...weather, id: tool.id, version_id: tool.version_id },
    ]);
    const [sample] = body.logs;
    expect(sample.output_message.tool_calls[0].function.name).toBe('get_weather');
    expect(body.messages).toEqual(hello);
    const { body: log } = await api.get(`/logs/${body.id}`);
    expect(log.trace_children).toEqual([]);
    expect(JSON.stringify(log.provider_request.tools)).toContain('get_weather');
  });

  test('stores a prompt that is described in place, by fields or as text, once', async () => {
    const text = '---\nmodel: mock\nprovider: mock\n---\n<system>\n  Say something.\n</system>\n';
    const byText = await api.post('/prompts/call', { path: 'talk/new', prompt: text });
    const fields = { model: 'mock', provider: 'mock' };
    const template = [{ role: 'system', content: 'Say something.' }];
    const byFields = await api.post('/prompts/call', {
      path: 'talk/new',
      prompt: { ...fields, template },
    });
    expect(byText.statusCode).toBe(200);
    expect(byFields.body.prompt.version_id).toBe(byText.body.prompt.version_id);
  });

  test('names the inputs that it is not given', async () => {
    const answer = await api.post('/prompts/call', { id: prompt.id });
    expectRefusal(answer, 422, ['body', 'inputs', 'name']);
  });

  test('leaves its inputs out of the answer when it is told to', async () => {
    const call = { id: prompt.id, inputs, return_inputs: false };
    const { body } = await api.post('/prompts/call', call);
    expect(body.inputs).toEqual({});
    expect((await api.get(`/logs/${body.id}`)).body.inputs).toEqual(inputs);
  });

  test('keeps nothing of what was said when it is not to be saved', async () => {
    const { body } = await api.post('/prompts/call', { id: prompt.id, inputs, save: false });
    expect(body.logs[0].output).toBe('Good day, Ada.');
    const { body: log } = await api.get(`/logs/${body.id}`);
    expect(log).toMatchObject({ output: null, output_message: null, inputs: {}, save: false });
    expect(log.output_tokens).toBe(body.logs[0].output_tokens);
    const { prompt: called, ...own } = log;
    expect(JSON.stringify(own)).not.toContain('Good day');
    expect(called.id).toBe(prompt.id);
  });

  test('joins a trace, and other logs may stand below it', async () => {
    const flow = { path: 'talk/flow', flow: { attributes: {} }, log_status: 'incomplete' };
    const { body: root } = await api.post('/flows/log', flow);
    const call = { id: prompt.id, inputs, trace_parent_id: root.id };
    const { body } = await api.post('/prompts/call', call);
    expect(body).toMatchObject({ trace_parent_id: root.id, trace_id: root.id });
    const below = { path: 'talk/tool', tool: { function: weather }, trace_parent_id: body.id };
    expect((await api.post('/tools/log', below)).statusCode).toBe(200);
    const { body: trace } = await api.get(`/logs/${root.id}`);
    expect(trace.trace_children[0].id).toBe(body.id);
    expect(trace.trace_children[0].trace_children).toHaveLength(1);
  });

  test('is made once, however often and with how many at once it is asked for', async () => {
    const call = { id: prompt.id, inputs, log_id: 'greeting_1' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => api.post('/prompts/call', call)),
    );
    for (const { statusCode, body } of answers) {
      expect(statusCode).toBe(200);
      expect(body).toMatchObject({ id: 'greeting_1', logs: [{ output: 'Good day, Ada.' }] });
    }
    expectRefusal(await api.post('/prompts/call', { ...call, user: 'other' }), 409);
    const { rows } = await api.database.pool.query(
      `SELECT count(*)::int AS n FROM turn WHERE log_id = 'greeting_1'`,
    );
    expect(rows).toEqual([{ n: 1 }]);
  });

  test('that the provider refuses is a refusal, and its log says why', async () => {
    const failing = saying([{ error: { status: 400, message: 'Too many words.' } }]);
    const call = { path: 'talk/failing', prompt: failing, messages: hello, log_id: 'refused_1' };
    const answer = await api.post('/prompts/call', call);
    expect(answer.statusCode).toBe(422);
    expect(answer.body.detail).toMatchObject({ origin: 'Mock', code: 422 });
    const { body: log } = await api.get('/logs/refused_1');
    expect(log.error).toContain('Too many words.');
    expect(log.output).toBeNull();
  });
});

describe('several samples', () => {
  const two = saying([{ content: 'one' }], { template: 'Say a word.' });

  test('are told apart by their index, in one log that shows them all', async () => {
    const call = { path: 'talk/samples', prompt: two, num_samples: 3 };
    const { body } = await api.post('/prompts/call', call);
    expect(body.logs.map(({ index }: { index: number }) => index)).toEqual([0, 1, 2]);
    expect(body.output_tokens).toBe(3 * body.logs[0].output_tokens);
    const { body: log } = await api.get(`/logs/${body.id}`);
    expect(log.logs).toEqual(body.logs);
    expect(log.messages).toEqual([]);
  });

  test('are streamed side by side, each told apart by its index', async () => {
    const call = { path: 'talk/samples', prompt: two, num_samples: 2 };
    const { body } = await api.post('/prompts/call', { ...call, stream: true });
    const chunks: readonly Chunk[] = piecesOf(body);
    expect(new Set(chunks.map(({ id }) => id)).size).toBeLessThanOrEqual(chunks.length);
    for (const index of [0, 1]) {
      const own = chunks.filter((chunk) => chunk.index === index);
      expect(own.map(({ output }) => output).join('')).toBe('one');
      expect(own.at(-1)).toMatchObject({ finish_reason: 'stop' });
    }
  });

  test('are between 1 and 128', async () => {
    for (const num_samples of [0, 129, 1.5]) {
      const answer = await api.post('/prompts/call', { id: prompt.id, inputs, num_samples });
      expectRefusal(answer, 422, ['body', 'num_samples']);
    }
  });
});

/** One event of a prompt's stream. */
interface Chunk {
  readonly id: string;
  readonly index: number;
  readonly output: unknown;
}

describe('a stream of a prompt', () => {
  test('is made of bare pieces, whose output is always a text', async () => {
    const answer = await api.post('/prompts/call', { id: prompt.id, inputs, stream: true });
    expect(answer.headers['content-type']).toContain('text/event-stream');
    const chunks: Chunk[] = piecesOf(answer.body);
    expect(chunks.length).toBeGreaterThan(1);
    for (const chunk of chunks) {
      expect(chunk).toMatchObject({
        index: 0,
        prompt_id: prompt.id,
        version_id: prompt.version_id,
        id: chunks[0]?.id,
      });
      expect(typeof chunk.output).toBe('string');
      expect(chunk).not.toHaveProperty('type');
    }
    expect(chunks.map(({ output }) => output).join('')).toBe('Good day, Ada.');
    const { body: log } = await api.get(`/logs/${chunks[0]?.id}`);
    expect(log.output).toBe('Good day, Ada.');
  });

  test('has no lines but those of its pieces; the events of its run are numbered, and end', async () => {
    const { body } = await api.post('/prompts/call', { id: prompt.id, inputs, stream: true });
    const lines = String(body).split('\n');
    expect(new Set(lines.map((line) => line.slice(0, 7)))).toEqual(new Set(['data: {', '']));
    const pieces: Chunk[] = piecesOf(body);
    const { body: told } = await api.get(`/logs/${pieces[0]?.id}/events`);
    const numbers = String(told).match(/^id: \d+$/gm);
    expect(numbers).toEqual(pieces.map((_, index) => `id: ${index + 1}`));
    expect(eventsOf(told)).toEqual(pieces);
  });

  test('tells of a failure in a piece of its own', async () => {
    const failing = saying([{ error: { status: 400, message: 'Too many words.' } }]);
    const call = { path: 'talk/failing', prompt: failing, messages: hello, stream: true };
    const { statusCode, body } = await api.post('/prompts/call', call);
    expect(statusCode).toBe(200);
    expect(piecesOf(body)).toMatchObject([
      { index: 0, output: '', error: expect.stringContaining('Too many words.') },
    ]);
  });
});
