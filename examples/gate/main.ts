import { get, post } from '../api.ts';

interface File {
  readonly id: string;
  readonly version_id: string;
}

interface Run {
  readonly id: string;
  readonly status: string;
}

interface Check {
  readonly evaluator: string | null;
  readonly rule: string;
  readonly value: number | null;
  readonly threshold: number;
  readonly passed: boolean;
}

const folder = 'Examples/Gate';

// What is evaluated: two versions of a prompt. Models that play a script stand for a good and a
// worse one.
const before = await prompt('Answer with yes or no: {{question}}', ['yes']);
const after = await prompt('{{question}} Explain.', ['yes, because']);

await post('datasets', {
  path: `${folder}/Questions`,
  datapoints: ['Is water wet?', 'Is fire hot?', 'Is ice cold?'].map((question) => ({
    inputs: { question },
    target: { output: 'yes' },
  })),
});
await post('evaluators', {
  path: `${folder}/Exact`,
  spec: {
    evaluator_type: 'python',
    arguments_type: 'target_required',
    return_type: 'boolean',
    code: 'def exact(log, testcase):\n    return log["output"] == testcase["target"]["output"]\n',
  },
});

const evaluation = await post<File>('evaluations', {
  file: { id: before.id },
  evaluators: [{ path: `${folder}/Exact` }],
});
for (const version of [before, after]) {
  const run = await completed(
    await post<Run>(`evaluations/${evaluation.id}/runs`, {
      version: { version_id: version.version_id },
      dataset: { path: `${folder}/Questions` },
    }),
  );
  const { passed, checks } = await post<{ passed: boolean; checks: readonly Check[] }>(
    `evaluations/${evaluation.id}/runs/${run.id}/gate`,
    { min: { [`${folder}/Exact`]: 0.9 }, max_drop: { [`${folder}/Exact`]: 0.02 } },
  );
  console.log(`${version === before ? 'The version of before' : 'The new version'}:`);
  for (const { rule, value, threshold, passed } of checks) {
    console.log(
      `  ${passed ? 'passed' : 'FAILED'}  ${rule} ${threshold}: ${value ?? 'no baseline'}`,
    );
  }
  console.log(passed ? 'May be deployed.\n' : 'Must not be deployed.');
}

function prompt(template: string, script: readonly string[]): Promise<File> {
  return post<File>('prompts', {
    path: `${folder}/Answer`,
    provider: 'mock',
    model: 'scripted',
    template: [{ role: 'user', content: template }],
    other: { script: script.map((content) => ({ content })) },
  });
}

/** Asks for a Run until it has ended. */
async function completed({ id }: Run): Promise<Run> {
  for (;;) {
    const { runs } = await get<{ runs: readonly Run[] }>(`evaluations/${evaluation.id}/runs`);
    const run = runs.find((one) => one.id === id);
    if (run?.status === 'completed') return run;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
