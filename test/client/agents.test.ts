import { expect, test } from 'vitest';
import { answerTo, callOf, hello, lookup, scripted, stop } from '../support/agents.ts';
import { agentTools, files, membersMatching } from './sdk-unions.ts';
import { sharedServer } from './shared-server.ts';
import { agentsClient, likePython } from './thin-client.ts';

// The eighteen requests about agents, each with an answer that the clients who knew them can parse.

const server = await sharedServer();
const client = agentsClient(`${server.url}/v5`, server.key);

const whole = {
  model: 'claude-3-7-sonnet-latest',
  provider: 'anthropic',
  endpoint: 'chat',
  template: [{ role: 'system', content: 'You help customers of {{bank}}.' }],
  template_language: 'default',
  max_tokens: 100,
  temperature: 0.5,
  top_p: 0.9,
  stop: ['END'],
  presence_penalty: 0.25,
  frequency_penalty: -0.25,
  other: { top_k: 5 },
  seed: 7,
  response_format: { type: 'json_object' },
  reasoning_effort: 1024,
  attributes: { edition: 1 },
  tools: [lookup, stop],
  max_iterations: 3,
};

test('upsert, get: an agent with all that defines one', async () => {
  const stored = await client.upsert({
    path: 'Bank/Teller',
    ...whole,
    version_name: 'v1',
    version_description: 'The first.',
    description: 'Answers customers.',
    tags: ['bank'],
    readme: '# Teller',
  });
  const expected = {
    ...whole,
    type: 'agent',
    path: 'Bank/Teller',
    version_name: 'v1',
    inputs: [{ name: 'bank' }],
    status: 'committed',
    environments: [{ name: 'production', tag: 'default' }],
  };
  expect(stored).toMatchObject(expected);
  expect(membersMatching(files, stored)).toEqual(['agent']);
  expect(await client.get(stored.id)).toEqual(stored);
  const { id, version_id } = stored;
  expect(await client.get(id, { version_id })).toMatchObject(expected);
  expect(await client.get(id, { environment: 'production' })).toMatchObject(expected);
});

test('list: agents of every form, one page after the other until one is empty', async () => {
  await client.upsert({ path: 'listed/least', model: 'm' });
  await client.upsert({ path: 'listed/text', model: 'm', template: 'Hi', stop: 'END' });
  await client.upsert({ path: 'listed/effort', model: 'm', reasoning_effort: 'low' });
  const listed = await Array.fromAsync(client.list({ size: 2, sort_by: 'name', order: 'asc' }));
  expect(listed.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['effort', 'least', 'text']),
  );
});

test('list, patch and delete versions', async () => {
  const path = 'versions';
  const { id } = await client.upsert({ path, model: 'one' });
  const { version_id: versionId } = await client.upsert({ path, model: 'two' });
  const named = await client.patchVersion(id, versionId, { name: 'v2', description: 'Two.' });
  expect(named).toMatchObject({ version_name: 'v2', version_description: 'Two.' });
  expect(await client.patchVersion(id, versionId, {})).toEqual(named);
  const { records } = await client.listVersions(id, { evaluator_aggregates: true });
  expect(records).toMatchObject([
    { model: 'two', environments: [] },
    { model: 'one', environments: [{ name: 'production' }] },
  ]);
  expect((await client.deleteVersion(id, versionId)).status).toBe(204);
  expect((await client.listVersions(id)).records).toHaveLength(1);
});

test('set, list and remove deployments', async () => {
  const path = 'deployed';
  const { id } = await client.upsert({ path, model: 'one' });
  const { version_id } = await client.upsert({ path, model: 'two' });
  const [production, staging] = await client.listEnvironments(id);
  expect(production).toMatchObject({ tag: 'default', file: { type: 'agent', model: 'one' } });
  expect(staging.file).toBeUndefined();
  expect(await client.setDeployment(id, staging.id, { version_id })).toMatchObject({
    version_id,
    environments: [{ name: 'staging' }],
  });
  expect(await client.serialize(id, { environment: 'staging' })).toContain('model: two');
  expect((await client.removeDeployment(id, staging.id)).status).toBe(204);
  const environments = await client.listEnvironments(id);
  expect(environments.map(({ file }: { file?: unknown }) => file !== undefined)).toEqual([
    ...[true, false, false],
  ]);
});

test('update monitoring: by version, and by environment', async () => {
  const { id } = await client.upsert({ path: 'watched', model: 'm' });
  const { body: evaluator } = await server.post('/v5/evaluators', {
    path: 'watching',
    spec: { evaluator_type: 'external', arguments_type: 'target_free', return_type: 'text' },
  });
  const { body: environments } = await server.get(`/v5/evaluators/${evaluator.id}/environments`);
  const watched = await client.updateMonitoring(id, {
    activate: [
      { evaluator_version_id: evaluator.version_id },
      { evaluator_id: evaluator.id, environment_id: environments[0].id },
    ],
  });
  expect(watched.evaluators).toHaveLength(2);
  for (const { version, version_reference, state } of watched.evaluators) {
    expect(state).toBe('active');
    expect(membersMatching(files, version)).toEqual(['evaluator']);
    const referred = version_reference.file ?? version_reference.version;
    expect(membersMatching(files, referred)).toEqual(['evaluator']);
  }
  expect(await client.get(id)).toMatchObject({ evaluators: watched.evaluators });
});

test('serialize, deserialize: the text of an agent, and what it says', async () => {
  const { id } = await client.upsert({ path: 'written', ...whole });
  const agent = await client.serialize(id);
  expect(agent).toMatch(/^---\n/);
  expect(await client.deserialize({ agent })).toMatchObject(whole);
  const least = await client.upsert({ path: 'written least', model: 'm' });
  expect(await client.deserialize({ agent: await client.serialize(least.id) })).toMatchObject({
    model: 'm',
  });
});

test('call, continue: whole, and as a stream', async () => {
  const agent = scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Done.' }]);
  const path = 'called';
  const suspended = await client.call({ path, agent, messages: hello });
  expect(suspended).toMatchObject({ log_status: 'incomplete' });
  const answered = { messages: [answerTo('call_1_1', '42')] };
  const continued = await client.continueCall({
    log_id: suspended.id,
    ...answered,
    include_trace_children: true,
  });
  expect(continued).toMatchObject({ id: suspended.id, output: 'Done.', log_status: 'complete' });
  const events = await Array.fromAsync(client.callStream({ path, messages: hello }, likePython));
  expect(events.at(-1)?.type).toBe('agent_turn_suspend');
  const rest = await Array.fromAsync(
    client.continueStream({ log_id: events.at(-1)?.log_id, ...answered }, likePython),
  );
  expect(rest.at(-1)?.type).toBe('agent_turn_end');
});

test('log, update a log: a run that was made elsewhere', async () => {
  const created = await client.log({
    path: 'logged',
    agent: whole,
    messages: hello,
    tool_choice: { type: 'function', function: { name: 'lookup' } },
    inputs: { bank: 'the bank' },
    start_time: '2025-05-01T12:00:00.250000',
    log_status: 'incomplete',
  });
  expect(created).toMatchObject({ log_status: 'incomplete' });
  const output_message = { role: 'assistant', content: 'Hello.' };
  const updated = await client.updateLog(created.agent_id, created.id, {
    output_message,
    log_status: 'complete',
  });
  const expected = { id: created.id, output_message, output: 'Hello.', log_status: 'complete' };
  expect(updated).toMatchObject(expected);
  expect(await client.getLog(created.id)).toMatchObject({ ...expected, trace_children: [] });
  const text = await client.serialize(created.agent_id);
  const again = await client.log({ id: created.agent_id, agent: text });
  expect(again.version_id).toBe(created.version_id);
});

test('move, delete', async () => {
  const { id } = await client.upsert({ path: 'moved', model: 'm' });
  expect(await client.move(id, { path: 'elsewhere/moved' })).toMatchObject({
    path: 'elsewhere/moved',
  });
  expect(await client.move(id, {})).toMatchObject({ path: 'elsewhere/moved' });
  expect((await client.delete(id)).status).toBe(204);
  await expect(client.get(id)).rejects.toMatchObject({ status: 404 });
});

test('an agent shows the files that its tools are linked to, of every kind that can be', async () => {
  const posted = async (collection: string, body: object) =>
    (await server.post(`/v5/${collection}`, { path: `linked/${collection}`, ...body })).body;
  const kinds = ['prompt', 'tool', 'flow', 'evaluator', 'agent'];
  const linked = [
    await posted('prompts', { model: 'm', template: '{{question}}' }),
    await posted('tools', { function: { name: 't', description: 'A tool.' } }),
    await posted('flows', { attributes: {} }),
    await posted('evaluators', {
      spec: { evaluator_type: 'human', arguments_type: 'target_free', return_type: 'text' },
    }),
    await posted('agents', { model: 'm' }),
  ];
  const [tool] = linked.slice(1);
  await posted('prompts', { model: 'n', linked_tools: [tool.id] });
  const { id } = await client.upsert({
    path: 'linking',
    model: 'm',
    tools: linked.map(({ id: file_id, version_id }) => ({
      type: 'file',
      link: { file_id, version_id },
      on_agent_call: 'continue',
    })),
  });
  const { tools } = await client.get(id);
  for (const [index, one] of tools.entries()) {
    expect(membersMatching(agentTools, one)).toEqual(['linkedFileTool']);
    expect(membersMatching(files, one.file)).toEqual([kinds[index]]);
  }
});

test('files of all kinds are found by path, and listed, each as one member of the union', async () => {
  await server.post('/v5/datasets', { path: 'found/dataset', datapoints: [{ inputs: { a: 1 } }] });
  const listed = await Array.fromAsync(client.listFiles({ size: 5 }));
  const types = new Set<string>();
  for (const record of listed) {
    types.add(record.type);
    expect(membersMatching(files, record)).toEqual([record.type]);
  }
  expect([...types].toSorted()).toEqual([
    ...['agent', 'dataset', 'evaluator', 'flow', 'prompt', 'tool'],
  ]);
  for (const { path, type } of new Map(listed.map((file) => [file.type, file])).values()) {
    const found = await client.retrieveByPath({ path }, { environment: 'production' });
    expect(membersMatching(files, found)).toEqual([type]);
  }
});
