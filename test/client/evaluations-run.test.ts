import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { sharedServer } from './shared-server.ts';

// `evaluations.run` of the client that npm carries, as it is, in programs as its users write them.
// Their output is no terminal, as in CI, where nothing else is said.

const server = await sharedServer();
const program = fileURLToPath(new URL('programs/evaluations-run.ts', import.meta.url));

beforeAll(async () => {
  await server.post('/v5/evaluators', {
    path: 'has-output',
    spec: {
      evaluator_type: 'python',
      arguments_type: 'target_required',
      return_type: 'boolean',
      code: 'def has_output(log):\n    return log["output"] is not None\n',
    },
  });
});

/** Runs a command with the environment of the program. @returns what it wrote. */
async function output(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, {
    env: {
      BASE_URL: `${server.url}/v5`,
      KEY: server.key,
      NODE_NO_WARNINGS: '1',
      TERM: 'xterm',
      // Where `script` and the shell that it starts are.
      PATH: '/usr/bin:/bin',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await once(child, 'close');
  const said = (await outputs).join('\n');
  expect(status, said).toBe(0);
  return said;
}

/** Runs a command in a terminal of its own. @returns what it wrote there. */
function outputInTerminal(command: string, args: readonly string[]): Promise<string> {
  const quoted = [command, ...args].map((part) => `'${part}'`).join(' ');
  return process.platform === 'darwin'
    ? output('script', ['-q', '/dev/null', command, ...args])
    : output('script', ['-qec', quoted, '/dev/null']);
}

/** Runs the program. @returns the checks that the client answered, without the Evaluation's id. */
async function checksOf(mode: string, name: string): Promise<readonly object[]> {
  return checksIn(await output(process.execPath, [program, mode, name]));
}

function checksIn(said: string): readonly object[] {
  const [, checks] = /^CHECKS (.*)$/m.exec(said) ?? [];
  return JSON.parse(checks ?? 'null').map(({ evaluationId, ...check }: Record<string, unknown>) => {
    expect(evaluationId).toMatch(/^evr_/);
    return check;
  });
}

/** The statistics of the newest Run of an Evaluation. */
async function newestRun(mode: string, name: string) {
  const { body: file } = await server.post('/v5/files/retrieve-by-path', { path: `${mode}/add` });
  const { body: list } = await server.get(`/v5/evaluations?file_id=${file.id}`);
  const evaluation = list.records.find((each: { name: string }) => each.name === name);
  const { body: stats } = await server.get(`/v5/evaluations/${evaluation.id}/stats`);
  return { evaluation, stats, run: stats.run_stats[0] };
}

const check = (path: string, score: number, threshold?: number) => ({
  path,
  score,
  delta: 0,
  ...(threshold === undefined ? {} : { threshold, thresholdCheck: score >= threshold }),
});

test('in a terminal the client draws its progress, and comes to the same checks', async () => {
  const said = await outputInTerminal(process.execPath, [program, 'callable', 'drawn']);
  expect(said).toContain('Progress |');
  expect(checksIn(said)).toEqual([
    { ...check('callable/is-expected', 0, 0.5), thresholdCheck: true },
    { ...check('callable/length', 0, 2), thresholdCheck: false },
    check('has-output', 0),
  ]);
});

test.each(['callable', 'decorated', 'logging'])(
  'a flow, %s: the first Run has nothing to compare with, the second has the first',
  { timeout: 120_000 },
  async (mode) => {
    const first = await checksOf(mode, 'sums');
    // Without a Run before, the client answers a score of 0.
    expect(first).toEqual([
      { ...check(`${mode}/is-expected`, 0, 0.5), thresholdCheck: true },
      { ...check(`${mode}/length`, 0, 2), thresholdCheck: false },
      check('has-output', 0),
    ]);
    const second = await checksOf(mode, 'sums');
    expect(second).toEqual([
      check(`${mode}/is-expected`, 0.67, 0.5),
      check(`${mode}/length`, 1, 2),
      check('has-output', 1),
    ]);
    const { evaluation, stats, run } = await newestRun(mode, 'sums');
    expect(evaluation).toMatchObject({ runs_count: 2, status: 'completed' });
    expect(stats.run_stats.map((each: { status: string }) => each.status)).toEqual([
      'completed',
      'completed',
    ]);
    expect(run.num_logs).toBe(3);
    expect(run.evaluator_stats).toMatchObject([
      { total_logs: 3, num_judgments: 3, num_true: 2, num_false: 1 },
      { total_logs: 3, num_judgments: 3, mean: 1 },
      { total_logs: 3, num_judgments: 3, num_true: 3, num_false: 0 },
    ]);
  },
);

test('a flow whose callable fails for one datapoint: the failures of evaluators are shown', async () => {
  await checksOf('failing', 'sums');
  const { run } = await newestRun('failing', 'sums');
  expect(run.num_logs).toBe(3);
  expect(run.evaluator_stats).toMatchObject([
    { total_logs: 3, num_judgments: 3, num_true: 1, num_false: 2 },
    { total_logs: 3, num_judgments: 2, num_errors: 1, mean: 1 },
    { total_logs: 3, num_judgments: 3, num_true: 2, num_false: 1 },
  ]);
}, 60_000);

test('a prompt: the server makes the logs and judges them', async () => {
  expect(await checksOf('prompt', 'sums')).toEqual([]);
  expect(await checksOf('prompt', 'sums')).toEqual([check('has-output', 1)]);
  const { run } = await newestRun('prompt', 'sums');
  expect(run).toMatchObject({ num_logs: 3, status: 'completed' });
}, 60_000);
