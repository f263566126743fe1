import { expect, test } from 'vitest';
import { publishedClient } from './published-client.ts';

const { humanloop } = await publishedClient();

const at = (minute: number) => new Date(Date.UTC(2025, 4, 1, 12, minute));

/** Three logs of one prompt, a minute apart, in two versions. */
const ids = ['first-one', 'second-one', 'third'];
for (const [minute, logId] of ids.entries()) {
  await humanloop.prompts.log({
    path: 'listed',
    prompt: { model: minute === 2 ? 'newer' : 'm' },
    inputs: { question: `Is it ${logId}?` },
    output: `It is the ${logId}.`,
    metadata: { minute },
    createdAt: at(minute),
    logId,
  });
}
const { prompt } = (await humanloop.logs.get('third')) as {
  prompt: { id: string; versionId: string };
};
const fileId = prompt.id;

async function idsOf(request: Omit<Parameters<typeof humanloop.logs.list>[0], 'fileId'>) {
  const { data } = await humanloop.logs.list({ fileId, ...request });
  return data.map(({ id }) => id);
}

test('it lists logs page by page to the end, newest first, and beyond it there is nothing', async () => {
  const page = await humanloop.logs.list({ fileId, size: 2 });
  expect(page.data).toHaveLength(2);
  const listed = await Array.fromAsync(page);
  expect(listed).toMatchObject(
    ids.toReversed().map((id) => ({
      id,
      logId: id,
      createdAt: expect.any(Date),
      evaluatorLogs: [],
      prompt: { id: fileId, type: 'prompt', versionId: expect.any(String) },
    })),
  );
  expect(await idsOf({ page: 3, size: 2 })).toEqual([]);
});

test('its filters narrow the list', async () => {
  expect(await idsOf({ versionId: prompt.versionId })).toEqual(['third']);
  expect(await idsOf({ id: 'first' })).toEqual(['first-one']);
  expect(await idsOf({ id: ['first', 'thi'] })).toEqual(['third', 'first-one']);
  expect(await idsOf({ search: 'THE SECOND' })).toEqual(['second-one']);
  expect(await idsOf({ search: 'Is it third' })).toEqual(['third']);
  expect(await idsOf({ metadataSearch: '"minute": 1' })).toEqual(['second-one']);
  expect(await idsOf({ startDate: at(1) })).toEqual(['third', 'second-one']);
  expect(await idsOf({ endDate: at(1) })).toEqual(['second-one', 'first-one']);
  expect(await idsOf({ inTraceFilter: true })).toEqual([]);
  expect(await idsOf({ inTraceFilter: [true, false] })).toEqual(ids.toReversed());
  expect(await idsOf({ sample: 1_000 })).toEqual(ids.toReversed());
  expect(await idsOf({ versionStatus: 'committed' })).toEqual(ids.toReversed());
});

test('logs of every kind are read as what they are, with those below and those about them', async () => {
  const flow = await humanloop.flows.log({
    path: 'every kind',
    flow: { attributes: {} },
    logStatus: 'incomplete',
  });
  const below = { traceParentId: flow.id };
  const prompted = await humanloop.prompts.log({ path: 'p', prompt: { model: 'm' }, ...below });
  const tooled = await humanloop.tools.log({ path: 't', tool: {}, output: '42', ...below });
  const judged = await humanloop.evaluators.log({
    parentId: tooled.id,
    path: 'e',
    spec: { evaluatorType: 'external', argumentsType: 'target_free', returnType: 'boolean' },
    judgment: true,
  });
  const { data: flows } = await humanloop.logs.list({
    fileId: flow.flowId,
    includeTraceChildren: true,
  });
  expect(flows).toMatchObject([
    {
      flow: { versionId: flow.versionId },
      logStatus: 'incomplete',
      traceChildren: [
        { id: prompted.id, prompt: { versionId: prompted.versionId }, traceFlowId: flow.flowId },
        {
          id: tooled.id,
          tool: { versionId: tooled.versionId },
          evaluatorLogs: [{ judgment: true, evaluator: { versionId: judged.versionId } }],
        },
      ],
    },
  ]);
  const { data: tools } = await humanloop.logs.list({ fileId: tooled.toolId, inTraceFilter: true });
  expect(tools).toMatchObject([{ id: tooled.id, evaluatorLogs: [{ id: judged.id }] }]);
  const { evaluator } = (await humanloop.logs.get(judged.id)) as { evaluator: { id: string } };
  const { data: judgments } = await humanloop.logs.list({
    fileId: evaluator.id,
    includeParent: true,
  });
  expect(judgments).toMatchObject([
    {
      id: judged.id,
      parentId: tooled.id,
      judgment: true,
      parent: { id: tooled.id, output: '42', tool: { versionId: tooled.versionId } },
    },
  ]);
});

test('messages of every form are read', async () => {
  const messages = [
    { role: 'system' as const, content: 'You help.' },
    { role: 'developer' as const, content: 'You help a lot.' },
    {
      role: 'user' as const,
      name: 'ada',
      content: [
        { type: 'text' as const, text: 'What is this?' },
        {
          type: 'image_url' as const,
          imageUrl: { url: 'https://example.com/image.png', detail: 'low' as const },
        },
      ],
    },
    {
      role: 'assistant' as const,
      toolCalls: [
        {
          id: 'call_1',
          type: 'function' as const,
          function: { name: 'look', arguments: '{"closely":true}' },
        },
        { id: 'call_2', type: 'function' as const, function: { name: 'stop' } },
      ],
    },
    { role: 'tool' as const, toolCallId: 'call_1', content: 'A cat.' },
  ];
  const outputMessage = { role: 'assistant' as const, content: 'A cat.' };
  const { id } = await humanloop.prompts.log({
    path: 'messages',
    prompt: { model: 'm', template: messages },
    messages,
    outputMessage,
  });
  expect(await humanloop.logs.get(id)).toMatchObject({
    messages,
    outputMessage,
    output: 'A cat.',
    prompt: { template: messages },
  });
});

test('a log is read whose version was deleted, and one of which nothing was to be stored', async () => {
  const first = await humanloop.prompts.log({ path: 'deleted version', prompt: { model: 'one' } });
  const log = await humanloop.prompts.log({ path: 'deleted version', prompt: { model: 'two' } });
  await humanloop.prompts.deletePromptVersion(first.promptId, log.versionId);
  const { versionId } = log;
  expect(await humanloop.logs.get(log.id)).toMatchObject({ prompt: { model: 'two', versionId } });
  const unsaved = await humanloop.prompts.log({ id: first.promptId, output: 'Hush.', save: false });
  const read = await humanloop.logs.get(unsaved.id);
  expect(read).toMatchObject({ save: false, prompt: { versionId: first.versionId } });
  expect(read.output).toBeUndefined();
  const { data } = await humanloop.logs.list({ fileId: first.promptId });
  expect(data).toMatchObject([
    { id: unsaved.id, prompt: { model: 'one' } },
    { id: log.id, prompt: { model: 'two' } },
    { id: first.id, prompt: { model: 'one' } },
  ]);
});

test('it deletes logs, one or several', async () => {
  const [a, b, c] = await Promise.all(
    ['a', 'b', 'c'].map(() => humanloop.tools.log({ path: 'deleted', tool: {}, output: '42' })),
  );
  await humanloop.logs.delete({ id: a?.id ?? '' });
  await humanloop.logs.delete({ id: [b?.id ?? '', c?.id ?? ''] });
  expect((await humanloop.logs.list({ fileId: a?.toolId ?? '' })).data).toEqual([]);
  await expect(humanloop.logs.get(b?.id ?? '')).rejects.toMatchObject({
    statusCode: 404,
    body: { code: 'log_not_found' },
  });
});
