import { describe, expect, test } from 'vitest';
import { answerTo, callOf, hello, lookup, scripted, stop } from '../../support/agents.ts';
import { type Answer, testApp } from '../../support/app.ts';
import { fileOfKind } from '../../support/files.ts';

const api = await testApp();

type Script = Parameters<typeof scripted>[0];

/** Calls an agent whose model says these steps. */
async function run(script: Script, more: object = {}, body: object = {}): Promise<Answer['body']> {
  const request = { path: 'run', agent: scripted(script, { ...more }), messages: hello, ...body };
  const answer = await api.post('/agents/call', request);
  expect(answer.statusCode, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

const proceed = async (log_id: string, messages: object[]): Promise<Answer['body']> =>
  (await api.post('/agents/continue', { log_id, messages })).body;

const again = { content: 'Again.', tool_calls: [callOf('nonesuch')] };
const rolesOf = ({ messages }: Answer['body']) =>
  messages.map(({ role }: { role: string }) => role);

/** A prompt that says this, as a tool of this name. */
async function promptTool(name: string, step: object, more: object = {}) {
  const { id } = await fileOfKind(api, 'prompt', `tools/${name}`, {
    provider: 'mock',
    model: 'mock',
    template: [{ role: 'user', content: '{{question}}' }],
    other: { script: [step] },
  });
  return { type: 'file', link: { file_id: id }, ...more };
}

describe('a run that finishes', () => {
  test('B3: does so with the first message that calls no tool', async () => {
    const log = await run([again, { content: 'Done.' }, { content: 'Never said.' }]);
    expect(log).toMatchObject({ log_status: 'complete', output: 'Done.' });
    expect(log.turns).toHaveLength(2);
  });

  test('B3: has that message as `output_message` and its text as `output`', async () => {
    expect(await run([{ content: 'Done.' }])).toMatchObject({
      output: 'Done.',
      output_message: { role: 'assistant', content: 'Done.' },
    });
  });

  test('B3: has no `previous_agent_message`', async () => {
    expect((await run([{ content: 'Done.' }])).previous_agent_message).toBeNull();
  });

  test('B3: has the finish reason that the provider gave', async () => {
    const log = await run([{ content: 'Cut', finish_reason: 'length' }]);
    expect(log.finish_reason).toBe('length');
  });
});

describe('a stop tool', () => {
  test('B3: ends the run', async () => {
    const log = await run([
      { tool_calls: [callOf('stop', { output: 'All done.' })] },
      { content: 'Never said.' },
    ]);
    expect(log.log_status).toBe('complete');
    expect(log.turns).toHaveLength(1);
  });

  test('B3: ends the run beside calls that the client would answer', async () => {
    const log = await run([
      { tool_calls: [callOf('lookup'), callOf('stop', { output: 'All done.' })] },
    ]);
    expect(log).toMatchObject({ log_status: 'complete', output: 'All done.' });
  });

  test('B3: ends the run after the calls beside it that the server runs', async () => {
    const tool = await promptTool('beside', { content: 'server side' });
    const calls = [callOf('stop', { output: 'All done.' }), callOf('beside', { question: 'x' })];
    const log = await run(
      [{ tool_calls: calls }],
      { tools: [tool, stop] },
      { include_trace_children: true },
    );
    expect(log).toMatchObject({ log_status: 'complete', output: 'All done.' });
    expect(log.trace_children).toMatchObject([{ output: 'server side' }]);
  });

  test('B3: leaves as `output_message` the message with its call', async () => {
    const log = await run([{ tool_calls: [callOf('stop', { output: 'All done.' })] }]);
    expect(log.output_message).toMatchObject({
      role: 'assistant',
      tool_calls: [{ id: 'call_1_1', function: { name: 'stop' } }],
    });
  });

  test('B3: that is inline gives the run the text of its argument `output`', async () => {
    const log = await run([{ tool_calls: [callOf('stop', { output: 'All done.', n: 1 })] }]);
    expect(log.output).toBe('All done.');
  });

  test.each([
    ['an `output` that is no text', '{"output":1}'],
    ['no `output`', '{"answer":"x"}'],
    ['no object', '["output"]'],
    ['no JSON', '{"output": '],
  ])('B3: that is inline, with %s, gives the run its arguments as they are', async (_, args) => {
    const log = await run([{ tool_calls: [callOf('stop', args)] }]);
    expect(log).toMatchObject({ log_status: 'complete', output: args });
  });

  test('B3: that the server can run is run, and gives the run its output', async () => {
    const tool = await promptTool('verdict', { content: 'Guilty.' }, { on_agent_call: 'stop' });
    const log = await run(
      [{ tool_calls: [callOf('verdict', { question: 'x' })] }],
      { tools: [tool] },
      { include_trace_children: true },
    );
    expect(log).toMatchObject({ log_status: 'complete', output: 'Guilty.' });
    expect(log.trace_children).toMatchObject([{ output: 'Guilty.', trace_parent_id: log.id }]);
  });
});

describe('`max_iterations`', () => {
  test('B3: ends the run when the model has been called so often', async () => {
    const log = await run([again, again, again], { max_iterations: 2 });
    expect(log.turns).toHaveLength(2);
    expect(log).toMatchObject({ log_status: 'complete', error: null });
  });

  test('B3: leaves as output the last message, whatever it calls', async () => {
    expect(await run([again], { max_iterations: 1 })).toMatchObject({
      output: 'Again.',
      output_message: { content: 'Again.', tool_calls: [{ function: { name: 'nonesuch' } }] },
    });
  });

  test('B3: does not suspend the run for tools of the last message', async () => {
    const log = await run([{ tool_calls: [callOf('lookup')] }], { max_iterations: 1 });
    expect(log).toMatchObject({ log_status: 'complete', previous_agent_message: null });
  });

  test('B3: lets no tool of the last message run', async () => {
    const tool = await promptTool('idle', { content: 'x' });
    const log = await run(
      [{ tool_calls: [callOf('idle', { question: 'x' })] }],
      { tools: [tool], max_iterations: 1 },
      { include_trace_children: true },
    );
    expect(log.trace_children).toEqual([]);
  });

  test('B3: lets a stop tool of the last message end the run as it always does', async () => {
    const log = await run([{ tool_calls: [callOf('stop', { output: 'In time.' })] }], {
      max_iterations: 1,
    });
    expect(log.output).toBe('In time.');
  });

  test('B3: lets a stop tool of the last message run, when the server can run it', async () => {
    const tool = await promptTool('last', { content: 'Just so.' }, { on_agent_call: 'stop' });
    const step = { tool_calls: [callOf('last', { question: 'x' })] };
    expect((await run([step], { tools: [tool], max_iterations: 1 })).output).toBe('Just so.');
  });

  test('B3: keeps the finish reason as the provider gave it', async () => {
    const log = await run([again], { max_iterations: 1 });
    expect(log.finish_reason).toBe('tool_calls');
  });

  test('B3: counts through a call and all its continues', async () => {
    const step = { tool_calls: [callOf('lookup')] };
    const log = await run([step, step, step], { max_iterations: 2 });
    const done = await proceed(log.id, [answerTo('call_1_1', 'x')]);
    expect(done).toMatchObject({ log_status: 'complete', previous_agent_message: null });
    expect(done.turns).toHaveLength(2);
  });

  test('B3: is counted by a nested agent for itself', async () => {
    const { body: inner } = await api.post('/agents', {
      path: 'nested/Inner',
      ...scripted([again, again, { content: 'From within.' }], { max_iterations: 3 }),
    });
    const log = await run(
      [{ tool_calls: [callOf('inner', { message: 'x' })] }, { content: 'From without.' }],
      { tools: [{ type: 'file', link: { file_id: inner.id } }], max_iterations: 2 },
    );
    expect(log).toMatchObject({ output: 'From without.' });
    expect(log.messages.at(-1).content).toBe('From within.');
  });
});

describe('`tool_choice`', () => {
  const choices = (log: Answer['body']) =>
    log.turns.map((turn: { provider_request: { tool_choice?: unknown } }) => {
      return turn.provider_request.tool_choice ?? 'auto';
    });
  const stored = async (choice: unknown) => {
    const log = await run([again, again, { content: 'Done.' }], {}, { tool_choice: choice });
    return (await api.get(`/logs/${log.id}`)).body;
  };

  test.each([
    ['required', 'required'],
    ['the name of a function', { type: 'function', function: { name: 'lookup' } }],
  ])('B3: that forces a tool, as %s, holds for the first model call alone', async (_, choice) => {
    const [first, ...rest] = choices(await stored(choice));
    expect(first).toEqual(choice);
    expect(rest).toEqual(['auto', 'auto']);
  });

  test.each(['none', 'auto'])('B3: `%s` holds for all model calls', async (choice) => {
    expect(choices(await stored(choice))).toEqual([choice, choice, choice]);
  });
});

describe('the log of a run', () => {
  const usage = { input_tokens: 10, cached_tokens: 5, output_tokens: 3, reasoning_tokens: 2 };

  test('B3: sums the tokens of all its model calls', async () => {
    const log = await run([
      { ...again, usage },
      { content: 'Done.', usage },
    ]);
    expect(log).toMatchObject({ prompt_tokens: 30, output_tokens: 6, reasoning_tokens: 4 });
  });

  test('B3: does not count the tokens of what it called', async () => {
    const tool = await promptTool('costly', { content: 'x', usage: { output_tokens: 1_000 } });
    const log = await run(
      [
        { tool_calls: [callOf('costly', { question: 'x' })], usage },
        { content: 'Done.', usage },
      ],
      { tools: [tool] },
      { include_trace_children: true },
    );
    expect(log.output_tokens).toBe(6);
    expect(log.trace_children).toMatchObject([{ output_tokens: 1_000 }]);
  });

  test('B3: has the messages of the request, then all of the turn but the output', async () => {
    const log = await run([{ tool_calls: [callOf('lookup')] }, { content: 'Done.' }]);
    const done = await proceed(log.id, [answerTo('call_1_1', 'x')]);
    expect(rolesOf(done)).toEqual(['user', 'assistant', 'tool']);
    expect(done.messages[0]).toEqual(hello[0]);
  });

  test('B3: does not repeat the template in its messages', async () => {
    const template = [{ role: 'system', content: 'You help.' }];
    expect((await run([{ content: 'Done.' }], { template })).messages).toEqual(hello);
  });

  test('B3: has the `provider_request` of the last model call', async () => {
    const { id } = await run([again, { content: 'Done.' }]);
    const { body: log } = await api.get(`/logs/${id}`);
    expect(rolesOf(log.provider_request)).toEqual(['user', 'assistant', 'tool']);
  });

  test('B3: has the `provider_response` of the last model call', async () => {
    const { id } = await run([again, { content: 'Done.' }]);
    const { body: log } = await api.get(`/logs/${id}`);
    expect(log.provider_response).toEqual(log.turns[1].provider_response);
    expect(log.provider_response).not.toEqual(log.turns[0].provider_response);
  });
});

describe('calls that the server runs', () => {
  test('B3: are each logged below the run, in their order', async () => {
    const tools = [
      await promptTool('first', { content: '1' }),
      await promptTool('second', { content: '2' }),
    ];
    const log = await run(
      [
        {
          tool_calls: [callOf('second', { question: 'x' }), callOf('first', { question: 'x' })],
        },
        { content: 'Done.' },
      ],
      { tools },
      { include_trace_children: true },
    );
    expect(log.trace_children).toMatchObject([
      { output: '2', trace_parent_id: log.id, trace_id: log.id },
      { output: '1', trace_parent_id: log.id, trace_id: log.id },
    ]);
  });

  test('B3: are answered with a message that has role, call, name and content', async () => {
    const tool = await promptTool('classify', { content: 'a refund' });
    const log = await run(
      [{ tool_calls: [callOf('classify', { question: 'x' })] }, { content: 'Done.' }],
      { tools: [tool] },
    );
    expect(log.messages.at(-1)).toEqual({
      role: 'tool',
      tool_call_id: 'call_1_1',
      name: 'classify',
      content: 'a refund',
    });
  });

  test('B3: are answered in the order of the calls, whichever ends first', async () => {
    const tools = [
      await promptTool('slow', { content: 'slow', delay_ms: 100 }),
      await promptTool('quick', { content: 'quick' }),
    ];
    const log = await run(
      [
        { tool_calls: [callOf('slow', { question: 'x' }), callOf('quick', { question: 'x' })] },
        { content: 'Done.' },
      ],
      { tools },
    );
    const contents = log.messages.slice(2).map(({ content }: { content: string }) => content);
    expect(contents).toEqual(['slow', 'quick']);
  });
});

describe('a run that is suspended', () => {
  const asking = { content: 'Let me see.', tool_calls: [callOf('lookup', { key: 'a' })] };

  test('B3: answers 200 with `log_status: incomplete`', async () => {
    expect((await run([asking])).log_status).toBe('incomplete');
  });

  test('B3: has the model’s message with its calls as `previous_agent_message`', async () => {
    expect((await run([asking])).previous_agent_message).toMatchObject({
      role: 'assistant',
      content: 'Let me see.',
      tool_calls: [
        {
          id: 'call_1_1',
          type: 'function',
          function: { name: 'lookup', arguments: '{"key":"a"}' },
        },
      ],
    });
  });

  test('B3: has that message at the end of its `messages`', async () => {
    const log = await run([asking]);
    expect(log.messages).toEqual([...hello, log.previous_agent_message]);
  });

  test('B3: has neither `output` nor `output_message`', async () => {
    expect(await run([asking])).toMatchObject({ output: null, output_message: null, error: null });
  });

  test('B3: shows the same when its log is read', async () => {
    const log = await run([asking]);
    expect((await api.get(`/logs/${log.id}`)).body).toMatchObject({
      log_status: 'incomplete',
      previous_agent_message: log.previous_agent_message,
      output: null,
    });
  });

  test('B3: suspends when any call is left without a result', async () => {
    const tool = await promptTool('ours', { content: 'server side' });
    const calls = [callOf('ours', { question: 'x' }), callOf('lookup')];
    const log = await run([{ tool_calls: calls }], { tools: [tool, lookup] });
    expect(log.log_status).toBe('incomplete');
  });

  test('B3: has its message verbatim, with the calls that the server ran', async () => {
    const tool = await promptTool('mixed', { content: 'server side' });
    const calls = [callOf('mixed', { question: 'x' }), callOf('lookup')];
    const log = await run([{ tool_calls: calls }], { tools: [tool, lookup] });
    expect(log.previous_agent_message.tool_calls).toMatchObject([
      { id: 'call_1_1', function: { name: 'mixed' } },
      { id: 'call_1_2', function: { name: 'lookup' } },
    ]);
  });

  test('B3: has the results of the calls that the server ran at the end of its messages', async () => {
    const tool = await promptTool('blended', { content: 'server side' });
    const calls = [callOf('lookup'), callOf('blended', { question: 'x' })];
    const log = await run([{ tool_calls: calls }], { tools: [tool, lookup] });
    expect(log.messages.at(-1)).toMatchObject({
      role: 'tool',
      tool_call_id: 'call_1_2',
      content: 'server side',
    });
  });
});

test.each([
  ['`stop`', { on_agent_call: 'stop' }, 'complete'],
  ['`continue`', { on_agent_call: 'continue' }, 'incomplete'],
  ['null', { on_agent_call: null }, 'incomplete'],
  ['nothing', {}, 'incomplete'],
])(
  'B3: a call of an inline tool with %s as `on_agent_call` leaves the log so',
  async (_, on, status) => {
    const log = await run([{ tool_calls: [callOf('lookup')] }], {
      tools: [{ ...lookup, ...on }, stop],
    });
    expect(log.log_status).toBe(status);
  },
);
