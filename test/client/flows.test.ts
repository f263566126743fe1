import { expect, test } from 'vitest';
import { publishedClient } from './published-client.ts';

const { humanloop } = await publishedClient();

test('it stores a flow with what defines one, and has it back', async () => {
  const attributes = { prompt: { template: 'Hello {{name}}' }, steps: [1, 2] };
  const stored = await humanloop.flows.upsert({
    path: 'Flows/greeting',
    attributes,
    versionName: 'v1',
    versionDescription: 'The first.',
  });
  expect(stored).toMatchObject({
    path: 'Flows/greeting',
    name: 'greeting',
    type: 'flow',
    attributes,
    versionName: 'v1',
    versionDescription: 'The first.',
    environments: [{ name: 'production', createdAt: expect.any(Date) }],
    versionLogsCount: 0,
    lastUsedAt: expect.any(Date),
  });
  expect(await humanloop.flows.get(stored.id)).toEqual(stored);
  const again = await humanloop.flows.upsert({ id: stored.id, attributes });
  expect(again.versionId).toBe(stored.versionId);
});

test('it lists flows page by page to the end, and beyond it there is nothing', async () => {
  for (const n of [1, 2, 3]) await humanloop.flows.upsert({ path: `listed-${n}`, attributes: {} });
  const page = await humanloop.flows.list({ name: 'listed', size: 2, sortBy: 'name' });
  const listed = await Array.fromAsync(page);
  expect(listed.map(({ name }) => name)).toEqual(['listed-3', 'listed-2', 'listed-1']);
  expect((await humanloop.flows.list({ name: 'listed', page: 3, size: 2 })).data).toEqual([]);
});

test('it lists, names and deletes versions', async () => {
  const path = 'versions';
  const first = await humanloop.flows.upsert({ path, attributes: { n: 1 } });
  const second = await humanloop.flows.upsert({ path, attributes: { n: 2 } });
  const target = [first.id, second.versionId] as const;
  expect(await humanloop.flows.updateFlowVersion(...target, { name: 'v2' })).toMatchObject({
    versionId: second.versionId,
    versionName: 'v2',
  });
  const { records } = await humanloop.flows.listVersions(first.id, { evaluatorAggregates: false });
  expect(records).toMatchObject([
    { attributes: { n: 2 }, versionName: 'v2', environments: [] },
    { attributes: { n: 1 }, environments: [{ name: 'production' }] },
  ]);
  await humanloop.flows.deleteFlowVersion(...target);
  const left = await humanloop.flows.listVersions(first.id);
  expect(left.records.map(({ versionId }) => versionId)).toEqual([first.versionId]);
});

test('it deploys versions to environments, and takes them away', async () => {
  const path = 'deployed';
  const { id } = await humanloop.flows.upsert({ path, attributes: { n: 1 } });
  const { versionId } = await humanloop.flows.upsert({ path, attributes: { n: 2 } });
  const [production, staging] = await humanloop.flows.listEnvironments(id);
  expect(production?.file).toMatchObject({ type: 'flow', versionLogsCount: 0 });
  const stagingId = staging?.id ?? '';
  const deployed = await humanloop.flows.setDeployment(id, stagingId, { versionId });
  expect(deployed).toMatchObject({ versionId, environments: [{ name: 'staging' }] });
  expect((await humanloop.flows.get(id, { environment: 'staging' })).versionId).toBe(versionId);
  await humanloop.flows.removeDeployment(id, stagingId);
  const environments = await humanloop.flows.listEnvironments(id);
  expect(environments.map(({ file }) => file !== undefined)).toEqual([true, false, false]);
});

test('evaluators watch its logs', async () => {
  const { id } = await humanloop.flows.upsert({ path: 'watched', attributes: {} });
  const { versionId: evaluatorVersionId } = await humanloop.evaluators.upsert({
    path: 'watching',
    spec: { evaluatorType: 'external', argumentsType: 'target_free', returnType: 'text' },
  });
  const { evaluators } = await humanloop.flows.updateMonitoring(id, {
    activate: [{ evaluatorVersionId }],
  });
  expect(evaluators).toMatchObject([
    { versionReference: { version: { versionId: evaluatorVersionId } }, state: 'active' },
  ]);
});

test('it opens a trace, logs steps below it, and completes it', async () => {
  const messages = [{ role: 'user' as const, content: 'What is six by seven?' }];
  const flow = await humanloop.flows.log({
    path: 'traced',
    flow: { attributes: { edition: 1 } },
    inputs: { question: messages[0]?.content },
    messages,
    startTime: new Date('2025-05-01T12:00:00.250Z'),
    logStatus: 'incomplete',
    metadata: { from: 'here' },
    flowLogRequestEnvironment: 'night',
  });
  expect(flow).toMatchObject({
    id: expect.any(String),
    flowId: expect.any(String),
    versionId: expect.any(String),
    logStatus: 'incomplete',
  });
  const prompt = await humanloop.prompts.log({
    path: 'traced prompt',
    prompt: { model: 'm' },
    output: 'multiply',
    traceParentId: flow.id,
  });
  const tool = await humanloop.tools.log({
    path: 'traced tool',
    tool: { function: { name: 'multiply', description: 'Multiplies.' } },
    output: '42',
    traceParentId: prompt.id,
  });
  const outputMessage = { role: 'assistant' as const, content: 'It is 42.' };
  const completed = await humanloop.flows.updateLog(flow.id, {
    messages,
    outputMessage,
    inputs: { question: 'What is 6 * 7?' },
    output: 'It is 42.',
    logStatus: 'complete',
  });
  const expected = {
    id: flow.id,
    flow: {
      id: flow.flowId,
      versionId: flow.versionId,
      type: 'flow',
      attributes: { edition: 1 },
      createdAt: expect.any(Date),
    },
    messages,
    outputMessage,
    output: 'It is 42.',
    inputs: { question: 'What is 6 * 7?' },
    logStatus: 'complete',
    environment: 'night',
    endTime: expect.any(Date),
    traceId: flow.id,
    evaluatorLogs: [],
  };
  expect(completed).toMatchObject(expected);
  const below = { traceId: flow.id, traceFlowId: flow.flowId };
  expect(await humanloop.logs.get(flow.id)).toMatchObject({
    ...expected,
    traceChildren: [
      {
        ...below,
        id: prompt.id,
        traceParentId: flow.id,
        prompt: { path: 'traced prompt', type: 'prompt', totalLogsCount: expect.any(Number) },
        traceChildren: [
          {
            ...below,
            id: tool.id,
            traceParentId: prompt.id,
            tool: { path: 'traced tool', type: 'tool' },
            output: '42',
          },
        ],
      },
    ],
  });
});

test('a log with an error in it is complete as well', async () => {
  const { id } = await humanloop.flows.log({
    path: 'failed',
    flow: { attributes: {} },
    inputs: {},
    error: 'It broke.',
    logStatus: 'complete',
  });
  expect(await humanloop.logs.get(id)).toMatchObject({
    flow: { path: 'failed' },
    error: 'It broke.',
    logStatus: 'complete',
    traceChildren: [],
  });
});

test('it moves and deletes a flow', async () => {
  const { id } = await humanloop.flows.upsert({ path: 'moved', attributes: {} });
  const moved = await humanloop.flows.move(id, { path: 'elsewhere/moved' });
  expect(moved).toMatchObject({ id, path: 'elsewhere/moved' });
  const { id: directoryId } = await humanloop.directories.create({ path: 'another' });
  expect(await humanloop.flows.move(id, { directoryId, name: 'renamed' })).toMatchObject({
    path: 'another/renamed',
    directoryId,
  });
  await humanloop.flows.delete(id);
  await expect(humanloop.flows.get(id)).rejects.toMatchObject({ statusCode: 404 });
});
