// Installs what is missing or outdated before an npm script runs, and checks the Node that will run
// it. Plain JavaScript that any Node reads, with nothing from node_modules: there may be none yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockfile = join(root, 'package-lock.json');
// npm writes this file last, so an interrupted install counts as none.
const installed = join(root, 'node_modules', '.package-lock.json');
const oldestNode = [22, 18];

if (isOutdated()) {
  const unlock = await lock();
  try {
    // Another process may have installed while this one waited for the lock.
    if (isOutdated()) install();
  } finally {
    unlock();
  }
}
if (!process.exitCode) requireNode();

function isOutdated() {
  return changedAt(installed) < changedAt(lockfile);
}

/** Milliseconds since 1970; 0 when there is no such file. */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** `install`, not `ci`: that refuses a lockfile when a package of another platform is missing. */
function install() {
  console.error('Installing packages; this takes a minute the first time.');
  const status = npm(
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  );
  if (status !== 0) {
    console.error('The packages could not be installed; npm says why above.');
    process.exitCode = 1;
    return;
  }
  const now = new Date();
  // npm leaves the file alone when nothing was to be done, and we would ask it again every time.
  if (isOutdated()) utimesSync(installed, now, now);
}

/** Runs the npm that runs us, under its own Node: on Windows one in use cannot be replaced. */
function npm(...args) {
  const { npm_node_execpath: node, npm_execpath: cli } = process.env;
  const isNpm = node && cli && basename(cli) === 'npm-cli.js';
  const [command, first] = isNpm ? [node, [cli]] : ['npm', []];
  const { status } = spawnSync(command, [...first, ...args], {
    cwd: root,
    shell: !isNpm && process.platform === 'win32',
    // What it prints is not the output of the script that was asked for.
    stdio: ['ignore', 2, 2],
  });
  return status;
}

/** Waits until no other process installs into this clone. */
async function lock() {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const path = join(tmpdir(), `loopwright-install-${name}`);
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isAbandoned(path)) rmSync(path, { force: true });
    else await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function isAbandoned(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    // Without a number it has just been made, or its maker was killed at that moment.
    if (!pid) return Date.now() - changedAt(path) > 5_000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** Checks the Node on npm's PATH: the pinned one, or where that has no package, the developer's. */
function requireNode() {
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const { stdout } = spawnSync('node', ['--version'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
    shell: process.platform === 'win32',
  });
  const [major = 0, minor = 0] = (stdout ?? '').trim().slice(1).split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  console.error(
    `Loopwright needs Node ${oldestNode.join('.')} or newer, but "node" is ` +
      `${(stdout ?? '').trim() || 'missing'}: install a newer one from https://nodejs.org.`,
  );
  process.exitCode = 1;
}
