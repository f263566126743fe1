import { expect, it } from 'vitest';
import { answerTo, callOf, hello, lookup, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { everythingServer, ownMcpServer } from '../support/mcp-servers.ts';
import { oddMcpServer } from '../support/odd-mcp-server.ts';

const api = await testApp({
  allowedHosts: '127.0.0.1',
  mcpLimits: { listTimeoutMs: 5_000, callTimeoutMs: 1_500 },
});
const everything = await everythingServer();
const own = await ownMcpServer();

const serverAt = (url: string, more: object = {}) => ({ type: 'mcp', server: { url }, ...more });

/** The contents of the tool messages of a log. */
const results = (messages: readonly { role: string; content: string }[]) =>
  messages.filter(({ role }) => role === 'tool').map(({ content }) => content);

async function call(path: string, agent: object, more: object = {}) {
  const { statusCode, body } = await api.post('/agents/call', {
    path,
    agent,
    messages: hello,
    ...more,
  });
  expect(statusCode).toBe(200);
  return body;
}

it('the tools of a server are offered to the model, and run where they are', async () => {
  const calls = [callOf('get-sum', { a: 2, b: 3 }), callOf('echo', { message: 'Hi.' })];
  const agent = scripted([{ tool_calls: calls }, { content: 'Five.' }], {
    tools: [serverAt(everything.url), lookup],
  });
  const body = await call('mcp/sums', agent, { include_trace_children: true });
  expect(body).toMatchObject({
    log_status: 'complete',
    output: 'Five.',
    stdout: null,
    trace_children: [],
    messages: [
      ...hello,
      { role: 'assistant' },
      {
        role: 'tool',
        tool_call_id: 'call_1_1',
        name: 'get-sum',
        content: 'The sum of 2 and 3 is 5.',
      },
      { role: 'tool', tool_call_id: 'call_1_2', name: 'echo', content: 'Echo: Hi.' },
    ],
  });
  const offered = body.provider_request.tools.map((tool: { function: object }) => tool.function);
  expect(offered[0]).toMatchObject({ name: 'lookup' });
  expect(offered).toContainEqual({
    name: 'get-sum',
    description: expect.any(String),
    parameters: expect.objectContaining({ required: ['a', 'b'] }),
  });
});

it('a stream tells that a tool of a server is called, with the agent’s log', async () => {
  const agent = scripted(
    [{ tool_calls: [callOf('echo', { message: 'Hi.' })] }, { content: 'Done.' }],
    { tools: [serverAt(everything.url)] },
  );
  const events = await api.stream('/agents/call', { path: 'mcp/streamed', agent, messages: hello });
  expect(events.map(({ type }) => type)).toEqual([
    'agent_turn_start',
    'agent_start',
    'agent_end',
    'tool_start',
    'agent_start',
    'agent_update',
    'agent_end',
    'agent_turn_end',
  ]);
  const start = events[3];
  expect(start).toMatchObject({
    log_id: events[0]?.log_id,
    payload: { id: 'call_1_1', function: { name: 'echo' } },
  });
});

it('tools of servers, files and clients in one turn; the run waits for the client alone', async () => {
  const killed = await everythingServer();
  const { body: prompt } = await api.post('/prompts', {
    path: 'mcp/classify',
    provider: 'mock',
    model: 'mock',
    template: 'Classify {{text}}',
    other: { script: [{ content: 'a sum' }] },
  });
  const linked = { type: 'file', link: { file_id: prompt.id } };
  const agent = scripted(
    [
      {
        tool_calls: [
          callOf('get-sum', { a: 1, b: 1 }),
          callOf('lookup', { key: 'a' }),
          callOf('classify', { text: '1 + 1' }),
          callOf('hello_world'),
        ],
      },
      { tool_calls: [callOf('get-sum', { a: 1, b: 1 }), callOf('hello_world')] },
      { content: 'Two.' },
    ],
    { tools: [serverAt(killed.url), lookup, linked, serverAt(own.url)] },
  );
  const waiting = await call('mcp/mixed', agent);
  expect(waiting).toMatchObject({ log_status: 'incomplete', stdout: null });
  expect(results(waiting.messages).toSorted()).toEqual([
    'Hello.',
    'The sum of 1 and 1 is 2.',
    'a sum',
  ]);

  await killed.kill();
  const { body } = await api.post('/agents/continue', {
    log_id: waiting.id,
    messages: [answerTo('call_1_2', 'found')],
  });
  expect(body).toMatchObject({ log_status: 'complete', output: 'Two.' });
  expect(results(body.messages).slice(4).toSorted()).toEqual([
    'Error: there is no tool named get-sum.',
    'Hello.',
  ]);
  const { origin } = new URL(killed.url);
  expect(body.stdout).toBe(
    `The tools of ${origin} were left out: The connection to the server failed.\n`,
  );
});

it('names that a vendor would not take, or that are taken, are changed; the server is asked by its own', async () => {
  const fails = { ...lookup, json_schema: { ...lookup.json_schema, name: 'fails' } };
  const agent = scripted(
    [{ tool_calls: [callOf('fails_2'), callOf('hello_world')] }, { content: '' }],
    {
      tools: [serverAt(own.url), fails],
    },
  );
  const body = await call('mcp/names', agent);
  expect(results(body.messages)).toEqual(
    expect.arrayContaining(['Error: It is broken.', 'Hello.']),
  );
});

it('only the tools that are allowed are offered, and those that are not there are noted', async () => {
  const agent = scripted([{ tool_calls: [callOf('fails')] }, { content: 'Done.' }], {
    tools: [serverAt(own.url, { allowed_tools: ['hello.world', 'absent'] })],
  });
  const body = await call('mcp/allowed', agent);
  const offered = body.provider_request.tools.map(
    (tool: { function: { name: string } }) => tool.function.name,
  );
  expect(offered).toEqual(['hello_world']);
  expect(results(body.messages)).toEqual(['Error: there is no tool named fails.']);
  expect(body.stdout).toBe(
    `The server ${new URL(own.url).origin} does not have these tools: absent.\n`,
  );
});

it('allowed tools are found at the end of a long list; without such names its beginning is offered', async () => {
  const tools = Array.from({ length: 300 }, (_, index) => ({ name: `t${index}` }));
  const { url } = await oddMcpServer({ 'tools/list': () => ({ tools }) });
  const { origin } = new URL(url);
  const last = scripted([{ tool_calls: [callOf('t299')] }, { content: 'Done.' }], {
    tools: [serverAt(url, { allowed_tools: ['t299'] })],
  });
  const body = await call('mcp/last', last);
  expect(results(body.messages)).toEqual(['Done.']);
  expect(body.stdout).toBeNull();
  const all = await call('mcp/all', scripted([{ content: 'Done.' }], { tools: [serverAt(url)] }));
  expect(all.provider_request.tools).toHaveLength(256);
  expect(all.stdout).toBe(
    `The server ${origin}: only the first 256 of its 300 tools are offered; \`allowed_tools\` can name others.\n`,
  );
});

it('an odd tool does not take the others away, and is named in stdout', async () => {
  const tools = [{ name: '' }, { name: 'odd', inputSchema: { type: 'string' } }, { name: '2nd' }];
  const { url } = await oddMcpServer({ 'tools/list': () => ({ tools }) });
  const agent = scripted([{ tool_calls: [callOf('odd'), callOf('_2nd')] }, { content: 'Done.' }], {
    tools: [serverAt(url)],
  });
  const body = await call('mcp/odd', agent);
  expect(results(body.messages)).toEqual(['Done.', 'Done.']);
  const { origin } = new URL(url);
  expect(body.stdout).toBe(
    `The server ${origin}: a tool without a name was left out.\n` +
      `The server ${origin}: the tool odd is offered without these words of its schema: \`type\`.\n`,
  );
});

it('what goes wrong with a tool is told to the model, and the run goes on', async () => {
  const names = ['fails', 'throws', 'huge', 'slow', 'odd'];
  const agent = scripted(
    [
      { tool_calls: [...names.map((name) => callOf(name)), callOf('hello_world', 'no JSON')] },
      { content: 'Done.' },
    ],
    { tools: [serverAt(own.url)] },
  );
  const body = await call('mcp/failures', agent);
  expect(body).toMatchObject({ log_status: 'complete', output: 'Done.', error: null });
  expect(results(body.messages).toSorted()).toEqual(
    [
      'Error: It is broken.',
      'Error: It broke.',
      'Error: The server answered with more than 1000000 bytes, which is the limit (MCP_ANSWER_BYTES).',
      'Error: The server did not answer within 1.5 seconds, which is the limit (MCP_CALL_TIMEOUT_SECONDS).',
      'Error: the arguments of the call are not a JSON object.',
      'a\uFFFDb\uFFFDc',
    ].toSorted(),
  );
});

it('a server that is killed in the middle of a call does not end the run', async () => {
  const killed = await everythingServer();
  const agent = scripted(
    [
      { tool_calls: [callOf('trigger-long-running-operation', { duration: 60, steps: 60 })] },
      { content: 'Sorry.' },
    ],
    { tools: [serverAt(killed.url)] },
  );
  const calling = call('mcp/killed', agent);
  // Its connection takes three, the list is the fourth, and the call the fifth.
  await expect.poll(killed.posts, { timeout: 5_000 }).toBe(5);
  await killed.kill();
  const body = await calling;
  expect(body).toMatchObject({ log_status: 'complete', output: 'Sorry.' });
  expect(results(body.messages)[0]).toMatch(/^Error: The .* (failed|answer)\.$/);
});

it('a server that cannot be had is noted by its origin, and the agent runs without it', async () => {
  const agent = scripted([{ content: 'Alone.' }], {
    tools: [serverAt('http://127.0.0.1:9/mcp?token=of-ours'), serverAt(own.url)],
  });
  const body = await call('mcp/absent', agent);
  expect(body).toMatchObject({ log_status: 'complete', output: 'Alone.' });
  expect(body.stdout).toMatch(/^The tools of http:\/\/127\.0\.0\.1:9 were left out: .+\.\n$/);
  expect(body.provider_request.tools.length).toBeGreaterThan(1);
});

it('a server in a private place is not spoken to unless the operator allows it', async () => {
  const hidden = await ownMcpServer('127.0.0.2');
  const agent = scripted([{ content: 'Alone.' }], { tools: [serverAt(hidden.url)] });
  const body = await call('mcp/hidden', agent);
  expect(body.stdout).toContain('127.0.0.2 is not on the public internet');
  expect(hidden.seen).toEqual([]);
});

it('a tool of a server can end the turn: its result is the output', async () => {
  const agent = scripted([{ tool_calls: [callOf('hello_world')] }], {
    tools: [serverAt(own.url, { on_agent_call: 'stop' })],
  });
  expect(await call('mcp/stops', agent)).toMatchObject({
    log_status: 'complete',
    output: 'Hello.',
  });
});

it('an agent that is a tool has the tools of its own servers', async () => {
  const { body: inner } = await api.post('/agents', {
    path: 'mcp/inner',
    ...scripted([{ tool_calls: [callOf('hello_world')] }, { content: 'It says hello.' }], {
      tools: [serverAt(own.url)],
    }),
  });
  const agent = scripted(
    [{ tool_calls: [callOf('inner', { message: 'Go.' })] }, { content: 'Done.' }],
    {
      tools: [{ type: 'file', link: { file_id: inner.id } }],
    },
  );
  const body = await call('mcp/outer', agent, { include_trace_children: true });
  expect(results(body.messages)).toEqual(['It says hello.']);
  expect(results(body.trace_children[0].messages)).toEqual(['Hello.']);
});

it('nothing of a run that is not saved stays, and its tools run', async () => {
  const agent = scripted([{ tool_calls: [callOf('hello_world')] }, { content: 'Done.' }], {
    tools: [serverAt(own.url)],
  });
  const body = await call('mcp/unsaved', agent, { save: false });
  expect(body).toMatchObject({ output: 'Done.' });
});
