import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest';
import { isRunning } from '../support/processes.ts';
import { type Clone, newClone } from './clone.ts';
import { type Registry, startRegistry } from './registry.ts';

let registry: Registry;
let clone: Clone;

beforeAll(async () => {
  registry = await startRegistry(['alpha', 'beta', 'gamma']);
});
afterAll(() => registry.close());
beforeEach(async () => {
  clone = await newClone(registry);
  const { remove } = clone;
  return remove;
});

const done = { code: 0, stdout: 'alpha beta given\n' };

test('a start installs what the server needs, and runs it', async () => {
  const { stderr, ...ended } = await clone.run();
  expect(ended).toEqual(done);
  expect(stderr).toContain('Installing packages. This happens once and takes about a minute.');
  expect(await clone.packages()).toEqual(['alpha', 'beta']);
  expect(await clone.run()).toEqual({ ...done, stderr: '' });
});

test('the tests install what development needs, and a start later leaves it', async () => {
  await clone.run();
  expect(await clone.run('test')).toMatchObject(done);
  expect(await clone.packages()).toEqual(['alpha', 'beta', 'gamma']);
  await rm(join(clone.folder, 'node_modules', '.package-lock.json'));
  expect(await clone.run()).toMatchObject(done);
  expect(await clone.packages()).toEqual(['alpha', 'beta', 'gamma']);
});

test('a start does not wait for the web UI, and a note says while it is built', async () => {
  await clone.addWeb();
  const building = join(clone.folder, 'web', 'dist.building');
  const { ended, said } = clone.launch('serve');
  await expect.poll(said).toContain('serving');
  await expect.poll(said).toContain('Building the web UI.');
  expect(isRunning(Number(await readFile(building, 'utf8')))).toBe(true);
  await writeFile(join(clone.folder, 'go'), '');
  expect(await ended).toMatchObject({ code: 0, stdout: 'built\n' });
  await expect.poll(() => existsSync(building)).toBe(false);
  const again = await clone.run('serve');
  expect(again).toEqual({ code: 0, stdout: 'built\n', stderr: 'serving\n' });
});

describe('an install that is interrupted', () => {
  const ways = {
    'Ctrl-C': (start) => process.kill(-pidOf(start), 'SIGINT'),
    'a terminal that is closed': (start) => process.kill(-pidOf(start), 'SIGHUP'),
    'SIGTERM to the process alone': (start) => process.kill(pidOf(start), 'SIGTERM'),
    'kill -9 of the process alone': (start) => process.kill(pidOf(start), 'SIGKILL'),
    'kill -9 of everything': (start) => process.kill(-pidOf(start), 'SIGKILL'),
  } satisfies Record<string, (start: Start) => void>;

  test.each(Object.entries(ways))('by %s is repeated by the next start', async (_, interrupt) => {
    const hold = registry.hold('beta');
    onTestFinished(() => hold.release());
    const first = clone.launch();
    await hold.isAsked;
    const npm = await childOf(clone);
    interrupt(first);
    await first.ended;
    hold.release();

    const { stderr, ...ended } = await clone.run();
    expect(ended).toEqual(done);
    expect(stderr).toContain('The last install was interrupted. Removing what it left.');
    expect(isRunning(npm)).toBe(false);
    expect(await leftovers(clone)).toEqual([]);
    expect(await clone.run()).toEqual({ ...done, stderr: '' });
  });

  test.each(['SIGINT', 'SIGHUP', 'SIGTERM'] as const)(
    'by %s ends its npm, and says that it was ended',
    async (signal) => {
      const hold = registry.hold('alpha');
      onTestFinished(() => hold.release());
      const start = clone.launch();
      await hold.isAsked;
      const npm = await childOf(clone);
      process.kill(pidOf(start), signal);
      expect(await start.ended).toMatchObject({ code: 1, stdout: '' });
      expect(start.said()).toContain(`The install was stopped (${signal}).`);
      expect(isRunning(npm)).toBe(false);
    },
  );

  test('while it adds the packages for development is repeated whole', async () => {
    await clone.run();
    const hold = registry.hold('gamma');
    onTestFinished(() => hold.release());
    const first = clone.launch('test');
    await hold.isAsked;
    process.kill(-pidOf(first), 'SIGKILL');
    await first.ended;
    hold.release();
    expect(await clone.run()).toMatchObject(done);
    expect(await clone.packages()).toEqual(['alpha', 'beta']);
  });

  test('and leaves a package half written is not taken for one that is complete', async () => {
    await clone.run();
    await rm(join(clone.folder, 'node_modules', '.package-lock.json'));
    await rm(join(clone.folder, 'node_modules', 'alpha', 'index.js'));
    expect(await clone.run()).toMatchObject(done);
  });
});

describe('two starts at once', () => {
  test('install once', async () => {
    const before = registry.downloadsOf('alpha');
    const hold = registry.hold('alpha');
    onTestFinished(() => hold.release());
    const starts = Array.from({ length: 3 }, () => clone.launch());
    await hold.isAsked;
    await vi.waitFor(
      () => {
        const said = starts.map((start) => start.said());
        expect(said.filter((text) => text.includes('Waiting for another process'))).toHaveLength(2);
      },
      { timeout: 20_000 },
    );
    hold.release();
    const ended = await Promise.all(starts.map((start) => start.ended));
    expect(ended).toEqual(starts.map(() => expect.objectContaining(done)));
    expect(registry.downloadsOf('alpha') - before).toBe(1);
    expect(await leftovers(clone)).toEqual([]);
  });

  test('install once after an interrupted install, too', async () => {
    await writeFile(join(clone.folder, '.installing.1'), JSON.stringify({ pid: 0 }));
    const before = registry.downloadsOf('alpha');
    const ended = await Promise.all(Array.from({ length: 3 }, () => clone.run()));
    expect(ended).toEqual(Array(3).fill(expect.objectContaining(done)));
    expect(registry.downloadsOf('alpha') - before).toBe(1);
    expect(await leftovers(clone)).toEqual([]);
  });
});

test('a lock counts for nothing when its process has ended and another has its number', async () => {
  const lock = { pid: process.pid, startedAt: 'at another time' };
  await writeFile(join(clone.folder, '.installing.1'), JSON.stringify(lock));
  expect(await clone.run()).toMatchObject(done);
});

test('a lock that was cut off while it was written counts for nothing', async () => {
  await writeFile(join(clone.folder, '.installing.1'), '{"pid":');
  expect(await clone.run()).toMatchObject(done);
});

test('npm that fails is told of, and is run again by the next start', async () => {
  registry.failWith(500);
  onTestFinished(() => registry.failWith(undefined));
  const { code, stderr } = await clone.run();
  expect(code).toBe(1);
  expect(stderr).toContain(
    'npm could not install the packages (exit code 1). Its output above says why.',
  );
  registry.failWith(undefined);
  expect(await clone.run()).toMatchObject(done);
});

test('npm that is not there is told of', async () => {
  expect(await clone.run('start', { PATH: '/nowhere' })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('npm could not be started (ENOENT). Is it on your PATH?'),
  });
  expect(await clone.run()).toMatchObject(done);
});

test('npm that ends with 0 and installed nothing is told of, with the way out', async () => {
  const cli = join(clone.folder, 'npm-cli.js');
  await writeFile(cli, "console.error('npm error Exit handler never called!');\n");
  const { code, stderr } = await clone.run('start', {
    npm_execpath: cli,
    npm_node_execpath: process.execPath,
  });
  expect(code).toBe(1);
  expect(stderr).toContain('npm ended without an error but did not install the packages.');
  expect(stderr).toContain('npx npm@10.8.2 start');
  expect(await clone.run()).toMatchObject(done);
});

test('packages of another platform, as in a folder that was copied, are installed anew', async () => {
  await clone.run();
  const note = join(clone.folder, 'node_modules', '.loopwright-installed');
  const { state, ...rest } = JSON.parse(await readFile(note, 'utf8'));
  await writeFile(note, JSON.stringify({ ...rest, state: `${state} of another machine` }));
  expect(await clone.run()).toEqual({ ...done, stderr: '' });
});

test.each([
  ['22.17.9', false],
  ['22.18.0', true],
  ['23.5.0', false],
  ['23.6.0', true],
  ['24.0.0', true],
  ['18.20.8', false],
])('Node %s runs our programs: %s', async (version, expected) => {
  const module = new URL('../../scripts/install/node.mjs', import.meta.url);
  const code = `import { runsTypeScript } from '${module}'; console.log(runsTypeScript('${version}'))`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    code,
  ]);
  expect(stdout).toBe(`${expected}\n`);
});

type Start = ReturnType<Clone['launch']>;

function pidOf(start: Start): number {
  return start.process.pid ?? 0;
}

/** The process of npm that a start has named in its lock. */
async function childOf({ folder }: Clone): Promise<number> {
  const lock = await readFile(join(folder, '.installing.1'), 'utf8');
  return (JSON.parse(lock) as { child: { pid: number } }).child.pid;
}

async function leftovers({ folder }: Clone): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith('.installing'));
}
