import { HumanloopClient } from 'humanloop';
import { OpenAI } from 'openai';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { startFakeProvider } from '../support/fake-provider.ts';
import { sharedServer } from './shared-server.ts';

// The client that npm carries, as it is, with its decorators: they send what they saw over
// OpenTelemetry, each span in a request of its own, and wait for none of them.

// It reports to the console what a decorated function throws.
const told = vi.spyOn(console, 'error').mockReturnValue();
beforeEach(() => told.mockClear());

const model = await startFakeProvider();
afterAll(() => model.close());

const server = await sharedServer();
const humanloop = new HumanloopClient({
  apiKey: server.key,
  baseUrl: `${server.url}/v5`,
  instrumentProviders: { OpenAI },
});
const openai = new OpenAI({ apiKey: 'none', baseURL: `${model.url}/v1`, maxRetries: 0 });

const add = humanloop.tool({
  path: 'Decorated/add',
  version: {
    function: {
      name: 'add',
      description: 'Adds two numbers.',
      strict: true,
      parameters: {
        type: 'object',
        properties: { a: { type: 'number', minimum: 0 }, b: { type: 'number' } },
        required: ['a', 'b'],
        additionalProperties: false,
      },
    },
    setupValues: { unit: 'euro' },
    sourceCode: 'add = ({ a, b }) => a + b',
  },
  callable: ({ a, b }: { a: number; b: number }) => a + b,
});

const ask = humanloop.prompt({
  path: 'Decorated/ask',
  callable: async ({ question, temperature }: { question: string; temperature: number }) => {
    const answer = await openai.chat.completions.create({
      model: 'gpt-4o',
      temperature,
      max_tokens: 64,
      messages: [
        { role: 'system', content: 'Answer in one word.' },
        { role: 'user', content: question },
      ],
    });
    return answer.choices[0]?.message.content;
  },
});

/** Of functions that are told nothing; the client's types ask for an argument. */
type Nothing = Record<string, never>;

/** A log, as far as these tests are about it. */
interface Outline {
  readonly path: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly steps: readonly Outline[];
}

/** The last log of a flow, with all that is below it. */
async function lastTrace(path: string): Promise<Trace> {
  const { body: file } = await server.post('/v5/files/retrieve-by-path', { path });
  const { body: logs } = await server.get(`/v5/logs?file_id=${file.id}&size=1`);
  const { body: log } = await server.get(`/v5/logs/${logs.records[0].id}`);
  return log;
}

// biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies whose shape they assert
type Trace = any;

function outlineOf(log: Trace): Outline {
  const { path } = log.flow ?? log.tool ?? log.prompt;
  const { output, error, trace_children: children } = log;
  return { path, output, error, steps: children.map(outlineOf) };
}

/** Waits until the client has sent all that it saw: the last trace of the path is as said. */
async function expectTrace(expected: Outline) {
  const options = { timeout: 10_000 };
  await expect
    .poll(async () => {
      const log = await lastTrace(expected.path);
      return { status: log.log_status, ...outlineOf(log) };
    }, options)
    .toEqual({ status: 'complete', ...expected });
  return lastTrace(expected.path);
}

const step = (path: string, output: string | null, error: string | null = null): Outline => ({
  path,
  output,
  error,
  steps: [],
});

const answerQuestion = humanloop.flow({
  path: 'Decorated/answer',
  attributes: { edition: '1' },
  callable: async ({ question, temperature }: { question: string; temperature: number }) => {
    const sum = await add({ a: 2, b: 2 });
    return { sum, said: await ask({ question, temperature }) };
  },
});

const question = 'What is two and two?';

/** Runs the flow, and answers its trace. */
async function traceOf(temperature: number) {
  model.respond(() => ({ text: 'Four.', usage: { input: 20, output: 3 } }));
  const result = await answerQuestion({ question, temperature });
  expect(result).toEqual({ sum: 4, said: 'Four.' });
  const output = '{"sum":4,"said":"Four."}';
  const steps = [step('Decorated/add', '4'), step('Decorated/ask', 'Four.')];
  return expectTrace({ path: 'Decorated/answer', output, error: null, steps });
}

test('a flow becomes a trace: below its log are the tools and models that it called', async () => {
  const trace = await traceOf(0.5);
  expect(trace).toMatchObject({
    flow: { attributes: { edition: '1' } },
    inputs: { question, temperature: 0.5 },
    trace_id: trace.id,
  });
  const [tool, prompt] = trace.trace_children;
  expect(tool).toMatchObject({
    tool: {
      function: {
        name: 'add',
        description: 'Adds two numbers.',
        strict: true,
        parameters: {
          type: 'object',
          properties: { a: { type: 'number', minimum: 0 }, b: { type: 'number' } },
          required: ['a', 'b'],
          additionalProperties: false,
        },
      },
      setup_values: { unit: 'euro' },
      source_code: 'add = ({ a, b }) => a + b',
      tool_type: 'json_schema',
    },
    inputs: { a: '2', b: '2' },
    trace_parent_id: trace.id,
    trace_flow_id: trace.flow.id,
  });
  expect(prompt).toMatchObject({
    prompt: {
      model: 'gpt-4o',
      provider: 'openai',
      endpoint: 'chat',
      temperature: 0.5,
      max_tokens: 64,
    },
    messages: [
      { role: 'system', content: 'Answer in one word.' },
      { role: 'user', content: question },
    ],
    output_message: { role: 'assistant', content: 'Four.' },
    finish_reason: 'stop',
    prompt_tokens: 20,
    output_tokens: 3,
    trace_parent_id: trace.id,
  });
  expect(Date.parse(prompt.start_time)).toBeLessThanOrEqual(Date.parse(prompt.end_time));
});

test('another run finds the versions of the first; another setting of the model makes a new one', async () => {
  const versionsOf = ({ flow, trace_children: [{ tool }, { prompt }] }: Trace) => [
    flow.version_id,
    tool.version_id,
    prompt.version_id,
  ];
  const first = await traceOf(0.7);
  const again = await traceOf(0.7);
  expect(again.id).not.toBe(first.id);
  expect(versionsOf(again)).toEqual(versionsOf(first));
  const warmer = versionsOf(await traceOf(0.9));
  expect(warmer.slice(0, 2)).toEqual(versionsOf(first).slice(0, 2));
  expect(warmer[2]).not.toBe(versionsOf(first)[2]);
});

test('what a flow throws is the error of its log, which is complete', async () => {
  const path = 'Decorated/failing';
  const failing = humanloop.flow({
    path,
    callable: async (_: Nothing) => {
      await add({ a: 1, b: 1 });
      throw new Error('There is no third number.');
    },
  });
  await expect(failing({})).resolves.toBeUndefined();
  expect(told).toHaveBeenCalledOnce();
  await expectTrace({
    path,
    output: null,
    error: 'There is no third number.',
    steps: [step('Decorated/add', '2')],
  });
});

test('what a tool throws is the error of its log, which has no output', async () => {
  const path = 'Decorated/dividing';
  const divide = humanloop.tool({
    path: 'Decorated/divide',
    version: {
      function: {
        name: 'divide',
        description: '',
        parameters: { type: 'object', properties: { by: { type: 'number' } }, required: [] },
      },
    },
    callable: (_: { by: number }): number => {
      throw new Error('Not by zero.');
    },
  });
  const dividing = humanloop.flow({
    path,
    callable: async (_: Nothing) => String(await divide({ by: 0 })),
  });
  await expect(dividing({})).resolves.toBe('undefined');
  const { trace_children: children } = await expectTrace({
    path,
    output: 'undefined',
    error: null,
    steps: [step('Decorated/divide', null, 'Not by zero.')],
  });
  expect(children[0].tool.function).toMatchObject({
    description: '',
    parameters: { required: [] },
  });
});

test('a flow inside of a flow is a step of it, and may answer with a message', async () => {
  const message = { role: 'assistant', content: 'Four.' };
  const inner = humanloop.flow({
    path: 'Decorated/inner',
    callable: async (_: Nothing) => {
      await add({ a: 2, b: 2 });
      return message;
    },
  });
  const outer = humanloop.flow({
    path: 'Decorated/outer',
    callable: async (_: Nothing) => (await inner({}))?.content,
  });
  await expect(outer({})).resolves.toBe('Four.');
  const innerSteps = [step('Decorated/add', '4')];
  const { trace_children: children, id } = await expectTrace({
    path: 'Decorated/outer',
    output: 'Four.',
    error: null,
    steps: [{ ...step('Decorated/inner', null), steps: innerSteps }],
  });
  expect(children[0]).toMatchObject({ log_status: 'complete', output_message: message });
  expect(children[0].trace_children[0]).toMatchObject({ trace_id: id });
});

test('a model that was given tools calls them in its log', async () => {
  const path = 'Decorated/tooled';
  const parameters = { type: 'object', properties: { city: { type: 'string' } } };
  const tooled = humanloop.prompt({
    path: 'Decorated/weather',
    callable: async (_: Nothing) => {
      const answer = await openai.chat.completions.create({
        model: 'gpt-4o',
        messages: [{ role: 'user', content: 'Is it raining in Oslo?' }],
        tools: [
          { type: 'function', function: { name: 'weather', description: 'Knows.', parameters } },
        ],
      });
      return answer.choices[0]?.finish_reason;
    },
  });
  model.respond(() => ({
    toolCalls: [{ id: 'call_1', name: 'weather', arguments: { city: 'Oslo' } }],
  }));
  const asking = humanloop.flow({ path, callable: (_: Nothing) => tooled({}) });
  await expect(asking({})).resolves.toBe('tool_calls');
  const { trace_children: children } = await expectTrace({
    path,
    output: 'tool_calls',
    error: null,
    steps: [step('Decorated/weather', null)],
  });
  expect(children[0]).toMatchObject({
    prompt: { tools: [{ name: 'weather', description: 'Knows.', parameters }] },
    output_message: {
      role: 'assistant',
      tool_calls: [
        {
          id: 'call_1',
          type: 'function',
          function: { name: 'weather', arguments: '{"city":"Oslo"}' },
        },
      ],
    },
  });
});

test('a prompt outside of a flow is a log of its own', async () => {
  model.respond(() => ({ text: 'Six.' }));
  await ask({ question: 'And three and three?', temperature: 0 });
  const { body: file } = await server.post('/v5/files/retrieve-by-path', { path: 'Decorated/ask' });
  const lastLog = async () => {
    const { body } = await server.get(`/v5/logs?file_id=${file.id}&size=1`);
    return body.records[0];
  };
  await expect
    .poll(lastLog, { timeout: 10_000 })
    .toMatchObject({ output: 'Six.', trace_parent_id: null, trace_id: null });
});

test('an answer that was streamed is in its log whole', async () => {
  const streamed = humanloop.prompt({
    path: 'Decorated/streamed',
    callable: async (_: Nothing) => {
      const chunks = await openai.chat.completions.create({
        model: 'gpt-4o',
        messages: [{ role: 'user', content: 'What is three and three?' }],
        stream: true,
      });
      let text = '';
      for await (const chunk of chunks) text += chunk.choices[0]?.delta.content ?? '';
      return text;
    },
  });
  model.respond(() => ({ text: ['That ', 'is ', 'six.'] }));
  const path = 'Decorated/streaming';
  const streaming = humanloop.flow({ path, callable: (_: Nothing) => streamed({}) });
  await expect(streaming({})).resolves.toBe('That is six.');
  const steps = [step('Decorated/streamed', 'That is six.')];
  await expectTrace({ path, output: 'That is six.', error: null, steps });
});

test('a call that fails inside of a flow is the error of its log', async () => {
  const path = 'Decorated/failing-call';
  const failing = humanloop.flow({
    path,
    callable: async (_: Nothing) => humanloop.prompts.call({ path: 'Decorated/nowhere' }),
  });
  await expect(failing({})).resolves.toBeUndefined();
  await expect
    .poll(() => lastTrace(path), { timeout: 10_000 })
    .toMatchObject({
      log_status: 'complete',
      output: null,
      error: expect.stringContaining('Decorated/nowhere'),
    });
});

test('a flow whose log is deleted under way raises nothing, and the next one is traced', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  const path = 'Decorated/deleted';
  const deleting = humanloop.flow({
    path,
    callable: async (_: Nothing) => {
      const { id } = await lastTrace(path);
      await humanloop.logs.delete({ id });
      return String(await add({ a: 1, b: 1 }));
    },
  });
  await expect(deleting({})).resolves.toBe('2');
  const following = humanloop.flow({
    path: 'Decorated/following',
    callable: async (_: Nothing) => String(await add({ a: 2, b: 3 })),
  });
  await expect(following({})).resolves.toBe('5');
  await expectTrace({
    path: 'Decorated/following',
    output: '5',
    error: null,
    steps: [step('Decorated/add', '5')],
  });
  const { body: file } = await server.post('/v5/files/retrieve-by-path', { path });
  const { body: logs } = await server.get(`/v5/logs?file_id=${file.id}`);
  expect(logs.records).toEqual([]);
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});
