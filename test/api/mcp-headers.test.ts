import { expect, it } from 'vitest';
import { agentKind } from '../../src/files/kinds/agent.ts';
import { upsertVersion } from '../../src/files/upsert-version.ts';
import { callOf, hello, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { databaseText } from '../support/database-text.ts';
import { ownMcpServer } from '../support/mcp-servers.ts';

const api = await testApp({ allowedHosts: '127.0.0.1' });
const own = await ownMcpServer();

const secret = 'canary-4f1c9d';
const other = 'canary-b20e77';

const withHeaders = (headers: object, url = own.url, more: object = {}) => ({
  ...scripted([{ tool_calls: [callOf('repeats')] }, { content: 'Done.' }]),
  tools: [{ type: 'mcp', server: { url, headers } }],
  ...more,
});

const upsert = async (path: string, headers: object, url?: string, more?: object) =>
  api.post('/agents', { path, ...withHeaders(headers, url, more) });

it('the value of a header is sent to its server, and found nowhere else', async () => {
  const { body: agent } = await upsert('headers/secret', { Authorization: `Bearer ${secret}` });
  expect(agent.tools[0]).toEqual({
    type: 'mcp',
    server: { url: own.url, headers: { authorization: '***' } },
    on_agent_call: 'continue',
  });
  const { body: log } = await api.post('/agents/call', {
    path: 'headers/secret',
    messages: hello,
    include_trace_children: true,
  });
  expect(own.seen.at(-1)).toMatchObject({ authorization: `Bearer ${secret}` });
  expect(log.messages.at(-1).content).toContain('***');

  const events = await api.stream('/agents/call', { path: 'headers/secret', messages: hello });
  const answers = await Promise.all(
    [
      `/agents/${agent.id}`,
      `/agents/${agent.id}/versions`,
      `/agents/${agent.id}/serialize`,
      '/agents',
      '/files',
      '/files?include_raw_file_content=true',
      '/files/retrieve-by-path?include_raw_file_content=true',
      `/logs/${log.id}`,
      `/logs?file_id=${agent.id}`,
    ].map((url) =>
      url.includes('by-path') ? api.post(url, { path: 'headers/secret' }) : api.get(url),
    ),
  );
  for (const { statusCode } of answers) expect(statusCode).toBe(200);
  const told = JSON.stringify([agent, log, events, answers.map(({ body }) => body)]);
  expect(told).toContain('***');
  for (const place of [told, await databaseText(api.database), api.logged.join('\n')]) {
    expect(place).not.toContain(secret);
    expect(place).not.toContain(Buffer.from(secret).toString('base64').slice(0, 16));
  }
  expect(told).not.toContain('sealed');
});

it('equal values are one version, whatever the case of the name; another value is another', async () => {
  const path = 'headers/versions';
  const { body: first } = await upsert(path, { 'X-Key': secret, b: 'x' });
  const { body: same } = await upsert(path, { B: 'x', 'x-key': secret });
  const { body: changed } = await upsert(path, { 'X-Key': other, b: 'x' });
  const { body: fewer } = await upsert(path, { b: 'x' });
  expect(same.version_id).toBe(first.version_id);
  expect(new Set([first, changed, fewer].map(({ version_id }) => version_id)).size).toBe(3);
});

it('an answer that is sent back keeps the values that it does not show', async () => {
  const path = 'headers/kept';
  const { body: first } = await upsert(path, { 'x-key': secret });
  const { body: same } = await api.post('/agents', {
    path,
    ...withHeaders({}),
    tools: first.tools,
  });
  expect(same.version_id).toBe(first.version_id);

  const { body: next } = await upsert(path, { 'X-Key': '***', 'x-new': other });
  expect(next.version_id).not.toBe(first.version_id);
  await api.post('/agents/call', {
    id: first.id,
    agent: withHeaders({ 'x-key': '***', 'x-new': '***' }),
    messages: hello,
  });
  expect(own.seen.at(-1)).toMatchObject({ 'x-key': secret, 'x-new': other });

  const { body: newer } = await upsert(path, { 'x-key': other });
  const { body: newest } = await upsert(path, { 'x-key': '***' });
  expect(newest.version_id).toBe(newer.version_id);
});

it('a kept value is that of the same file, server and header; for another there is none', async () => {
  const path = 'headers/bound';
  await upsert(path, { 'x-key': secret });
  const elsewhere = own.url.replace('/mcp', '/other');
  const refusals = await Promise.all([
    upsert(path, { 'x-key': '***' }, elsewhere),
    upsert(path, { 'x-other': '***' }),
    upsert('headers/another-file', { 'x-key': '***' }),
    api.post('/agents/call', {
      path,
      agent: withHeaders({ 'x-key': '***' }, elsewhere),
      messages: hello,
    }),
  ]);
  for (const { statusCode, body } of refusals) {
    expect(statusCode).toBe(422);
    expect(body.detail[0]).toMatchObject({
      loc: ['body', 'tools', 0, 'server', 'headers', expect.stringMatching(/^x-/)],
      msg: 'No earlier version of this file has a value for this header of this server. Send the value itself.',
    });
  }
  expect(
    (await api.post('/files/retrieve-by-path', { path: 'headers/another-file' })).statusCode,
  ).toBe(404);
});

it('an agent in a request has its headers sealed too, and is found again by them', async () => {
  const path = 'headers/inline';
  const agent = withHeaders({ 'x-key': secret });
  const { body: called } = await api.post('/agents/call', { path, agent, messages: hello });
  const { body: again } = await api.post('/agents/call', { path, agent, messages: hello });
  const { body: logged } = await api.post('/agents/log', { path, agent, output: 'Done.' });
  expect(again.agent.version_id).toBe(called.agent.version_id);
  expect(logged.version_id).toBe(called.agent.version_id);
  expect(own.seen.at(-1)).toMatchObject({ 'x-key': secret });
  expect(JSON.stringify([called, again, logged])).not.toContain(secret);
  expect(await databaseText(api.database)).not.toContain(secret);
});

it('the text of an agent shows no value, and read again it is the same version', async () => {
  const path = 'headers/text';
  const { body: agent } = await upsert(path, { 'x-key': secret }, undefined, { template: 'Hello' });
  const { body: text } = await api.get(`/agents/${agent.id}/serialize`);
  expect(text).toContain('***');
  const { body: spec } = await api.post('/agents/deserialize', { agent: text });
  const { body: pushed } = await api.post('/agents', { path, ...spec });
  expect(pushed.version_id).toBe(agent.version_id);
  const { body: called } = await api.post('/agents/call', { path, agent: text, messages: hello });
  expect(called.agent.version_id).toBe(agent.version_id);
});

it.each([
  ['no URL', { url: 'mcp' }, 'url'],
  ['another scheme', { url: 'stdio:/bin/sh' }, 'url'],
  ['a password in its URL', { url: 'https://a:b@example.com/mcp' }, 'url'],
  ['a header of the protocol', { headers: { 'Mcp-Session-Id': 'x' } }, 'Mcp-Session-Id'],
  ['a header of the connection', { headers: { Host: 'internal' } }, 'Host'],
  ['a header that ends another', { headers: { a: 'b\r\nc: d' } }, 'a'],
  ['a header of other characters', { headers: { a: 'ü' } }, 'a'],
  ['a header with blanks around it', { headers: { a: ' b' } }, 'a'],
  ['a header without a name', { headers: { '': 'b' } }, ''],
  ['a header with a blank in its name', { headers: { 'a b': 'c' } }, 'a b'],
  ['a header twice', { headers: { a: 'b', A: 'c' } }, 'A'],
  ['a header that is no text', { headers: { a: { sealed: 'eA==' } } }, 'a'],
  ['an empty header', { headers: { a: '' } }, 'a'],
])('a server with %s is refused', async (_what, server, place) => {
  const tools = [{ type: 'mcp', server: { url: own.url, ...server } }];
  const { statusCode, body } = await api.post('/agents', {
    path: 'headers/bad',
    model: 'm',
    tools,
  });
  expect(statusCode).toBe(422);
  expect(body.detail[0].loc.slice(0, 2)).toEqual(['body', 'tools']);
  expect(body.detail[0].loc.at(-1)).toBe(place);
});

it('a refusal does not repeat what it refuses', async () => {
  const tools = (server: object) => [{ type: 'mcp', server: { url: own.url, ...server } }];
  for (const server of [
    { headers: { a: `${secret}\n` } },
    { headers: { 'content-type': secret } },
    { headers: { a: { value: secret } } },
    { headers: { a: secret.repeat(1_000) } },
    { url: `https://user:${secret}@example.com/` },
  ]) {
    const refused = await api.post('/agents', {
      path: 'headers/bad',
      model: 'm',
      tools: tools(server),
    });
    expect(refused.statusCode).toBe(422);
    expect(JSON.stringify(refused)).not.toContain(secret);
  }
  expect(api.logged.join('\n')).not.toContain(secret);
});

it('two tools that are the same server are refused', async () => {
  const tool = { type: 'mcp', server: { url: own.url } };
  const tools = [tool, { ...tool, server: { url: `${own.url}#again` } }];
  const { statusCode, body } = await api.post('/agents', {
    path: 'headers/two',
    model: 'm',
    tools,
  });
  expect(statusCode).toBe(422);
  expect(body.detail[0].loc).toEqual(['body', 'tools', 1, 'server', 'url']);
});

it('a header that was not sealed cannot be stored, whoever tries', async () => {
  const spec = withHeaders({ 'x-key': secret });
  await expect(
    upsertVersion(api.workspace, agentKind, { path: 'headers/unsealed', spec }),
  ).rejects.toThrow('Headers of servers cannot be given here.');
});

it('a fork with changes keeps the headers of the version that it changes, and shows none', async () => {
  const path = 'headers/forked';
  const { body: agent } = await upsert(path, { 'X-Key': secret });
  const { body: log } = await api.post('/agents/call', { path, messages: hello });
  for (const changes of [{ model: 'another' }, { model: 'a third', tools: agent.tools }]) {
    const before = own.seen.length;
    const { body: fork } = await api.post(`/logs/${log.id}/fork`, { turn: 1, agent: changes });
    expect(fork).toMatchObject({ output: 'Done.', agent: { model: changes.model } });
    expect(fork.agent.tools).toEqual(agent.tools);
    expect(own.seen.slice(before).at(-1)).toMatchObject({ 'x-key': secret });
    expect(JSON.stringify(fork)).not.toContain('sealed');
  }
});
