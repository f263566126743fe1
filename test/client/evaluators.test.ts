import { expect, test } from 'vitest';
import { publishedClient } from './published-client.ts';

const { humanloop } = await publishedClient();

const external = (attributes: Record<string, unknown> = {}) => ({
  evaluatorType: 'external' as const,
  argumentsType: 'target_free' as const,
  returnType: 'boolean' as const,
  attributes,
});

const specs = {
  python: {
    evaluatorType: 'python' as const,
    argumentsType: 'target_required' as const,
    returnType: 'boolean' as const,
    code: 'def evaluate(log, testcase): return True',
    attributes: { edition: 1 },
  },
  llm: {
    evaluatorType: 'llm' as const,
    argumentsType: 'target_free' as const,
    returnType: 'boolean' as const,
    prompt: { model: 'gpt-4o', template: 'Is {{log.output}} polite?', temperature: 0.5 },
  },
  human: {
    evaluatorType: 'human' as const,
    argumentsType: 'target_free' as const,
    returnType: 'multi_select' as const,
    instructions: 'Say what is the matter with it.',
    options: [
      { name: 'rude', valence: 'negative' as const },
      { name: 'short', valence: 'neutral' as const },
    ],
  },
  external: {
    evaluatorType: 'external' as const,
    argumentsType: 'target_free' as const,
    returnType: 'number' as const,
    numberLimits: { min: 0, max: 1, step: 0.25 },
    numberValence: 'positive' as const,
  },
};

test.each(Object.entries(specs))(
  'it stores an evaluator that judges by %s means, and has it back',
  async (type, spec) => {
    const stored = await humanloop.evaluators.upsert({
      path: `Judges/${type}`,
      spec,
      versionName: 'v1',
      versionDescription: 'The first.',
    });
    expect(stored).toMatchObject({
      path: `Judges/${type}`,
      name: type,
      type: 'evaluator',
      spec,
      versionName: 'v1',
      versionDescription: 'The first.',
      environments: [{ name: 'production', createdAt: expect.any(Date) }],
      versionLogsCount: 0,
      totalLogsCount: 0,
      inputs: expect.any(Array),
      lastUsedAt: expect.any(Date),
    });
    expect(await humanloop.evaluators.get(stored.id)).toEqual(stored);
    const again = await humanloop.evaluators.upsert({ id: stored.id, spec });
    expect(again.versionId).toBe(stored.versionId);
  },
);

test('it lists evaluators page by page to the end, and beyond it there is nothing', async () => {
  for (const n of [1, 2, 3]) {
    await humanloop.evaluators.upsert({ path: `listed-${n}`, spec: external() });
  }
  const page = await humanloop.evaluators.list({ name: 'listed', size: 2, sortBy: 'name' });
  const listed = await Array.fromAsync(page);
  expect(listed.map(({ name }) => name)).toEqual(['listed-3', 'listed-2', 'listed-1']);
  expect((await humanloop.evaluators.list({ name: 'listed', page: 3, size: 2 })).data).toEqual([]);
});

test('it lists, names and deletes versions', async () => {
  const path = 'versions';
  const first = await humanloop.evaluators.upsert({ path, spec: external({ n: 1 }) });
  const second = await humanloop.evaluators.upsert({ path, spec: external({ n: 2 }) });
  const target = [first.id, second.versionId] as const;
  const named = await humanloop.evaluators.updateEvaluatorVersion(...target, { name: 'v2' });
  expect(named).toMatchObject({ versionId: second.versionId, versionName: 'v2' });
  const { records } = await humanloop.evaluators.listVersions(first.id);
  expect(records).toMatchObject([
    { spec: external({ n: 2 }), versionName: 'v2', environments: [] },
    { spec: external({ n: 1 }), environments: [{ name: 'production' }] },
  ]);
  await humanloop.evaluators.deleteEvaluatorVersion(...target);
  const left = await humanloop.evaluators.listVersions(first.id);
  expect(left.records.map(({ versionId }) => versionId)).toEqual([first.versionId]);
});

test('it deploys versions to environments, and takes them away', async () => {
  const path = 'deployed';
  const { id } = await humanloop.evaluators.upsert({ path, spec: external({ n: 1 }) });
  const { versionId } = await humanloop.evaluators.upsert({ path, spec: external({ n: 2 }) });
  const [production, staging] = await humanloop.evaluators.listEnvironments(id);
  expect(production?.file).toMatchObject({ type: 'evaluator', spec: external({ n: 1 }) });
  const stagingId = staging?.id ?? '';
  const deployed = await humanloop.evaluators.setDeployment(id, stagingId, { versionId });
  expect(deployed).toMatchObject({ versionId, environments: [{ name: 'staging' }] });
  const got = await humanloop.evaluators.get(id, { environment: 'staging' });
  expect(got.versionId).toBe(versionId);
  await humanloop.evaluators.removeDeployment(id, stagingId);
  const environments = await humanloop.evaluators.listEnvironments(id);
  expect(environments.map(({ file }) => file !== undefined)).toEqual([true, false, false]);
});

test('evaluators watch the logs of another', async () => {
  const { id } = await humanloop.evaluators.upsert({ path: 'watched', spec: external() });
  const watching = await humanloop.evaluators.upsert({ path: 'watching', spec: external() });
  const [production] = await humanloop.evaluators.listEnvironments(watching.id);
  const { evaluators } = await humanloop.evaluators.updateMonitoring(id, {
    activate: [{ evaluatorId: watching.id, environmentId: production?.id ?? '' }],
  });
  expect(evaluators).toMatchObject([
    {
      versionReference: {
        type: 'environment',
        file: { versionId: watching.versionId },
        environment: { name: 'production', createdAt: expect.any(Date) },
      },
      version: { versionId: watching.versionId },
      state: 'active',
    },
  ]);
});

test.each([
  ['boolean', true],
  ['number', 0.5],
  ['select', 'short'],
  ['multi_select', ['short', 'rude']],
  ['text', 'Could be shorter.'],
] as const)(
  'it logs judgments, here a %s, and finds them at the log judged',
  async (returnType, judgment) => {
    const judged = await humanloop.prompts.log({
      path: 'judged',
      prompt: { model: 'm' },
      output: 'No.',
    });
    const logged = await humanloop.evaluators.log({
      parentId: judged.id,
      path: `judging/${returnType}`,
      spec: {
        evaluatorType: 'human',
        argumentsType: 'target_free',
        returnType,
        ...(returnType.endsWith('select') ? { options: specs.human.options } : {}),
      },
      judgment: typeof judgment === 'object' ? [...judgment] : judgment,
      markedCompleted: true,
      stdout: 'printed',
      metadata: { from: 'here' },
      createEvaluatorLogRequestEnvironment: 'night',
    });
    expect(logged).toMatchObject({
      id: expect.any(String),
      parentId: judged.id,
      versionId: expect.any(String),
    });
    const expected = {
      id: logged.id,
      parentId: judged.id,
      judgment,
      markedCompleted: true,
      stdout: 'printed',
      environment: 'night',
      evaluator: {
        type: 'evaluator',
        path: `judging/${returnType}`,
        versionId: logged.versionId,
        spec: { evaluatorType: 'human', returnType },
      },
    };
    const { evaluatorLogs } = await humanloop.logs.get(judged.id);
    expect(evaluatorLogs).toMatchObject([expected]);
    expect(await humanloop.logs.get(logged.id)).toMatchObject(expected);
  },
);

test('an evaluator that failed says so in place of a judgment', async () => {
  const judged = await humanloop.tools.log({ path: 'judged tool', tool: {}, output: 'No.' });
  const { id } = await humanloop.evaluators.log({
    parentId: judged.id,
    path: 'failing',
    spec: external(),
    error: 'There is no output.',
  });
  const log = await humanloop.logs.get(id);
  expect(log).toMatchObject({ error: 'There is no output.', evaluator: { path: 'failing' } });
});

test('it moves and deletes an evaluator', async () => {
  const { id } = await humanloop.evaluators.upsert({ path: 'moved', spec: external() });
  const moved = await humanloop.evaluators.move(id, { path: 'elsewhere/moved' });
  expect(moved).toMatchObject({ id, path: 'elsewhere/moved' });
  await humanloop.evaluators.delete(id);
  await expect(humanloop.evaluators.get(id)).rejects.toMatchObject({ statusCode: 404 });
});
