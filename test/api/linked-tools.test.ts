import { expect, test } from 'vitest';
import { promptKind } from '../../src/files/kinds/prompt.ts';
import { upsertVersion } from '../../src/files/upsert-version.ts';
import { answerTo, callOf, hello, lookup, scripted, stop } from '../support/agents.ts';
import { testApp } from '../support/app.ts';

const api = await testApp();

/** A prompt on `mock` that says this. */
async function promptSaying(path: string, step: Record<string, unknown>): Promise<string> {
  const { id } = await upsertVersion(api.workspace, promptKind, {
    path,
    description: 'Says what kind of question it is.',
    spec: {
      provider: 'mock',
      model: 'mock',
      template: [{ role: 'user', content: 'Classify: {{question}}' }],
      other: { script: [step] },
    },
  });
  return id;
}

async function agentAt(path: string, spec: Record<string, unknown>): Promise<string> {
  const { body } = await api.post('/agents', { path, ...spec });
  return body.id;
}

const linkTo = (fileId: string, more = {}) => ({
  type: 'file',
  link: { file_id: fileId },
  ...more,
});

test('a linked prompt is run by the server, and logged below the agent’s log', async () => {
  const promptId = await promptSaying('linked/Classify It', { content: 'a refund' });
  const { body } = await api.post('/agents/call', {
    path: 'linked/router',
    agent: scripted(
      [
        { tool_calls: [callOf('classify_it', { question: 'Money back?' })] },
        { content: 'It is a refund.' },
      ],
      { tools: [linkTo(promptId), lookup] },
    ),
    messages: hello,
    include_trace_children: true,
  });
  expect(body).toMatchObject({
    log_status: 'complete',
    output: 'It is a refund.',
    messages: [
      ...hello,
      { role: 'assistant' },
      { role: 'tool', tool_call_id: 'call_1_1', name: 'classify_it', content: 'a refund' },
    ],
    trace_children: [
      {
        prompt: { id: promptId, type: 'prompt' },
        inputs: { question: 'Money back?' },
        output: 'a refund',
        log_status: 'complete',
        trace_parent_id: body.id,
        trace_id: body.id,
        provider_request: { messages: [{ role: 'user', content: 'Classify: Money back?' }] },
      },
    ],
  });
  expect(body.provider_request.tools[0].function).toEqual({
    name: 'classify_it',
    description: 'Says what kind of question it is.',
    parameters: {
      type: 'object',
      properties: { question: { type: 'string' } },
      required: ['question'],
      additionalProperties: false,
    },
  });
  const { body: agent } = await api.get(`/agents/${body.agent.id}`);
  expect(agent.tools[0]).toMatchObject({ type: 'file', file: { id: promptId, type: 'prompt' } });
});

test('a stream tells of tools that the server runs: start, words, end', async () => {
  const promptId = await promptSaying('linked/Speak', { content: 'two words' });
  const events = await api.stream('/agents/call', {
    path: 'linked/streamed',
    agent: scripted([{ tool_calls: [callOf('speak', { question: 'x' })] }, { content: 'Done.' }], {
      tools: [linkTo(promptId)],
    }),
    messages: hello,
  });
  expect(events.map(({ type }) => type)).toEqual([
    ...['agent_turn_start', 'agent_start', 'agent_end'],
    ...['tool_start', 'tool_update', 'tool_update', 'tool_end'],
    ...['agent_start', 'agent_update', 'agent_end', 'agent_turn_end'],
  ]);
  const [start, first, , end] = events.slice(3);
  expect(start).toMatchObject({
    message: 'Calling tool: speak',
    payload: { id: 'call_1_1', type: 'function', function: { name: 'speak' } },
  });
  expect(first?.payload).toMatchObject({
    index: 0,
    id: start?.log_id,
    prompt_id: promptId,
    output: 'two ',
  });
  expect(end).toMatchObject({
    log_id: start?.log_id,
    payload: { id: start?.log_id, prompt: { id: promptId }, output: 'two words' },
  });
});

test('a tool that fails tells the model so, and the run goes on', async () => {
  const promptId = await promptSaying('linked/Broken', {
    error: { status: 400, message: 'Nope.' },
  });
  const { body } = await api.post('/agents/call', {
    path: 'linked/unlucky',
    agent: scripted(
      [
        {
          tool_calls: [
            callOf('broken', { question: 'x' }),
            callOf('broken', {}),
            callOf('broken', '['),
          ],
        },
        { content: 'Well.' },
      ],
      { tools: [linkTo(promptId)] },
    ),
    messages: hello,
    include_trace_children: true,
  });
  expect(body).toMatchObject({ log_status: 'complete', output: 'Well.', error: null });
  const told = body.messages.slice(2).map(({ content }: { content: string }) => content);
  expect(told[0]).toMatch(/^Error: .*Nope\./);
  expect(told[1]).toMatch(/^Error: .*question/);
  expect(told[2]).toBe('Error: the arguments of the call are not a JSON object.');
  expect(body.trace_children).toHaveLength(3);
  expect(body.trace_children[0].error).toContain('Nope.');
});

test('of mixed calls the server runs its own first, and the client answers the rest', async () => {
  const promptId = await promptSaying('linked/Mixed', { content: 'server side' });
  const { body: suspended } = await api.post('/agents/call', {
    path: 'linked/mixed-agent',
    agent: scripted(
      [
        { tool_calls: [callOf('lookup', { key: 'a' }), callOf('mixed', { question: 'x' })] },
        { content: 'Both.' },
      ],
      { tools: [lookup, linkTo(promptId)] },
    ),
    messages: hello,
  });
  expect(suspended).toMatchObject({
    log_status: 'incomplete',
    previous_agent_message: { tool_calls: [{ id: 'call_1_1' }, { id: 'call_1_2' }] },
  });
  expect(suspended.messages.at(-1)).toMatchObject({ role: 'tool', tool_call_id: 'call_1_2' });

  const { body } = await api.post('/agents/continue', {
    log_id: suspended.id,
    // A second answer to a call that the server has answered is passed over.
    messages: [answerTo('call_1_1', 'client side'), answerTo('call_1_2', 'mine instead')],
  });
  expect(body).toMatchObject({ log_status: 'complete', output: 'Both.' });
  expect(body.messages.slice(2)).toMatchObject([
    { tool_call_id: 'call_1_2', content: 'server side' },
    { tool_call_id: 'call_1_1', content: 'client side' },
  ]);
});

test('calls of one turn run side by side', async () => {
  const promptId = await promptSaying('linked/Slow', { content: 'slow', delay_ms: 200 });
  const { body } = await api.post('/agents/call', {
    path: 'linked/parallel',
    agent: scripted(
      [
        { tool_calls: [callOf('slow', { question: 'a' }), callOf('slow', { question: 'b' })] },
        { content: 'Done.' },
      ],
      { tools: [linkTo(promptId)] },
    ),
    messages: hello,
    include_trace_children: true,
  });
  const [a, b] = body.trace_children;
  expect(Date.parse(b.start_time)).toBeLessThan(Date.parse(a.end_time));
  expect(Date.parse(a.start_time)).toBeLessThan(Date.parse(b.end_time));
});

test('a linked prompt that stops the run gives the run its output', async () => {
  const promptId = await promptSaying('linked/Final', { content: 'The verdict.' });
  const { body } = await api.post('/agents/call', {
    path: 'linked/stopping',
    agent: scripted([{ tool_calls: [callOf('final', { question: 'x' })] }], {
      tools: [linkTo(promptId, { on_agent_call: 'stop' })],
    }),
    messages: hello,
  });
  expect(body).toMatchObject({ log_status: 'complete', output: 'The verdict.' });
});

test('a linked agent runs below its caller, with a log and turns of its own', async () => {
  const inner = await agentAt('linked/Inner', scripted([{ content: 'From within.' }]));
  const { body } = await api.post('/agents/call', {
    path: 'linked/outer',
    agent: scripted(
      [{ tool_calls: [callOf('inner', { message: 'Go on.' })] }, { content: 'From without.' }],
      { tools: [linkTo(inner)] },
    ),
    messages: hello,
    include_trace_children: true,
  });
  expect(body).toMatchObject({
    output: 'From without.',
    trace_children: [
      {
        agent: { id: inner },
        messages: [{ role: 'user', content: 'Go on.' }],
        output: 'From within.',
        log_status: 'complete',
        trace_parent_id: body.id,
      },
    ],
  });
  expect(body.messages.at(-1)).toMatchObject({ role: 'tool', content: 'From within.' });
});

test('a linked agent that waits for the client makes its caller wait, on the same call', async () => {
  const inner = await agentAt('linked/Waiting', scripted([{ tool_calls: [callOf('lookup')] }]));
  const { body: suspended } = await api.post('/agents/call', {
    path: 'linked/outer-waiting',
    agent: scripted([{ tool_calls: [callOf('waiting', { message: 'x' })] }, { content: 'Done.' }], {
      tools: [linkTo(inner)],
    }),
    messages: hello,
    include_trace_children: true,
  });
  expect(suspended).toMatchObject({
    log_status: 'incomplete',
    previous_agent_message: { tool_calls: [{ id: 'call_1_1', function: { name: 'waiting' } }] },
    trace_children: [{ log_status: 'incomplete', run: { state: 'suspended' } }],
  });
  const { body } = await api.post('/agents/continue', {
    log_id: suspended.id,
    messages: [answerTo('call_1_1', 'I did it myself.')],
    include_trace_children: true,
  });
  expect(body).toMatchObject({
    log_status: 'complete',
    output: 'Done.',
    trace_children: [{ log_status: 'complete', output: null, run: null }],
  });
});

test('an agent that would call itself is told that it cannot', async () => {
  const own = await agentAt('linked/Loop', scripted([{ content: 'First.' }]));
  const { body } = await api.post('/agents/call', {
    id: own,
    agent: scripted(
      [{ tool_calls: [callOf('loop', { message: 'again' })] }, { content: 'Enough.' }],
      {
        tools: [linkTo(own)],
      },
    ),
    messages: hello,
  });
  expect(body.output).toBe('Enough.');
  expect(body.messages.at(-1).content).toMatch(/^Error: .*already running/);
});

test('a link follows the default deployment, or the version that it pins', async () => {
  const inner = await agentAt('linked/Followed', scripted([{ content: 'old' }]));
  const { body: newer } = await api.post('/agents', {
    path: 'linked/Followed',
    ...scripted([{ content: 'new' }]),
  });
  const outputWith = async (link: Record<string, unknown>) => {
    const { body } = await api.post('/agents/call', {
      path: 'linked/follower',
      agent: scripted([{ tool_calls: [callOf('followed', { message: 'x' })] }], {
        tools: [{ type: 'file', link: { file_id: inner, ...link }, on_agent_call: 'stop' }],
      }),
      messages: hello,
    });
    return body.output;
  };
  expect(await outputWith({})).toBe('old');
  expect(await outputWith({ version_id: newer.version_id })).toBe('new');
});

test('two tools that come to one name are told apart by a number', async () => {
  const one = await agentAt('linked/a/Twin', scripted([{ content: '1' }]));
  const two = await agentAt('linked/b/Twin', scripted([{ content: '2' }]));
  const { body } = await api.post('/agents/call', {
    path: 'linked/twins',
    agent: scripted([{ tool_calls: [callOf('twin_2', { message: 'x' })] }, { content: 'Done.' }], {
      tools: [linkTo(one), linkTo(two), stop],
    }),
    messages: hello,
  });
  expect(body.messages.at(-1)).toMatchObject({ name: 'twin_2', content: '2' });
});

test('a version that links to what is not there is refused, and nothing is stored', async () => {
  const refused = await api.post('/agents', {
    path: 'linked/dangling',
    model: 'm',
    tools: [linkTo('pr_1234567890')],
  });
  expect(refused).toMatchObject({ statusCode: 404, body: { code: 'file_not_found' } });
  const { body } = await api.get('/agents?name=dangling');
  expect(body.total).toBe(0);
});
