import { expect, test } from 'vitest';
import { callOf, hello, lookup, scripted, stop } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { testPython } from '../support/python.ts';

const api = await testApp();

const numbers = { a: { type: 'number' }, b: { type: 'number' } };
const parameters = { type: 'object', properties: numbers, required: ['a', 'b'] };

/** A Python tool `divide`, and a link to it. */
async function divideAt(path: string, more: Record<string, unknown> = {}) {
  const { body } = await api.post('/tools', {
    path,
    function: { name: 'divide', description: 'Divides.', parameters },
    source_code: 'def divide(a, b):\n    print("dividing")\n    return a / b\n',
    ...more,
  });
  return { id: body.id as string, link: { type: 'file', link: { file_id: body.id } } };
}

type Step = Record<string, unknown>;

async function called(path: string, script: readonly Step[], tools: readonly unknown[]) {
  const { body } = await api.post('/agents/call', {
    path,
    agent: scripted(script, { tools }),
    messages: hello,
    include_trace_children: true,
  });
  return body;
}

const twelveByFour = { tool_calls: [callOf('divide', { a: 12, b: 4 })] };

test('a linked Python tool is run by the server, and logged below the agent’s log', async () => {
  const { id, link } = await divideAt('python/divide');
  const body = await called('python/agent', [twelveByFour, { content: 'Three.' }], [link]);
  expect(body).toMatchObject({ output: 'Three.', log_status: 'complete' });
  expect(body.messages.at(-1)).toMatchObject({
    role: 'tool',
    tool_call_id: 'call_1_1',
    content: '3.0',
  });
  expect(body.trace_children).toMatchObject([
    {
      tool: { id },
      inputs: { a: 12, b: 4 },
      output: '3.0',
      stdout: 'dividing\n',
      error: null,
      log_status: 'complete',
      trace_parent_id: body.id,
      trace_id: body.trace_id,
    },
  ]);
  const { body: ofTool } = await api.get(`/logs?file_id=${id}`);
  expect(ofTool.records).toMatchObject([{ id: body.trace_children[0].id, output: '3.0' }]);
});

test('an exception of a linked tool is told to the model, which goes on', async () => {
  const { link } = await divideAt('python/by-zero');
  const byZero = { tool_calls: [callOf('divide', { a: 1, b: 0 })] };
  const body = await called('python/failing', [byZero, { content: 'It cannot be.' }], [link]);
  expect(body.output).toBe('It cannot be.');
  expect(body.messages.at(-1).content).toMatch(
    /^Error: Traceback.*line 3, in divide.*ZeroDivisionError: division by zero$/s,
  );
  expect(body.trace_children).toMatchObject([{ output: null, stdout: 'dividing\n' }]);
});

test.each([
  [{ a: 1 }, 'Error: the arguments do not match the schema of the tool. `b`: Field required'],
  [
    { a: 'x', b: [] },
    'Error: the arguments do not match the schema of the tool. `a`: Must be a number; `b`: Must be a number',
  ],
  ['[1, 2]', 'Error: the arguments of the call are not a JSON object.'],
])(
  'arguments that do not fit the schema are told to the model, and nothing is run: %j',
  async (given, content) => {
    const { link } = await divideAt('python/unfit');
    const script = [{ tool_calls: [callOf('divide', given)] }, { content: 'Sorry.' }];
    const body = await called('python/unfit-agent', script, [link]);
    expect(body.messages.at(-1)).toMatchObject({ role: 'tool', content });
    expect(body.trace_children).toMatchObject([
      { output: null, stdout: null, error: content.slice('Error: '.length) },
    ]);
  },
);

test('a schema that takes too long to check costs a quarter of a second, not the server', async () => {
  const { link } = await divideAt('python/slow-schema', {
    function: {
      name: 'divide',
      description: '',
      parameters: { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } },
    },
  });
  const script = [
    { tool_calls: [callOf('divide', { a: `${'a'.repeat(60)}!` })] },
    { content: 'Sorry.' },
  ];
  const body = await called('python/slow-schema-agent', script, [link]);
  expect(body.messages.at(-1).content).toBe(
    'Error: the arguments take too long to check against the schema of the tool.',
  );
});

test.each([
  ['no JSON Schema', { type: 'nonsense' }],
  ['of another dialect', { $schema: 'https://example.com/mine', type: 'object' }],
  ['one that would check later', { $async: true, type: 'object' }],
])('a schema that is %s keeps no tool from running', async (_, given) => {
  const { link } = await divideAt('python/odd-schema', {
    function: { name: 'divide', description: '', parameters: given },
  });
  const body = await called('python/odd-agent', [twelveByFour, { content: 'Done.' }], [link]);
  expect(body.messages.at(-1).content).toBe('3.0');
});

test('calls of one turn run side by side', async () => {
  const { link } = await divideAt('python/slow', {
    source_code: 'import time\ndef divide(a, b):\n    time.sleep(0.5)\n    return a / b\n',
  });
  const calls = [callOf('divide', { a: 1, b: 1 }), callOf('divide', { a: 4, b: 2 })];
  const body = await called(
    'python/parallel',
    [{ tool_calls: calls }, { content: 'Done.' }],
    [link],
  );
  expect(body.trace_children.map(({ output }: { output: string }) => output)).toEqual([
    '1.0',
    '2.0',
  ]);
  const [one, two] = body.trace_children;
  expect(Date.parse(two.start_time)).toBeLessThan(Date.parse(one.end_time));
  expect(Date.parse(one.start_time)).toBeLessThan(Date.parse(two.end_time));
});

test('a stream tells of a tool’s call as it begins and as it ends', async () => {
  const { link } = await divideAt('python/streamed');
  const events = await api.stream('/agents/call', {
    path: 'python/stream',
    agent: scripted([twelveByFour, { content: 'Three.' }], { tools: [link] }),
    messages: hello,
  });
  const ofTool = events.filter(({ type }) => type.startsWith('tool_'));
  expect(ofTool).toMatchObject([
    { type: 'tool_start', payload: { function: { name: 'divide' } } },
    { type: 'tool_end', payload: { output: '3.0', stdout: 'dividing\n' } },
  ]);
  expect(ofTool[0]?.log_id).toBe(ofTool[1]?.log_id);
});

test('a tool may end the agent’s turn with its result', async () => {
  const { link } = await divideAt('python/stopping');
  const stops = { ...link, on_agent_call: 'stop' };
  const body = await called('python/stop-agent', [twelveByFour], [stops]);
  expect(body).toMatchObject({ output: '3.0', log_status: 'complete' });
});

test('a linked tool has its variables, and runs beside what the client answers', async () => {
  const { id, link } = await divideAt('python/secretive', {
    source_code: 'import os\ndef divide(a, b):\n    return os.environ["UNIT"]\n',
  });
  await api.post(`/tools/${id}/environment-variables`, [{ name: 'UNIT', value: 'apples' }]);
  const both = { tool_calls: [...twelveByFour.tool_calls, callOf('lookup', { key: 'x' })] };
  const body = await called('python/both', [both, { content: 'Done.' }], [link, lookup, stop]);
  expect(body.log_status).toBe('incomplete');
  expect(body.messages.at(-1)).toMatchObject({ role: 'tool', content: 'apples' });
  expect(body.previous_agent_message.tool_calls).toHaveLength(2);
});

test('a tool that is not Python is the client’s to run, linked or not', async () => {
  const { link } = await divideAt('python/json', { source_code: null });
  const body = await called('python/json-agent', [twelveByFour], [link]);
  expect(body).toMatchObject({ log_status: 'incomplete', trace_children: [] });
});

test('where the sandbox cannot start, the model is told, and the agent goes on', async () => {
  const python = testPython({}, { deno: '/nonexistent/deno' });
  const without = await testApp({ database: api.database, python });
  const { link } = await divideAt('python/nowhere');
  const { body } = await without.post('/agents/call', {
    path: 'python/without',
    agent: scripted([twelveByFour, { content: 'By hand: three.' }], { tools: [link] }),
    messages: hello,
  });
  expect(body.output).toBe('By hand: three.');
  expect(body.messages.at(-1).content).toMatch(/^Error: Python tools cannot run on this server\./);
});
