import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hello, lookup, scripted, stop } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { expectRefusal, rowCounts } from '../support/refusals.ts';

const api = await testApp();

const tellerText = `---
model: mock
provider: mock
temperature: 0.5
max_iterations: 3
other: {script: [{content: "Good morning."}]}
tools: [
  {"type": "inline", "json_schema": ${JSON.stringify(lookup.json_schema)}},
  {"type": "inline", "json_schema": ${JSON.stringify(stop.json_schema)}, "on_agent_call": "stop"}
]
---
<system>
  You are a teller of {{bank}}.
</system>
`;

const teller = scripted([{ content: 'Good morning.' }], {
  temperature: 0.5,
  max_iterations: 3,
  template: [{ role: 'system', content: 'You are a teller of {{bank}}.' }],
});

const withScript = (line: string) => tellerText.replace('max_iterations: 3', line);

test('a version is read as the text of a file', async () => {
  const { body: agent } = await api.post('/agents', { path: 'text/teller', ...teller });
  const { statusCode, headers, body } = await api.get(`/agents/${agent.id}/serialize`);
  expect(statusCode).toBe(200);
  expect(headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(body).toBe(`---
model: mock
temperature: 0.5
max_tokens: -1
top_p: 1.0
presence_penalty: 0.0
frequency_penalty: 0.0
max_iterations: 3
provider: mock
endpoint: chat
other: {"script": [{"content": "Good morning."}]}
tools: [
  {"type": "inline", "json_schema": {"name": "lookup", "description": "Looks something up.", "parameters": {"type": "object", "properties": {"key": {"type": "string"}}, "required": ["key"]}}, "on_agent_call": "continue"},
  {"type": "inline", "json_schema": {"name": "stop", "description": "Call this when done.", "parameters": {"type": "object", "properties": {"output": {"type": "string"}}, "required": ["output"]}}, "on_agent_call": "stop"}
]
---
<system>
  You are a teller of {{bank}}.
</system>
`);
});

test('fields are written as text without being stored, and a fault in them is told', async () => {
  const before = await rowCounts(api);
  const { statusCode, body } = await api.post('/agents/serialize', { agent: teller });
  expect(statusCode).toBe(200);
  const read = await api.post('/agents/deserialize', { agent: body });
  expect(read.body).toMatchObject({ model: 'mock', temperature: 0.5, max_iterations: 3 });
  expect(await rowCounts(api)).toEqual(before);
  const twice = { ...teller, tools: [lookup, lookup] };
  const refused = await api.post('/agents/serialize', { agent: twice });
  expect(refused.statusCode).toBe(422);
});

test('the version that is read is the one that a get would show', async () => {
  const path = 'text/versions';
  const { body: one } = await api.post('/agents', { path, model: 'm1' });
  const { body: two } = await api.post('/agents', { path, model: 'm2' });
  const url = `/agents/${one.id}/serialize`;
  expect((await api.get(url)).body).toContain('model: m1\n');
  expect((await api.get(`${url}?version_id=${two.version_id}`)).body).toContain('model: m2\n');
  expect((await api.get(`${url}?environment=production`)).body).toContain('model: m1\n');
  expectRefusal(await api.get(`${url}?environment=staging`), 404);
  expectRefusal(await api.get(`${url}?version_id=agv_none`), 404);
  expectRefusal(await api.get(`${url}?version_id=x&environment=y`), 422, ['query']);
  expectRefusal(await api.get('/agents/ag_none/serialize'), 404);
});

test('an agent that was given a path and a model alone has a text', async () => {
  const { body: agent } = await api.post('/agents', { path: 'text/least', model: 'm' });
  const { body: text } = await api.get(`/agents/${agent.id}/serialize`);
  expect(text.split('\n')).toEqual([
    ...['---', 'model: m', 'temperature: 1.0', 'max_tokens: -1', 'top_p: 1.0'],
    ...['presence_penalty: 0.0', 'frequency_penalty: 0.0', 'provider: openai', 'endpoint: chat'],
    ...['tools: []', '---', ''],
  ]);
});

test('a text is read as the fields that define a version, with their defaults, and not stored', async () => {
  const before = await rowCounts(api);
  const { statusCode, body } = await api.post('/agents/deserialize', { agent: tellerText });
  expect(statusCode).toBe(200);
  expect(body).toEqual({
    ...teller,
    tools: [{ ...lookup, on_agent_call: 'continue' }, stop],
    endpoint: 'chat',
    template_language: 'default',
    max_tokens: -1,
    top_p: 1,
    presence_penalty: 0,
    frequency_penalty: 0,
    stop: null,
    seed: null,
    response_format: null,
    reasoning_effort: null,
    attributes: null,
  });
  expect(await rowCounts(api)).toEqual(before);
});

test('what was read of a version’s text is that version', async () => {
  const path = 'text/round';
  const { body: linked } = await api.post('/agents', { path: 'text/linked', model: 'm' });
  const specs = [
    teller,
    { model: 'm' },
    { model: 'm', template: 'Hi {{x}}\n' },
    { model: 'm', endpoint: 'complete', template: 'Once upon a time, ' },
    {
      model: 'm',
      tools: [{ type: 'file', link: { file_id: linked.id, version_id: linked.version_id } }],
      template: [{ role: 'user', content: 'Hello', name: 'ada' }],
      response_format: { type: 'json_object' },
      attributes: { 'a: b': ['#', null, 1.5] },
    },
  ];
  for (const spec of specs) {
    const { body: version } = await api.post('/agents', { path, ...spec });
    const url = `/agents/${version.id}/serialize?version_id=${version.version_id}`;
    const { body: text } = await api.get(url);
    const { body: read } = await api.post('/agents/deserialize', { agent: text });
    const { body: again } = await api.post('/agents', { path, ...read });
    expect(again.version_id).toBe(version.version_id);
  }
});

test('a call and a log with a text find the version that the fields define', async () => {
  const path = 'text/called';
  const { body: version } = await api.post('/agents', { path, ...teller });
  const before = await rowCounts(api);
  const inputs = { bank: 'Monzo' };
  const call = { path, messages: hello, inputs, save: false };
  const called = await api.post('/agents/call', { ...call, agent: tellerText });
  expect(called).toMatchObject({
    statusCode: 200,
    body: { agent: { version_id: version.version_id } },
  });
  const logged = await api.post('/agents/log', { path, agent: tellerText });
  expect(logged).toMatchObject({ statusCode: 200, body: { version_id: version.version_id } });
  const { file, version: versions } = before;
  expect(await rowCounts(api)).toMatchObject({ file, version: versions });

  const edited = withScript('max_iterations: 4');
  const other = await api.post('/agents/call', { ...call, agent: edited });
  expect(other.body.agent).toMatchObject({ id: version.id, max_iterations: 4 });
  expect(other.body.agent.version_id).not.toBe(version.version_id);
});

test('a call with a text makes the file that is not there yet, and streams', async () => {
  const request = { path: 'text/new/teller', messages: hello, inputs: { bank: 'Monzo' } };
  const events = await api.stream('/agents/call', { ...request, agent: tellerText });
  expect(events.at(-1)).toMatchObject({
    type: 'agent_turn_end',
    payload: { output: 'Good morning.', agent: { path: 'text/new/teller' } },
  });
});

test('a repeat of a call with a text joins the first, whichever form it has', async () => {
  const request = { path: 'text/repeat', messages: hello, inputs: { bank: 'x' }, log_id: 'text-1' };
  const first = await api.post('/agents/call', { ...request, agent: tellerText });
  const again = await api.post('/agents/call', { ...request, agent: tellerText });
  expect(again).toMatchObject({ statusCode: 200, body: { id: 'text-1' } });
  expect(again.body.created_at).toBe(first.body.created_at);
});

test('a text may name a linked file by its path, and a function without more', async () => {
  const { body: linked } = await api.post('/agents', { path: 'text/by-path', model: 'm' });
  const text = `---
model: m
tools:
  - type: file
    link: {path: text/by-path}
  - name: stop
    description: Finish.
    on_agent_call: stop
---
`;
  const { body } = await api.post('/agents/deserialize', { agent: text });
  expect(body.tools).toEqual([
    { type: 'file', link: { file_id: linked.id }, on_agent_call: 'continue' },
    {
      type: 'inline',
      json_schema: { name: 'stop', description: 'Finish.' },
      on_agent_call: 'stop',
    },
  ]);
  const nowhere = text.replace('text/by-path', 'text/nowhere');
  expect((await api.post('/agents/deserialize', { agent: nowhere })).body.detail).toEqual([
    {
      loc: ['body', 'agent'],
      msg: 'Line 5, column 12: There is no file at `text/nowhere`.',
      type: 'value_error',
    },
  ]);
});

test('the example of the guide is a file', async () => {
  const guide = readFileSync(new URL('../../docs/agents.md', import.meta.url), 'utf8');
  const [, example] = /\n## Agents as files\n[^`]*```agent\n([^`]*)```\n/.exec(guide) ?? [];
  const { body: linked } = await api.post('/agents', { path: 'agents/Weather', model: 'm' });
  const { statusCode, body } = await api.post('/agents/deserialize', { agent: example });
  expect(statusCode).toBe(200);
  expect(body).toMatchObject({
    provider: 'anthropic',
    tools: [{ link: { file_id: linked.id } }, { json_schema: { name: 'stop' } }],
    template: [{ role: 'system' }, { role: 'user', content: [{ type: 'text' }, {}] }],
  });
});

test('a text that cannot be read is refused with the lines and columns of its faults', async () => {
  const before = await rowCounts(api);
  const text = `${withScript('max_iterations: "3"')}<user>Hello`;
  const detail = [
    {
      loc: ['body', 'agent'],
      msg: 'Line 5, column 1: `max_iterations`: Must be an integer',
      type: 'type_error',
    },
    {
      loc: ['body', 'agent'],
      msg: 'Line 15, column 1: `<user>` is not closed.',
      type: 'syntax_error',
    },
  ];
  for (const url of ['/agents/deserialize', '/agents/call', '/agents/log']) {
    const answer = await api.post(url, { path: 'text/bad', messages: hello, agent: text });
    expect(answer).toMatchObject({ statusCode: 422, body: { code: 'invalid', detail } });
  }
  const empty = await api.post('/agents/call', { path: 'text/bad', messages: hello, agent: '' });
  expectRefusal(empty, 422, ['body', 'agent']);
  expect(await rowCounts(api)).toEqual(before);
});

test('an agent that is neither fields nor a text is one fault', async () => {
  for (const url of ['/agents/call', '/agents/log']) {
    const { statusCode, body } = await api.post(url, { path: 'text/bad', agent: 7 });
    expect(statusCode).toBe(422);
    expect(body.detail).toEqual([
      { loc: ['body', 'agent'], msg: 'Must be an object, or a string', type: 'type_error' },
    ]);
  }
});

test('a version cannot be chosen beside a text', async () => {
  const { body: agent } = await api.post('/agents', { path: 'text/chosen', model: 'm' });
  const url = `/agents/call?version_id=${agent.version_id}`;
  const answer = await api.post(url, { id: agent.id, messages: hello, agent: tellerText });
  expectRefusal(answer, 422, ['query']);
});
