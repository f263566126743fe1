import { expect, test } from 'vitest';
import type { RunStep } from '../../src/logs/run-step.ts';
import { readRunTree } from '../../src/logs/run-tree.ts';
import { answerTo, callOf, hello, lookup, scripted, stop } from '../support/agents.ts';
import { testApp } from '../support/app.ts';

const api = await testApp();

test('a run is a tree: model calls, below each the tools that it called, nested runs below those', async () => {
  const asker = await fileAt('prompts', 'tree/Ask', {
    provider: 'mock',
    model: 'asked',
    template: [{ role: 'user', content: 'Ask: {{question}}' }],
    other: { script: [{ content: 'asked', usage: { input_tokens: 5, output_tokens: 7 } }] },
  });
  const inner = await fileAt(
    'agents',
    'tree/Inner',
    scripted([{ tool_calls: [callOf('ask', { question: 'x' })] }, { content: 'from within' }], {
      tools: [linkTo(asker)],
    }),
  );
  const outer = scripted(
    [
      { tool_calls: [callOf('inner', {}), callOf('lookup', { key: 'k' })] },
      { tool_calls: [callOf('stop', { output: 'done' })] },
    ],
    { tools: [linkTo(inner), lookup, stop] },
  );
  const { body: waiting } = await call('agents', { path: 'tree/outer', agent: outer });
  expect(await drawn(waiting.id)).toEqual([
    'tree/outer (agent, suspended)',
    '  mock (model call 1)',
    '    tree/Inner (agent) = from within',
    '      mock (model call 1)',
    '        tree/Ask (prompt) = asked',
    '      mock (model call 2) = from within',
    '    lookup {"key":"k"} (your tool, suspended)',
  ]);
  const messages = [answerTo('call_1_2', 'v')];
  await api.post('/agents/continue', { log_id: waiting.id, messages });
  expect(await drawn(waiting.id)).toEqual([
    'tree/outer (agent) = done',
    '  mock (model call 1)',
    '    tree/Inner (agent) = from within',
    '      mock (model call 1)',
    '        tree/Ask (prompt) = asked',
    '      mock (model call 2) = from within',
    '    lookup {"key":"k"} (your tool) = v',
    '  mock (model call 2)',
    '    stop {"output":"done"} (ends the run)',
  ]);
});

test('times, tokens and costs are those of the logs, and the total counts each once', async () => {
  const costs = { prompt_tokens: 10, output_tokens: 4, prompt_cost: 0.25, output_cost: 0.5 };
  const flow = await logged('flows', {
    path: 'tree/flow',
    flow: { attributes: { version: 1 } },
    start_time: '2026-05-01T12:00:00Z',
    end_time: '2026-05-01T12:00:03.5Z',
  });
  const prompt = { path: 'tree/prompt', prompt: { model: 'gpt-4o' }, trace_parent_id: flow.id };
  await logged('prompts', {
    ...prompt,
    ...costs,
    output: 'late',
    start_time: '2026-05-01T12:00:02Z',
  });
  const first = await logged('prompts', {
    ...prompt,
    output: 'early',
    start_time: '2026-05-01T12:00:01Z',
  });
  await logged('prompts', {
    ...prompt,
    output: 'latest',
    start_time: '2026-05-01T12:00:03Z',
  });
  await logged('tools', {
    path: 'tree/tool',
    tool: { function: { name: 'add', description: 'Adds.' } },
    inputs: { a: 1 },
    error: 'cannot add',
    trace_parent_id: first.id,
  });
  expect(await drawn(flow.id)).toEqual([
    'tree/flow (flow)',
    '  tree/prompt (prompt) = early',
    '    tree/tool {"a":1} (tool) ! cannot add',
    '  tree/prompt (prompt) = late',
    '  tree/prompt (prompt) = latest',
  ]);
  const { root, total } = await readRunTree(api.workspace, flow.id);
  expect(root).toMatchObject({
    seconds: 3.5,
    startedAt: '2026-05-01T12:00:00.000000Z',
    cost: null,
  });
  expect(root.below[1]).toMatchObject({ inputTokens: 10, outputTokens: 4, cost: 0.75 });
  expect(total).toEqual({ inputTokens: 10, outputTokens: 4, cost: 0.75, logsWithoutCost: 2 });
});

test('a run that failed, one that was cancelled, samples and what is not stored are told as they are', async () => {
  const error = { status: 400, message: 'no such model' };
  const failing = scripted([{ error }]);
  await call('agents', { path: 'tree/failing', agent: failing, log_id: 'tree-failed' });
  expect(await drawn('tree-failed')).toEqual([
    expect.stringMatching(/^tree\/failing \(agent\) ! .*no such model/),
  ]);

  const asking = scripted([{ tool_calls: [callOf('lookup', { key: 'k' })] }]);
  await call('agents', { path: 'tree/asking', agent: asking, log_id: 'tree-cancelled' });
  await api.post('/logs/tree-cancelled/cancel');
  expect(await drawn('tree-cancelled')).toEqual([
    'tree/asking (agent) ! cancelled',
    '  mock (model call 1)',
    '    lookup {"key":"k"} (tool)',
  ]);

  const prompt = { provider: 'mock', model: 'any', template: [{ role: 'user', content: 'x' }] };
  const { body: twice } = await call('prompts', { path: 'tree/twice', prompt, num_samples: 2 });
  expect(await drawn(twice.id)).toEqual([
    expect.stringMatching(/^tree\/twice \(prompt\)/),
    expect.stringMatching(/^ {2}any \(sample 1\) = /),
    expect.stringMatching(/^ {2}any \(sample 2\) = /),
  ]);

  const broken = { ...prompt, other: { script: [{ error }] } };
  const both = { num_samples: 2, log_id: 'tree-refused' };
  await call('prompts', { path: 'tree/refused', prompt: broken, ...both });
  expect(await drawn('tree-refused')).toEqual([
    'tree/refused (prompt) ! Mock answered 400: no such model',
    '  no model (sample 1) ! Mock answered 400: no such model',
    '  no model (sample 2) ! Mock answered 400: no such model',
  ]);

  const unsaved = { path: 'tree/unsaved', agent: asking, save: false };
  const { body } = await call('agents', unsaved);
  expect(await drawn(body.id)).toEqual([
    'tree/unsaved (agent, suspended)',
    '  mock (model call 1)',
  ]);
});

test('there is no tree of a log that is not there', async () => {
  await expect(readRunTree(api.workspace, 'log_none')).rejects.toMatchObject({
    code: 'log_not_found',
  });
});

/** The tree as lines: what each step is, what it was asked, and what came of it. */
async function drawn(id: string): Promise<readonly string[]> {
  return linesOf((await readRunTree(api.workspace, id)).root);
}

function linesOf(step: RunStep, indent = ''): readonly string[] {
  const { name, kind, state, asked, said, error } = step;
  const isOpen = state !== null && state !== 'complete';
  const words = [
    name,
    ...(asked === null || asked === '{}' ? [] : [asked]),
    `(${kind}${isOpen ? `, ${state}` : ''})`,
    ...(error === null ? [] : ['!', error]),
    ...(said === null ? [] : ['=', said]),
  ];
  const below = step.below.flatMap((child) => linesOf(child, `${indent}  `));
  return [indent + words.join(' '), ...below];
}

function call(collection: string, body: object) {
  return api.post(`/${collection}/call`, { messages: hello, ...body });
}

async function logged(collection: string, body: object) {
  return (await api.post(`/${collection}/log`, body)).body;
}

async function fileAt(collection: string, path: string, spec: object): Promise<string> {
  return (await api.post(`/${collection}`, { path, ...spec })).body.id;
}

function linkTo(fileId: string) {
  return { type: 'file', link: { file_id: fileId }, on_agent_call: 'continue' };
}
