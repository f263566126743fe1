import { HumanloopError } from 'humanloop';
import { expect, test } from 'vitest';
import { publishedClient } from './published-client.ts';

const { humanloop } = await publishedClient();

const template = [
  { role: 'system' as const, content: 'You help customers of {{ bank }}.' },
  { role: 'assistant' as const, content: 'How can I help, {{name}}?' },
];
const messages = [{ role: 'user' as const, content: 'What is my balance?' }];
const getBalance = {
  name: 'get_balance',
  description: 'The balance of an account.',
  strict: true,
  parameters: { type: 'object', properties: { account: { type: 'string' } } },
};
const scripted = (...script: readonly object[]) => ({
  model: 'scripted',
  provider: 'mock' as const,
  other: { script },
});

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
  const deployed = await humanloop.prompts.setDeployment(id, stagingId, { versionId });
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

test('it calls a prompt: one that is stored, or one that comes with the call', async () => {
  const { id, versionId } = await humanloop.prompts.upsert({
    path: 'called',
    template,
    ...scripted(
      {},
      {
        content: 'One moment.',
        tool_calls: [{ id: 'call_1', name: 'get_balance', arguments: { account: 'A' } }],
        usage: { input_tokens: 20, output_tokens: 5 },
      },
    ),
    tools: [getBalance],
  });
  const inputs = { bank: 'the bank', name: 'Ada' };
  const called = await humanloop.prompts.call({
    id,
    versionId,
    inputs,
    messages,
    toolChoice: 'auto',
    source: 'test',
    metadata: { from: 'here' },
    user: 'ada',
    promptsCallRequestEnvironment: 'night',
    logId: 'called-1',
  });
  expect(called).toMatchObject({
    id: 'called-1',
    logId: 'called-1',
    prompt: { id, versionId, type: 'prompt', versionLogsCount: expect.any(Number) },
    inputs,
    messages,
    toolChoice: 'auto',
    source: 'test',
    metadata: { from: 'here' },
    user: 'ada',
    environment: 'night',
    startTime: expect.any(Date),
    endTime: expect.any(Date),
    logs: [
      {
        index: 0,
        output: 'One moment.',
        outputMessage: {
          role: 'assistant',
          content: 'One moment.',
          toolCalls: [
            { id: 'call_1', function: { name: 'get_balance', arguments: '{"account":"A"}' } },
          ],
        },
        promptTokens: 20,
        outputTokens: 5,
        finishReason: 'tool_calls',
        createdAt: expect.any(Date),
      },
    ],
  });
  const inline = await humanloop.prompts.call({
    path: 'called inline',
    prompt: scripted({ content: 'Twice.' }),
    messages,
    numSamples: 2,
    returnInputs: false,
  });
  expect(inline.inputs).toEqual({});
  expect(inline.logs).toMatchObject([
    { index: 0, output: 'Twice.' },
    { index: 1, output: 'Twice.' },
  ]);
});

test('a call that the model fails is its error, with what the provider said', async () => {
  const failing = { error: { status: 400, message: 'I do not like that.' } };
  const called = humanloop.prompts.call({ path: 'failing', prompt: scripted(failing), messages });
  await expect(called).rejects.toThrow('I do not like that.');
});

test('it reads a call as a stream, piece by piece, of each sample', async () => {
  const words = 'The balance is 42 € – “thanks” 👋 [DONE]';
  const stream = await humanloop.prompts.callStream({
    path: 'streamed',
    prompt: scripted({ content: words, word_delay_ms: 1 }),
    messages,
    numSamples: 2,
    logId: 'streamed-1',
  });
  const said = ['', ''];
  for await (const piece of stream) {
    expect(piece).toMatchObject({
      id: 'streamed-1',
      promptId: expect.any(String),
      versionId: expect.any(String),
      output: expect.any(String),
    });
    said[piece.index] += piece.output ?? '';
  }
  expect(said).toEqual([words, words]);
  expect(await humanloop.logs.get('streamed-1')).toMatchObject({ prompt: { path: 'streamed' } });
});

test('a stream tells of tool calls, and of what went wrong', async () => {
  const streamed = async (path: string, script: readonly object[]) => {
    const stream = await humanloop.prompts.callStream({
      path,
      prompt: { ...scripted(...script), tools: [getBalance] },
      messages,
    });
    return Array.fromAsync(stream);
  };
  const arguments_ = { account: 'A' };
  const calling = await streamed('streamed tools', [
    { tool_calls: [{ id: 'call_1', name: 'get_balance', arguments: arguments_ }] },
  ]);
  expect(calling.at(-1)).toMatchObject({
    output: '',
    outputMessage: {
      toolCalls: [
        { id: 'call_1', function: { name: 'get_balance', arguments: JSON.stringify(arguments_) } },
      ],
    },
    finishReason: 'tool_calls',
    promptTokens: expect.any(Number),
    outputTokens: expect.any(Number),
  });
  const broken = await streamed('streamed failure', [
    { content: 'One moment.', error: { status: 400, message: 'I do not like that.' } },
  ]);
  expect(broken.at(-1)).toMatchObject({
    error: expect.stringContaining('I do not like that.'),
    createdAt: expect.any(Date),
  });
});

test('a stream that cannot begin is an error, whose body is left to be read', async () => {
  const asked = humanloop.prompts.callStream({ path: 'nobody', messages });
  const error = await asked.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(HumanloopError);
  const { statusCode, body } = error as HumanloopError;
  expect(statusCode).toBe(404);
  expect(await new Response(body as ReadableStream).json()).toMatchObject({
    detail: expect.any(String),
    code: 'file_not_found',
  });
});

test('it calls and logs the version of an environment', async () => {
  const { id } = await humanloop.prompts.upsert({ path: 'staged', ...scripted() });
  const { versionId } = await humanloop.prompts.upsert({
    path: 'staged',
    ...scripted({ content: 'Staged.' }),
  });
  const [, staging] = await humanloop.prompts.listEnvironments(id);
  await humanloop.prompts.setDeployment(id, staging?.id ?? '', { versionId });
  const called = await humanloop.prompts.call({
    path: 'staged',
    environment: 'staging',
    messages,
    providerApiKeys: { openai: 'none of yours' },
    startTime: new Date('2025-05-01T12:00:00Z'),
    endTime: new Date('2025-05-01T12:00:01Z'),
    save: false,
  });
  expect(called).toMatchObject({ prompt: { versionId }, logs: [{ output: 'Staged.' }] });
  const logged = await humanloop.prompts.log({ id, environment: 'staging', output: 'Staged.' });
  expect(logged).toMatchObject({ promptId: id, versionId });
  const pinned = await humanloop.prompts.log({ id, versionId, output: 'Staged.' });
  expect(pinned).toMatchObject({ promptId: id, versionId });
});

test('it logs a call that was made elsewhere, and changes the log', async () => {
  const startTime = new Date('2025-05-01T12:00:00.250Z');
  const endTime = new Date('2025-05-01T12:00:01.750Z');
  const logged = await humanloop.prompts.log({
    path: 'logged',
    prompt: { model: 'gpt-4o', template },
    messages,
    outputMessage: { role: 'assistant', content: 'It is 42.' },
    output: 'It is 42.',
    inputs: { bank: 'the bank', name: 'Ada' },
    promptTokens: 20,
    reasoningTokens: 3,
    outputTokens: 5,
    promptCost: 0.01,
    outputCost: 0.02,
    finishReason: 'stop',
    toolChoice: { type: 'function', function: { name: 'get_balance' } },
    startTime,
    endTime,
    createdAt: endTime,
    providerLatency: 1.5,
    stdout: 'printed',
    providerRequest: { model: 'gpt-4o' },
    providerResponse: { id: 'chatcmpl-1' },
    source: 'test',
    metadata: { from: 'here' },
    user: 'ada',
    promptLogRequestEnvironment: 'night',
    save: true,
    logId: 'logged-1',
  });
  expect(logged).toMatchObject({
    id: 'logged-1',
    promptId: expect.any(String),
    versionId: expect.any(String),
  });
  const changed = await humanloop.prompts.updateLog(logged.promptId, logged.id, {
    output: 'It is 43.',
    outputMessage: { role: 'assistant', content: 'It is 43.' },
    promptTokens: 21,
    metadata: { from: 'there' },
    endTime: new Date('2025-05-01T12:00:02.750Z'),
  });
  const expected = {
    id: 'logged-1',
    logId: 'logged-1',
    prompt: {
      id: logged.promptId,
      versionId: logged.versionId,
      type: 'prompt',
      template,
      createdAt: expect.any(Date),
    },
    messages,
    output: 'It is 43.',
    outputMessage: { role: 'assistant', content: 'It is 43.' },
    promptTokens: 21,
    reasoningTokens: 3,
    outputTokens: 5,
    promptCost: 0.01,
    outputCost: 0.02,
    finishReason: 'stop',
    toolChoice: { type: 'function', function: { name: 'get_balance' } },
    startTime,
    endTime: new Date('2025-05-01T12:00:02.750Z'),
    createdAt: endTime,
    providerLatency: 1.5,
    stdout: 'printed',
    providerRequest: { model: 'gpt-4o' },
    providerResponse: { id: 'chatcmpl-1' },
    metadata: { from: 'there' },
    environment: 'night',
    evaluatorLogs: [],
  };
  expect(changed).toMatchObject(expected);
  expect(await humanloop.logs.get('logged-1')).toMatchObject(expected);
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
