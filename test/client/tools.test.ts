import { expect, test } from 'vitest';
import { publishedClient } from './published-client.ts';

const { humanloop, server } = await publishedClient();

const multiply = {
  name: 'multiply',
  description: 'Multiplies two numbers.',
  strict: true,
  parameters: {
    type: 'object',
    properties: { a: { type: 'number' }, b: { type: 'number' } },
    required: ['a', 'b'],
    additionalProperties: false,
  },
};
const functionOf = (description: string) => ({ name: 'a_tool', description });

test('it stores a tool with all that defines one, and has it back', async () => {
  const definition = {
    function: multiply,
    sourceCode: 'def multiply(a, b): return a * b',
    setupValues: { unit: 'EUR' },
    attributes: { edition: 1 },
  };
  const stored = await humanloop.tools.upsert({
    path: 'Math/multiply',
    ...definition,
    versionName: 'v1',
    versionDescription: 'The first.',
  });
  expect(stored).toMatchObject({
    ...definition,
    path: 'Math/multiply',
    name: 'multiply',
    type: 'tool',
    signature: 'multiply(a, b)',
    versionName: 'v1',
    versionDescription: 'The first.',
    environments: [{ name: 'production', createdAt: expect.any(Date) }],
    versionLogsCount: 0,
    totalLogsCount: 0,
    inputs: expect.any(Array),
    lastUsedAt: expect.any(Date),
  });
  expect(await humanloop.tools.get(stored.id)).toEqual(stored);
  const again = await humanloop.tools.upsert({ id: stored.id, ...definition });
  expect(again.versionId).toBe(stored.versionId);
});

test('a tool says of what type it is, or that follows from what it has', async () => {
  const described = await humanloop.tools.upsert({ path: 'described', function: multiply });
  expect(described.toolType).toBe('json_schema');
  const snippet = await humanloop.tools.upsert({
    path: 'snippet',
    function: functionOf('Opening hours.'),
    setupValues: { parts: [] },
    toolType: 'snippet',
  });
  expect(snippet.toolType).toBe('snippet');
});

test('it lists tools page by page to the end, and beyond it there is nothing', async () => {
  for (const n of [1, 2, 3]) {
    await humanloop.tools.upsert({ path: `listed-${n}`, function: functionOf(`${n}`) });
  }
  const page = await humanloop.tools.list({
    name: 'listed',
    size: 2,
    sortBy: 'name',
    order: 'desc',
  });
  const listed = await Array.fromAsync(page);
  expect(listed.map(({ name }) => name)).toEqual(['listed-3', 'listed-2', 'listed-1']);
  expect((await humanloop.tools.list({ name: 'listed', page: 9 })).data).toEqual([]);
});

test('it lists, names and deletes versions', async () => {
  const path = 'versions';
  const first = await humanloop.tools.upsert({ path, function: functionOf('one') });
  const second = await humanloop.tools.upsert({ path, function: functionOf('two') });
  const target = [first.id, second.versionId] as const;
  expect(await humanloop.tools.updateToolVersion(...target, { name: 'v2' })).toMatchObject({
    versionId: second.versionId,
    versionName: 'v2',
  });
  const { records } = await humanloop.tools.listVersions(first.id);
  expect(records).toMatchObject([
    { function: functionOf('two'), versionName: 'v2', environments: [] },
    { function: functionOf('one'), environments: [{ name: 'production' }] },
  ]);
  await humanloop.tools.deleteToolVersion(...target);
  const left = await humanloop.tools.listVersions(first.id);
  expect(left.records.map(({ versionId }) => versionId)).toEqual([first.versionId]);
});

test('it deploys versions to environments, and takes them away', async () => {
  const path = 'deployed';
  const { id } = await humanloop.tools.upsert({ path, function: functionOf('one') });
  const { versionId } = await humanloop.tools.upsert({ path, function: functionOf('two') });
  const [production, staging] = await humanloop.tools.listEnvironments(id);
  expect(production?.file).toMatchObject({ type: 'tool', versionLogsCount: 0 });
  const stagingId = staging?.id ?? '';
  const deployed = await humanloop.tools.setDeployment(id, stagingId, { versionId });
  expect(deployed).toMatchObject({ versionId, environments: [{ name: 'staging' }] });
  expect((await humanloop.tools.get(id, { environment: 'staging' })).versionId).toBe(versionId);
  await humanloop.tools.removeDeployment(id, stagingId);
  const environments = await humanloop.tools.listEnvironments(id);
  expect(environments.map(({ file }) => file !== undefined)).toEqual([true, false, false]);
});

test('evaluators watch its logs', async () => {
  const { id } = await humanloop.tools.upsert({ path: 'watched', function: multiply });
  const { versionId: evaluatorVersionId } = await humanloop.evaluators.upsert({
    path: 'watching',
    spec: { evaluatorType: 'external', argumentsType: 'target_free', returnType: 'number' },
  });
  const { evaluators } = await humanloop.tools.updateMonitoring(id, {
    activate: [{ evaluatorVersionId }],
  });
  expect(evaluators).toMatchObject([
    {
      versionReference: { type: 'version', version: { versionId: evaluatorVersionId } },
      state: 'active',
    },
  ]);
});

test('it logs a run that was made elsewhere, and changes the log', async () => {
  const startTime = new Date('2025-05-01T12:00:00.250Z');
  const logged = await humanloop.tools.log({
    path: 'logged',
    tool: { function: multiply, sourceCode: 'a * b', setupValues: { unit: 'EUR' } },
    inputs: { a: 6, b: 7 },
    output: '42',
    startTime,
    endTime: startTime,
    providerLatency: 0,
    stdout: 'printed',
    source: 'test',
    metadata: { from: 'here' },
    user: 'ada',
    toolLogRequestEnvironment: 'night',
    logId: 'logged-1',
  });
  expect(logged).toMatchObject({
    id: 'logged-1',
    toolId: expect.any(String),
    versionId: expect.any(String),
  });
  const expected = {
    id: 'logged-1',
    tool: {
      id: logged.toolId,
      versionId: logged.versionId,
      type: 'tool',
      function: multiply,
      setupValues: { unit: 'EUR' },
    },
    inputs: { a: 6, b: 7 },
    output: '43',
    startTime,
    providerLatency: 0,
    stdout: 'printed',
    metadata: { from: 'there' },
    environment: 'night',
    evaluatorLogs: [],
  };
  const changed = await humanloop.tools.update(logged.toolId, logged.id, {
    output: '43',
    metadata: { from: 'there' },
  });
  expect(changed).toMatchObject(expected);
  expect(await humanloop.logs.get(logged.id)).toMatchObject(expected);
});

test('a tool has variables for its code, which this client is too old to set', async () => {
  const { id } = await humanloop.tools.upsert({ path: 'variables', function: multiply });
  const path = `/v5/tools/${id}/environment-variables`;
  const variables = [
    { name: 'TOKEN', value: 'secret' },
    { name: 'UNIT', value: 'EUR' },
  ];
  expect(await server.post(path, variables)).toMatchObject({ status: 200, body: variables });
  expect((await server.get(path)).body).toEqual(variables);
  const left = await server.fetch(`${path}/TOKEN`, {
    method: 'DELETE',
    headers: { 'x-api-key': server.key },
  });
  expect(await left.json()).toEqual(variables.slice(1));
});

test('it moves and deletes a tool', async () => {
  const { id } = await humanloop.tools.upsert({ path: 'moved', function: multiply });
  const moved = await humanloop.tools.move(id, { path: 'elsewhere/moved' });
  expect(moved).toMatchObject({ id, path: 'elsewhere/moved' });
  await humanloop.tools.delete(id);
  await expect(humanloop.tools.get(id)).rejects.toMatchObject({ statusCode: 404 });
});
