import { expect, test } from 'vitest';
import { publishedClient } from './published-client.ts';

const { humanloop } = await publishedClient();

const template = [
  { role: 'system' as const, content: 'You help customers of {{ bank }}.' },
  { role: 'assistant' as const, content: 'How can I help, {{name}}?' },
];
const getBalance = {
  name: 'get_balance',
  description: 'The balance of an account.',
  strict: true,
  parameters: { type: 'object', properties: { account: { type: 'string' } } },
};

test('it stores a prompt with all that defines one, and has it back', async () => {
  const { id: toolId } = await humanloop.tools.upsert({
    path: 'Bank/Balance',
    function: getBalance,
  });
  const definition = {
    model: 'gpt-4o',
    provider: 'openai' as const,
    endpoint: 'chat' as const,
    template,
    templateLanguage: 'default' as const,
    maxTokens: 100,
    temperature: 0.5,
    topP: 0.9,
    stop: ['\n', 'END'],
    presencePenalty: 0.25,
    frequencyPenalty: -0.25,
    other: { logit_bias: { 50256: -100 } },
    seed: 7,
    responseFormat: { type: 'json_schema' as const, jsonSchema: { name: 'answer', schema: {} } },
    reasoningEffort: 'low' as const,
    tools: [getBalance],
    attributes: { edition: 1 },
  };
  const stored = await humanloop.prompts.upsert({
    path: 'Bank/Teller',
    ...definition,
    linkedTools: [toolId],
    versionName: 'v1',
    versionDescription: 'The first.',
    description: 'Answers customers.',
    tags: ['bank'],
    readme: '# Teller',
  });
  expect(stored).toMatchObject({
    ...definition,
    path: 'Bank/Teller',
    name: 'Teller',
    type: 'prompt',
    versionName: 'v1',
    versionDescription: 'The first.',
    description: 'Answers customers.',
    tags: ['bank'],
    readme: '# Teller',
    inputs: [{ name: 'bank' }, { name: 'name' }],
    linkedTools: [{ ...getBalance, id: toolId, versionId: expect.any(String) }],
    environments: [{ name: 'production', tag: 'default', createdAt: expect.any(Date) }],
    versionLogsCount: 0,
    totalLogsCount: 0,
    createdAt: expect.any(Date),
    updatedAt: expect.any(Date),
    lastUsedAt: expect.any(Date),
    directoryId: expect.any(String),
    createdBy: expect.anything(),
  });
  expect(await humanloop.prompts.get(stored.id)).toEqual(stored);
  const again = await humanloop.prompts.upsert({
    id: stored.id,
    ...definition,
    linkedTools: [toolId],
  });
  expect(again.versionId).toBe(stored.versionId);
});

test('a model alone makes a prompt, and a template may be a text', async () => {
  const least = await humanloop.prompts.upsert({ path: 'least', model: 'gpt-4o' });
  expect(least).toMatchObject({ name: 'least', model: 'gpt-4o', inputs: [] });
  expect(least.template).toBeUndefined();
  const completing = await humanloop.prompts.upsert({
    path: 'completing',
    model: 'gpt-3.5-turbo-instruct',
    endpoint: 'complete',
    template: 'Continue: {{text}}',
    stop: '\n',
    reasoningEffort: 'high',
  });
  expect(completing).toMatchObject({ template: 'Continue: {{text}}', stop: '\n' });
});

test('it lists prompts page by page to the end, and beyond it there is nothing', async () => {
  const names = ['one', 'two', 'three', 'four', 'five'];
  for (const name of names) await humanloop.prompts.upsert({ path: `listed-${name}`, model: 'm' });
  const page = await humanloop.prompts.list({
    name: 'LISTED-',
    size: 2,
    sortBy: 'created_at',
    order: 'asc',
  });
  expect(page.data).toHaveLength(2);
  const listed = await Array.fromAsync(page);
  expect(listed.map(({ name }) => name)).toEqual(names.map((name) => `listed-${name}`));
  const beyond = await humanloop.prompts.list({ name: 'listed-', page: 4, size: 2 });
  expect(beyond.data).toEqual([]);
  const strangers = await humanloop.prompts.list({ userFilter: 'nobody@example.com' });
  expect(strangers.data).toEqual([]);
});

test('it lists, names and deletes versions', async () => {
  const path = 'versions';
  const first = await humanloop.prompts.upsert({ path, model: 'one' });
  const second = await humanloop.prompts.upsert({ path, model: 'two' });
  const named = await humanloop.prompts.patchPromptVersion(first.id, second.versionId, {
    name: 'v2',
    description: 'The second.',
  });
  expect(named).toMatchObject({
    versionId: second.versionId,
    versionName: 'v2',
    versionDescription: 'The second.',
  });
  const { records } = await humanloop.prompts.listVersions(first.id, { evaluatorAggregates: true });
  expect(records).toMatchObject([
    { model: 'two', versionName: 'v2', environments: [] },
    { model: 'one', environments: [{ name: 'production' }] },
  ]);
  await humanloop.prompts.deletePromptVersion(first.id, second.versionId);
  const left = await humanloop.prompts.listVersions(first.id);
  expect(left.records.map(({ versionId }) => versionId)).toEqual([first.versionId]);
});

test('it deploys versions to environments, and takes them away', async () => {
  const path = 'deployed';
  const { id } = await humanloop.prompts.upsert({ path, model: 'one' });
  const { versionId } = await humanloop.prompts.upsert({ path, model: 'two' });
  const [production, staging] = await humanloop.prompts.listEnvironments(id);
  expect(production).toMatchObject({
    name: 'production',
    tag: 'default',
    createdAt: expect.any(Date),
    file: { type: 'prompt', model: 'one', versionLogsCount: 0 },
  });
  expect(staging).toMatchObject({ name: 'staging', tag: 'other' });
  expect(staging?.file).toBeUndefined();
  const stagingId = staging?.id ?? '';
  const named = await humanloop.prompts.setDeployment(id, 'staging', { versionId });
  const deployed = await humanloop.prompts.setDeployment(id, stagingId, { versionId });
  expect(deployed).toEqual(named);
  expect(deployed).toMatchObject({ versionId, environments: [{ name: 'staging' }] });
  expect(await humanloop.prompts.get(id, { environment: 'staging' })).toMatchObject({
    model: 'two',
  });
  expect(await humanloop.prompts.get(id, { versionId })).toMatchObject({ model: 'two' });
  expect(await humanloop.prompts.get(id)).toMatchObject({ model: 'one' });
  await humanloop.prompts.removeDeployment(id, stagingId);
  const environments = await humanloop.prompts.listEnvironments(id);
  expect(environments.map(({ file }) => file !== undefined)).toEqual([true, false, false]);
});

test('evaluators watch its logs: one version of them, or what an environment has', async () => {
  const { id } = await humanloop.prompts.upsert({ path: 'watched', model: 'm' });
  const evaluator = await humanloop.evaluators.upsert({
    path: 'watching',
    spec: { evaluatorType: 'human', argumentsType: 'target_free', returnType: 'boolean' },
  });
  const [production] = await humanloop.evaluators.listEnvironments(evaluator.id);
  const deployed = { evaluatorId: evaluator.id, environmentId: production?.id ?? '' };
  const pinned = { evaluatorVersionId: evaluator.versionId };
  const { evaluators } = await humanloop.prompts.updateMonitoring(id, {
    activate: [pinned, deployed],
  });
  const version = { type: 'evaluator', versionId: evaluator.versionId, versionLogsCount: 0 };
  const times = { createdAt: expect.any(Date), updatedAt: expect.any(Date) };
  expect(evaluators).toHaveLength(2);
  expect(evaluators).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        versionReference: expect.objectContaining({ version: expect.objectContaining(version) }),
        version: expect.objectContaining(version),
        state: 'active',
        ...times,
      }),
      expect.objectContaining({
        versionReference: expect.objectContaining({
          file: expect.objectContaining(version),
          environment: expect.objectContaining({ name: 'production', createdAt: expect.any(Date) }),
        }),
        state: 'active',
        ...times,
      }),
    ]),
  );
  const stopped = await humanloop.prompts.updateMonitoring(id, { deactivate: [pinned] });
  expect(stopped.evaluators?.map(({ state }) => state).toSorted()).toEqual(['active', 'inactive']);
});

test('it fills in a template', async () => {
  const { id, versionId } = await humanloop.prompts.upsert({
    path: 'populated',
    model: 'm',
    template,
  });
  const populated = await humanloop.prompts.populate(id, {
    versionId,
    body: { bank: 'the bank', name: 'Ada' },
  });
  expect(populated).toMatchObject({
    id,
    template,
    populatedTemplate: [
      { role: 'system', content: 'You help customers of the bank.' },
      { role: 'assistant', content: 'How can I help, Ada?' },
    ],
  });
});

test('it moves and deletes a prompt', async () => {
  const { id } = await humanloop.prompts.upsert({ path: 'moved', model: 'm' });
  expect(await humanloop.prompts.move(id, { path: 'elsewhere/moved' })).toMatchObject({
    id,
    path: 'elsewhere/moved',
  });
  expect(await humanloop.prompts.move(id, { name: 'renamed' })).toMatchObject({
    path: 'elsewhere/renamed',
    name: 'renamed',
  });
  await humanloop.prompts.delete(id);
  await expect(humanloop.prompts.get(id)).rejects.toMatchObject({ statusCode: 404 });
});
