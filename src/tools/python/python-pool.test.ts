import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { isRunning } from '../../../test/support/processes.ts';
import { testPython } from '../../../test/support/python.ts';
import { createLogger } from '../../kernel/logger.ts';
import type { CodeOwner, PythonLimits } from './python-call.ts';
import { PythonPool } from './python-pool.ts';
import { findSandboxProgram } from './sandbox-program.ts';

/** An owner whose code has no other. */
const ownerIn = (organizationId: string, codeId = 'code'): CodeOwner => ({
  organizationId,
  codeId,
});

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

/** A folder that every account can enter. */
async function snapshotFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lw-snapshot-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  return folder;
}

test('nothing is started before the first call; after it there is a process to spare', async () => {
  const pool = poolWith({});
  expect(pool.processes).toEqual([]);
  await pool.run(ownerIn('a'), one, never);
  await expect
    .poll(() => pool.processes.map(({ owner }) => owner?.organizationId), { timeout: 20_000 })
    .toEqual(['a', undefined]);
});

test('where there is room for one process, organizations take turns, each with a new one', async () => {
  const pool = poolWith({ maxProcesses: 1 });
  const owners = ['a', 'b', 'a'];
  const results = await Promise.all(owners.map((owner) => pool.run(ownerIn(owner), count, never)));
  expect(results.map(({ output }) => output)).toEqual(['1', '1', '1']);
  expect(pool.processes).toHaveLength(1);
});

test('code of one tool never meets what another tool of its organization left', async () => {
  const pool = poolWith({});
  const results = [];
  for (const codeId of ['one', 'other', 'one', 'other']) {
    results.push(await pool.run(ownerIn('a', codeId), count, never));
  }
  expect(results.map(({ output }) => output)).toEqual(['1', '1', '2', '2']);
});

test('two tools that are called in turn need no start for each call when there is room', async () => {
  const pool = poolWith({ maxProcesses: 2 });
  const pids = new Set<number | undefined>();
  for (let call = 0; call < 10; call += 1) {
    await pool.run(ownerIn('a', call % 2 === 0 ? 'even' : 'odd'), one, never);
    for (const { pid } of pool.processes) pids.add(pid);
  }
  expect(pids.size).toBe(2);
});

test('many calls of two tools that share one process take few starts, and none waits for ever', async () => {
  const pool = poolWith({ maxProcesses: 1 });
  const pids = new Set<number | undefined>();
  const calls = Array.from({ length: 40 }, async (_, index) => {
    await pool.run(ownerIn('a', index % 2 === 0 ? 'even' : 'odd'), one, never);
    for (const { pid } of pool.processes) pids.add(pid);
  });
  await Promise.all(calls);
  expect(pids.size).toBeLessThan(10);
});

test('a process goes on after 200 calls', async () => {
  const pool = poolWith({ maxProcesses: 1 });
  for (let call = 0; call < 249; call += 1) await pool.run(ownerIn('a'), count, never);
  expect((await pool.run(ownerIn('a'), count, never)).output).toBe('250');
});

test('a process that keeps much memory, or ran out of it, is replaced', async () => {
  const pool = poolWith({ maxProcesses: 1 });
  const keep = (bytes: number) => ({
    ...one,
    source: `import builtins, time\ndef f():\n    builtins.kept = b"x" * ${bytes}\n    time.sleep(2)\n`,
  });
  const out = { ...one, source: 'def f():\n    return len(bytearray(10 ** 9))\n' };
  await pool.run(ownerIn('a'), count, never);
  await pool.run(ownerIn('a'), keep(150_000_000), never);
  expect((await pool.run(ownerIn('a'), count, never)).output).toBe('1');
  expect((await pool.run(ownerIn('a'), out, never)).error).toContain('MemoryError');
  expect((await pool.run(ownerIn('a'), count, never)).output).toBe('1');
});

test('the snapshot is made before the first call, and no process runs for it', async () => {
  const folder = await snapshotFolder();
  const left = join(folder, 'python', `snapshot-old.bin.${randomUUID()}`);
  await mkdir(join(folder, 'python'));
  await writeFile(left, 'unfinished');
  await utimes(left, 0, 0);
  const pool = testPython({}, {}, folder);
  onTestFinished(() => pool.stop());
  pool.prepare();
  await expect
    .poll(() => readdir(join(folder, 'python')), { timeout: 400_000 })
    .toEqual([expect.stringMatching(/^snapshot-\w+\.bin$/)]);
  expect(pool.processes).toEqual([]);
}, 450_000);

test('a call does not wait for a snapshot that is made with low priority, and makes it itself', async () => {
  const folder = await snapshotFolder();
  // A Deno that never ends making the first one.
  const [deno, begun] = ['deno', 'begun'].map((name) => join(folder, name)) as [string, string];
  const real = JSON.stringify(findSandboxProgram().deno);
  const first = `[ -e ${begun} ] || { : > ${begun}; exec sleep 1000; }`;
  const script = `case " $* " in *" snapshot "*) ${first};; esac; exec ${real} "$@"`;
  await writeFile(deno, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const pool = testPython({ maxProcesses: 1 }, { deno }, folder);
  onTestFinished(() => pool.stop());
  pool.prepare();
  await expect.poll(() => readdir(folder)).toContain('begun');
  expect((await pool.run(ownerIn('a'), one, never)).output).toBe('1');
  expect(await readdir(join(folder, 'python'))).toEqual([
    expect.stringMatching(/^snapshot-\w+\.bin$/),
  ]);
}, 120_000);

test('a stop ends the making of the snapshot, and a server without Deno does not mind', async () => {
  const folder = await snapshotFolder();
  const pool = testPython({}, {}, folder);
  pool.prepare();
  await expect.poll(() => readdir(join(folder, 'python')).catch(() => undefined)).toBeDefined();
  await pool.stop();
  expect(await readdir(join(folder, 'python'))).toEqual([]);
  const without = testPython({}, { deno: '/nonexistent/deno' }, folder);
  without.prepare();
  await without.stop();
});

test('an organization that always has another call does not keep others from theirs', async () => {
  const pool = poolWith({ maxProcesses: 2 });
  let isServed = false;
  const always = Array.from({ length: 4 }, async () => {
    while (!isServed) await pool.run(ownerIn('busy'), sleep(0.05), never);
  });
  expect((await pool.run(ownerIn('other'), one, never)).output).toBe('1');
  isServed = true;
  await Promise.all(always);
});

test('a call that finds no process in time is told to come back', async () => {
  const pool = poolWith({ maxProcesses: 1, queueMs: 30_000 });
  await pool.run(ownerIn('a'), one, never);
  const impatient = poolWith({ maxProcesses: 1, queueMs: 1 });
  await expect(impatient.run(ownerIn('a'), one, never)).rejects.toMatchObject({
    category: 'too_many',
    code: 'python_busy',
  });
});

test('a call that is cancelled ends with its process, and one that waits does not begin', async () => {
  const pool = poolWith({ maxProcesses: 1 });
  await pool.run(ownerIn('a'), one, never);
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
    pool.run(ownerIn('a'), call, control.signal),
  );
  await begun.promise;
  control.abort(reason);
  const rejected = { status: 'rejected', reason };
  expect(await Promise.allSettled(calls)).toEqual([rejected, rejected]);
  await expect.poll(() => isRunning(pid)).toBe(false);
  expect((await pool.run(ownerIn('a'), count, never)).output).toBe('1');
});

test('a stop ends what is under way, and nothing begins after it', async () => {
  const pool = testPython();
  await pool.run(ownerIn('a'), one, never);
  const pids = pool.processes.map(({ pid }) => pid);
  const running = pool.run(ownerIn('a'), sleep(100), never);
  await pool.stop();
  expect((await running).error).toBe('The server is stopping.');
  expect(pids.filter(isRunning)).toEqual([]);
  await expect(pool.run(ownerIn('a'), one, never)).rejects.toMatchObject({
    code: 'python_unavailable',
  });
});

test('a stop does not wait for Python to start', async () => {
  const folder = await snapshotFolder();
  const pool = testPython({}, {}, folder);
  const refused = expect(pool.run(ownerIn('a'), one, never)).rejects.toMatchObject({
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
  const folder = await snapshotFolder();
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
  expect((await first.run(ownerIn('a'), one, never)).output).toBe('1');
  const [name = ''] = await readdir(join(folder, 'python'));
  const path = join(folder, 'python', name);
  expect((await readFile(path)).length).toBeGreaterThan(10_000_000);
  await writeFile(path, 'broken');
  const second = new PythonPool({ folder, logger, limits });
  onTestFinished(() => second.stop());
  expect((await second.run(ownerIn('a'), one, never)).output).toBe('1');
  expect(await readdir(join(folder, 'python'))).toEqual([]);
  expect(logged.join('\n')).toContain('The snapshot is discarded.');
}, 120_000);

test.each([
  ['rests', one, ''],
  ['works', { ...one, source: 'def f():\n    while True: pass\n' }, 'void '],
])('a process that %s ends when the server is killed', async (_state, call, unawaited) => {
  const script = `
    import { testPython } from ${JSON.stringify(new URL('../../../test/support/python.ts', import.meta.url))};
    const pool = testPython({ maxProcesses: 1 });
    const never = new AbortController().signal;
    await pool.run(${JSON.stringify(ownerIn('a'))}, ${JSON.stringify(one)}, never);
    ${unawaited}pool.run(${JSON.stringify(ownerIn('a'))}, ${JSON.stringify(call)}, never);
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

test('a process whose code goes on working after its call is ended', async () => {
  const pool = poolWith({ maxProcesses: 1 });
  const worker = `
from pyodide.ffi import to_js
def f():
    to_js([1]).constructor.constructor("setInterval(() => { const t = Date.now(); while (Date.now() - t < 40); }, 60)")()
    return "left"
`;
  const left = await pool.run(ownerIn('a'), { ...one, source: worker }, never);
  expect(left.output).toBe('left');
  const pid = pool.processes.find(({ owner }) => owner)?.pid as number;
  await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);
  expect((await pool.run(ownerIn('a'), one, never)).output).toBe('1');
});

test('code of users runs without any privilege, and not as root', async () => {
  const pool = poolWith({ maxProcesses: 1 });
  await pool.run(ownerIn('a'), one, never);
  const [ran] = pool.processes;
  const status = await readFile(`/proc/${ran?.pid}/status`, 'utf8');
  const fieldOf = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1];
  expect(Number(fieldOf('Uid'))).not.toBe(0);
  expect(fieldOf('CapEff')).toBe('0000000000000000');
  expect(fieldOf('NoNewPrivs')).toBe('1');
});

test('a server below a folder that only root can enter runs code from a copy', async () => {
  const { account } = findSandboxProgram();
  const closed = await mkdtemp(join(tmpdir(), 'loopwright-closed-'));
  onTestFinished(() => rm(closed, { recursive: true }));
  await cp(fileURLToPath(new URL('runner.py', import.meta.url)), join(closed, 'runner.py'));
  const pool = testPython({ maxProcesses: 1 }, { runner: join(closed, 'runner.py') }, closed);
  onTestFinished(() => pool.stop());
  expect((await pool.run(ownerIn('a'), one, never)).output).toBe('1');
  // Without root there is one account, and no copy is needed.
  expect(existsSync(join(closed, 'python'))).toBe(account === undefined);
});
