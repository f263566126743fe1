import { setTimeout as sleep } from 'node:timers/promises';
import { get, post } from '../api.ts';

interface File {
  readonly id: string;
  readonly version_id: string;
}

interface Run {
  readonly id: string;
  readonly status: 'pending' | 'running' | 'completed' | 'cancelled';
}

interface Logs {
  readonly records: readonly {
    readonly log: {
      readonly output: string | null;
      readonly error: string | null;
      readonly metadata: {
        readonly first_difference: { readonly turn: number; readonly kind: string } | null;
      };
    };
  }[];
}

const weather = await post<File>('tools', {
  path: 'Examples/Replay/weather',
  tool_type: 'python',
  source_code: `def weather(city):
    # It is never the same twice, and it may cost something.
    import time
    return f"{city}: {time.time_ns() % 30} degrees"
`,
  function: {
    name: 'weather',
    description: 'The weather in a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
});

/** A version of the agent. A model that plays a script always says the same; yours may not. */
function agent(script: readonly object[]): Promise<File> {
  return post<File>('agents', {
    path: 'Examples/Replay/Agent',
    provider: 'mock',
    model: 'scripted',
    other: { script },
    tools: [{ type: 'file', link: { file_id: weather.id }, on_agent_call: 'continue' }],
  });
}

const asks = (city: string) => ({ tool_calls: [{ name: 'weather', arguments: { city } }] });

const today = await agent([asks('Oslo'), { content: 'Take a coat.' }]);
for (const content of ['What shall I wear in Oslo?', 'And tomorrow?']) {
  await post('agents/call', { id: today.id, messages: [{ role: 'user', content }] });
}

// What would these versions have done?
await replay('The same version', today);
await replay(
  'One that says something else',
  await agent([asks('Oslo'), { content: 'Take an umbrella.' }]),
);
await replay(
  'One that asks for another city',
  await agent([asks('Rome'), { content: 'Take a hat.' }]),
);

async function replay(title: string, version: File): Promise<void> {
  const evaluation = await post<{ id: string }>('evaluations', {
    file: { id: today.id },
    evaluators: [],
  });
  const { run } = await post<{ run: Run }>(`evaluations/${evaluation.id}/replays`, {
    version: { version_id: version.version_id },
  });
  while ((await statusOf(evaluation.id, run)) !== 'completed') await sleep(200);
  const { records } = await get<Logs>(`evaluations/${evaluation.id}/logs?run_id=${run.id}`);
  console.log(`${title}:`);
  for (const { log } of records) {
    const { first_difference: difference } = log.metadata;
    console.log(`  ${log.output ?? log.error?.split(':')[0]}`);
    console.log(
      `    ${difference ? `${difference.kind} of model call ${difference.turn}` : 'no difference'}`,
    );
  }
}

async function statusOf(evaluationId: string, { id }: Run): Promise<Run['status'] | undefined> {
  const { runs } = await get<{ runs: readonly Run[] }>(`evaluations/${evaluationId}/runs`);
  return runs.find((run) => run.id === id)?.status;
}
