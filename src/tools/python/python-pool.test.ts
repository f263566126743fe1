import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isRunning } from '../../../test/support/processes.ts';
import { testPython } from '../../../test/support/python.ts';
import { createLogger } from '../../kernel/logger.ts';
import type { PythonLimits } from './python-call.ts';
import { PythonPool } from './python-pool.ts';

const never = new AbortController().signal;
const one = { source: 'def f():\n    return 1\n', inputs: {}, environment: {} };
const count = {
  ...one,
  source:
    'import builtins\ndef f():\n    builtins.n = getattr(builtins, "n", 0) + 1\n    return builtins.n\n',
};
const sleep = (seconds: number) => ({
  ...one,
  source: `import time\ndef f():\n    time.sleep(${seconds})\n    return "slept"\n`,
});

function poolWith(limits: Partial<PythonLimits>): PythonPool {
  const pool = testPython(limits);
  onTestFinished(() => pool.stop());
  return pool;
}

test('nothing is started before the first call; after it there is a process to spare', async () => {
  const pool = poolWith({});
  expect(pool.processes).toEqual([]);
  await pool.run('a', one, never);
  await expect
    .poll(() => pool.processes.map(({ organizationId }) => organizationId), { timeout: 20_000 })
    .toEqual(['a', undefined]);
});

test('where there is room for one process, organizations take turns, each with a new one', async () => {
  const pool = poolWith({ maxProcesses: 1 });
  const owners = ['a', 'b', 'a'];
  const results = await Promise.all(owners.map((owner) => pool.run(owner, count, never)));
  expect(results.map(({ output }) => output)).toEqual(['1', '1', '1']);
  expect(pool.processes).toHaveLength(1);
});

test('an organization that always has another call does not keep others from theirs', async () => {
  const pool = poolWith({ maxProcesses: 2 });
  let isServed = false;
  const always = Array.from({ length: 4 }, async () => {
    while (!isServed) await pool.run('busy', sleep(0.05), never);
  });
  expect((await pool.run('other', one, never)).output).toBe('1');
  isServed = true;
  await Promise.all(always);
});

test('a call that finds no process in time is told to come back', async () => {
  const pool = poolWith({ maxProcesses: 1, queueMs: 30_000 });
  await pool.run('a', one, never);
  const impatient = poolWith({ maxProcesses: 1, queueMs: 1 });
  await expect(impatient.run('a', one, never)).rejects.toMatchObject({
    category: 'too_many',
    code: 'python_busy',
  });
});

test('a call that is cancelled ends with its process, and one that waits does not begin', async () => {
  const pool = poolWith({ maxProcesses: 1 });
  await pool.run('a', one, never);
  const [{ pid } = { pid: undefined }] = pool.processes;
  const control = new AbortController();
  const reason = new Error('Enough.');
  const begun = Promise.withResolvers<void>();
  // The getter runs when the call is handed to the process.
  const inputs = {
    toJSON() {
      begun.resolve();
      return {};
    },
  };
  const calls = [{ ...sleep(100), inputs }, count].map((call) =>
    pool.run('a', call, control.signal),
  );
  await begun.promise;
  control.abort(reason);
  const rejected = { status: 'rejected', reason };
  expect(await Promise.allSettled(calls)).toEqual([rejected, rejected]);
  await expect.poll(() => isRunning(pid)).toBe(false);
  expect((await pool.run('a', count, never)).output).toBe('1');
});

test('a stop ends what is under way, and nothing begins after it', async () => {
  const pool = testPython();
  await pool.run('a', one, never);
  const pids = pool.processes.map(({ pid }) => pid);
  const running = pool.run('a', sleep(100), never);
  await pool.stop();
  expect((await running).error).toBe('The server is stopping.');
  expect(pids.filter(isRunning)).toEqual([]);
  await expect(pool.run('a', one, never)).rejects.toMatchObject({ code: 'python_unavailable' });
});

test('a stop does not wait for Python to start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lw-snapshot-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const pool = testPython({}, {}, folder);
  const refused = expect(pool.run('a', one, never)).rejects.toMatchObject({
    code: 'python_unavailable',
  });
  const made = () => readdir(join(folder, 'python')).catch(() => undefined);
  await expect.poll(made, { timeout: 20_000 }).toBeDefined();
  await pool.stop();
  await refused;
  // Making a snapshot takes seconds, and none was made.
  expect(await made()).toEqual([]);
});

test('a snapshot that is broken is dropped, and Python starts without it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lw-snapshot-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const logged: string[] = [];
  const logger = createLogger('warn', (line) => logged.push(line));
  const limits = {
    timeoutMs: 30_000,
    memoryBytes: 256 * 1024 * 1024,
    stdoutCharacters: 1_000,
    outputCharacters: 1_000,
    maxProcesses: 1,
    queueMs: 60_000,
  };
  const first = new PythonPool({ folder, logger, limits });
  onTestFinished(() => first.stop());
  expect((await first.run('a', one, never)).output).toBe('1');
  const [name = ''] = await readdir(join(folder, 'python'));
  const path = join(folder, 'python', name);
  expect((await readFile(path)).length).toBeGreaterThan(10_000_000);
  await writeFile(path, 'broken');
  const second = new PythonPool({ folder, logger, limits });
  onTestFinished(() => second.stop());
  expect((await second.run('a', one, never)).output).toBe('1');
  expect(await readdir(join(folder, 'python'))).toEqual([]);
  expect(logged.join('\n')).toContain('The snapshot is discarded.');
}, 120_000);

test('a process that rests ends when the server is killed', async () => {
  const script = `
    import { testPython } from ${JSON.stringify(new URL('../../../test/support/python.ts', import.meta.url))};
    const pool = testPython({ maxProcesses: 1 });
    await pool.run('a', ${JSON.stringify(one)}, new AbortController().signal);
    console.log(pool.processes[0].pid);`;
  const server = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  onTestFinished(() => void server.kill('SIGKILL'));
  const pid = await new Promise<number>((resolve, reject) => {
    server.stdout.once('data', (text) => resolve(Number(text)));
    server.once('exit', () => reject(new Error('It ended.')));
  });
  expect(isRunning(pid)).toBe(true);
  server.kill('SIGKILL');
  await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
});
