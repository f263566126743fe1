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
