import { setTimeout as pause } from 'node:timers/promises';
import type { ApiClient } from '../api-client.ts';
import { type Figure, quantile } from '../figure.ts';

/** The datapoints of the dataset, and the calls of an agent that are timed. */
const datapoints = 1_000;
const agentCalls = 20;

/**
 * 1,000 datapoints of a dataset × 3 evaluators in Python, from the POST of the Run until it is
 * completed; and how long calls of an agent with a tool in Python take meanwhile.
 */
export async function measureEndToEnd(client: ApiClient): Promise<readonly Figure[]> {
  const send = async (path: string, body: unknown) => JSON.parse(await post(client, path, body));
  const prompt = await send('/v5/prompts', {
    path: 'bench/evaluated',
    provider: 'mock',
    model: 'mock',
    template: [{ role: 'user', content: 'Say {{n}}' }],
    other: { script: [{ content: 'Said.' }] },
  });
  await send('/v5/datasets', {
    path: 'bench/numbers',
    datapoints: Array.from({ length: datapoints }, (_, n) => ({
      inputs: { n },
      target: { output: 'Said.' },
    })),
  });
  for (const name of ['one', 'two', 'three']) {
    await send('/v5/evaluators', { path: `bench/by ${name}`, spec: evaluator(name) });
  }
  const agent = await storeAgent(send);
  const callAgent = async () => {
    const start = performance.now();
    const messages = [{ role: 'user', content: 'Go.' }];
    await send('/v5/agents/call', { id: agent.id, messages });
    return performance.now() - start;
  };
  // The first calls start the tool's process.
  for (let round = 0; round < 5; round++) await callAgent();
  const alone = await timed(callAgent);

  const evaluation = await send('/v5/evaluations', {
    name: 'bench',
    file: { id: prompt.id },
    evaluators: ['one', 'two', 'three'].map((name) => ({ path: `bench/by ${name}` })),
  });
  const seconds = await runOnce(client, evaluation.id);
  let isDone = false;
  const second = runOnce(client, evaluation.id).finally(() => {
    isDone = true;
  });
  const meanwhile = await timed(callAgent, () => !isDone);
  const secondSeconds = await second;
  return [
    {
      what: `${datapoints} datapoints × 3 evaluators, POST to completed`,
      value: seconds,
      unit: 's',
      target: { atMost: 10 },
    },
    { what: 'the same, while an agent is called', value: secondSeconds, unit: 's' },
    { what: 'an agent with a Python tool alone: p95', value: quantile(alone, 0.95), unit: 'ms' },
    {
      what: 'an agent with a Python tool meanwhile: p95',
      value: quantile(meanwhile, 0.95),
      unit: 'ms',
      target: { atMost: 3 * quantile(alone, 0.95) },
    },
  ];
}

async function post(client: ApiClient, path: string, body: unknown): Promise<string> {
  const { status, text } = await client.ask(path, JSON.stringify(body));
  if (status >= 300) throw new Error(`${path}: ${status} ${text}`);
  return text;
}

/** Seconds from the POST of a Run until it is completed, with all of its judgments. */
async function runOnce(client: ApiClient, evaluationId: string): Promise<number> {
  const start = performance.now();
  const run = JSON.parse(
    await post(client, `/v5/evaluations/${evaluationId}/runs`, {
      version: { path: 'bench/evaluated' },
      dataset: { path: 'bench/numbers' },
    }),
  );
  for (;;) {
    const { run_stats } = (await client.get(`/v5/evaluations/${evaluationId}/stats`)) as Stats;
    const own = run_stats.find(({ run_id }) => run_id === run.id);
    if (own?.status === 'completed') {
      const seconds = (performance.now() - start) / 1_000;
      const judged = own.evaluator_stats.map(({ num_judgments }) => num_judgments);
      if (own.num_logs !== datapoints || judged.some((count) => count !== datapoints)) {
        throw new Error(`The Run is completed with ${own.num_logs} logs and ${judged} judgments.`);
      }
      return seconds;
    }
    // As often as the v5 SDK for Node asks.
    await pause(500);
  }
}

interface Stats {
  readonly run_stats: readonly {
    readonly run_id: string;
    readonly status: string;
    readonly num_logs: number;
    readonly evaluator_stats: readonly { readonly num_judgments: number }[];
  }[];
}

/** The times of calls one after the other: twenty, or more while `isGoingOn`. */
async function timed(
  call: () => Promise<number>,
  isGoingOn: () => boolean = () => false,
): Promise<readonly number[]> {
  const times: number[] = [];
  while (times.length < agentCalls || isGoingOn()) times.push(await call());
  return times;
}

const evaluator = (name: string) => ({
  evaluator_type: 'python',
  arguments_type: 'target_required',
  return_type: 'boolean',
  code: `def ${name}(log, testcase):\n    return log["output"] == testcase["target"]["output"]\n`,
});

async function storeAgent(send: (path: string, body: unknown) => Promise<{ readonly id: string }>) {
  const tool = await send('/v5/tools', {
    path: 'bench/add',
    tool_type: 'python',
    source_code: 'def add(a, b):\n    return a + b\n',
    function: {
      name: 'add',
      description: 'Adds two numbers.',
      parameters: {
        type: 'object',
        properties: { a: { type: 'number' }, b: { type: 'number' } },
        required: ['a', 'b'],
      },
    },
  });
  return send('/v5/agents', {
    path: 'bench/adder',
    provider: 'mock',
    model: 'mock',
    tools: [{ type: 'file', link: { file_id: tool.id }, on_agent_call: 'continue' }],
    other: {
      script: [{ tool_calls: [{ name: 'add', arguments: { a: 1, b: 2 } }] }, { content: 'Three.' }],
    },
  });
}
