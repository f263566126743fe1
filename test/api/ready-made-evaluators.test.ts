import { describe, expect, test } from 'vitest';
import { addReadyMade } from '../../src/ready-made/add-ready-made.ts';
import { readyMadeEvaluators } from '../../src/ready-made/evaluators.ts';
import { testApp } from '../support/app.ts';

const { workspace, post } = await testApp();
await addReadyMade(workspace);

const question = { role: 'user', content: 'Where is my parcel?' };
const { body: log } = await post('/agents/call', {
  path: 'Support/Agent',
  agent: {
    provider: 'mock',
    model: 'scripted',
    other: {
      script: [{ tool_calls: [{ name: 'stop', arguments: { output: '{"city":"Lyon"}' } }] }],
    },
    tools: [
      {
        type: 'inline',
        json_schema: { name: 'stop', description: 'Ends.' },
        on_agent_call: 'stop',
      },
    ],
  },
  messages: [question],
});

async function judge(evaluator: object, logId: string, target: object) {
  const testcase = { target };
  const { body } = await post('/evaluators/call', { ...evaluator, log_id: logId, testcase });
  return body;
}

// Each starts a process, so these are those that read different parts of a log.
describe('a ready-made evaluator judges the log of an agent', () => {
  const answer = '{"city":"Lyon"}';
  test.each([
    ['Code/Latency', expect.any(Number), {}],
    ['Code/Tokens', expect.any(Number), {}],
    ['Code/Exact match', true, { output: answer }],
    ['Code/JSON schema subset', false, { schema: { required: ['country'] } }],
    ['Agents/Tool calls match', true, { tool_calls: [{ name: 'stop' }] }],
    ['Agents/Steps at most', true, {}],
    ['Agents/Ends without client tool', true, {}],
  ])('%s', async (name, judgment, target) => {
    const path = `Example Evaluators/${name}`;
    expect(await judge({ path }, log.id, target)).toMatchObject({ judgment, error: null });
  });

  test('and says why not', async () => {
    const path = 'Example Evaluators/Code/JSON schema subset';
    const said = await judge({ path }, log.id, { schema: { required: ['country'] } });
    expect(said.output).toBe('the answer has no `country`');
  });
});

test('an agent that waits for your own code does not end without a tool of the client', async () => {
  const { body: waiting } = await post('/agents/log', {
    path: 'Support/Waiting agent',
    agent: {
      provider: 'mock',
      model: 'any',
      tools: [
        { type: 'inline', json_schema: { name: 'check_balance', description: 'Looks it up.' } },
      ],
    },
    messages: [question],
    output_message: {
      role: 'assistant',
      tool_calls: [
        { id: 'call_1', type: 'function', function: { name: 'check_balance', arguments: '{}' } },
      ],
    },
    log_status: 'complete',
  });
  const path = 'Example Evaluators/Agents/Ends without client tool';
  expect(await judge({ path }, waiting.id, {})).toMatchObject({
    judgment: false,
    output: 'Waits for check_balance',
  });
});

test.each([
  ['AI/Correctness', 'It agrees.\nTrue', true],
  ['AI/Faithfulness', 'Nothing supports it.\nFalse', false],
  ['AI/Semantic similarity', 'They say the same.\n9', 9],
])('%s shows a model what it needs, and reads its verdict', async (name, content, judgment) => {
  const evaluator = readyMadeEvaluators.find(({ path }) => path.endsWith(name));
  if (evaluator?.spec.evaluator_type !== 'llm') throw new Error(`${name} asks no model.`);
  const { prompt } = evaluator.spec;
  const asked = { ...prompt, provider: 'mock', model: 'any', other: { script: [{ content }] } };
  const spec = { ...evaluator.spec, prompt: asked };
  const said = await judge({ spec }, log.id, { output: 'It is in Lyon.' });
  expect(said).toMatchObject({ judgment, error: null, output: content });
  expect(Object.keys(said.inputs)).toContain('log.output');
  expect(JSON.stringify(said.provider_request)).toContain('Lyon');
});
