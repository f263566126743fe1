// Runs a program of this repository with the packages that it needs, on a Node that can run it.
//
//   node scripts/run.mjs [--all] [--web | --web-beside] <program> [arguments…]
//
// <program> is a TypeScript file, or a command of a package (`vitest`). With --all, the packages for
// development are installed too; without it, only those that the server needs. With --web, the web UI
// is built first, if it has changed; with --web-beside, the program does not wait for it. Every script of package.json goes through this file, so that a
// fresh clone needs no other step.
//
// This file and scripts/install are plain JavaScript for Node 18, and import nothing from
// node_modules, which may not exist yet.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled } from './install/install.mjs';
import { InstallError } from './install/install-error.mjs';
import { root } from './install/root.mjs';
import { isWebBuilt } from './install/web.mjs';

/** Milliseconds between two checks for the parent process. */
const parentIntervalMs = 500;

const given = process.argv.slice(2);
const options = new Set();
while (['--all', '--web', '--web-beside'].includes(given[0])) options.add(given.shift());
const [program, ...args] = given;

try {
  const node = await ensureInstalled({ all: options.has('--all') });
  if (options.has('--web')) await ensureBuilt(node);
  if (options.has('--web-beside') && !isWebBuilt()) buildBeside(node);
  if (program?.endsWith('.ts') && node === process.execPath) await runHere();
  else if (program !== undefined) runAsChild(node);
} catch (error) {
  // Any other error is a bug of the program or of ours; its stack says where.
  if (!(error instanceof InstallError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** Builds the web UI in a process of its own, which says line by line what it does. */
function buildBeside(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), '--web'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const output of [child.stdout, child.stderr]) {
    output.pipe(process.stderr, { end: false });
    output.unref();
  }
  child.once('error', ({ message }) => console.error(`The web UI is not built: ${message}`));
  child.unref();
}

/** Runs the program in this process, because a second process would cost 40 MB while it runs. */
async function runHere() {
  const file = join(root, program);
  process.argv.splice(1, Number.POSITIVE_INFINITY, file, ...args);
  await import(pathToFileURL(file).href);
}

/** Runs the program under another Node or with its own launcher, and exits as it exits. */
function runAsChild(node) {
  const [command, first] = program.endsWith('.ts') ? [node, [join(root, program)]] : [program, []];
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH];
  const child = spawn(command, [...first, ...args], {
    cwd: root,
    stdio: 'inherit',
    // A `node` that the program starts must be the same one.
    env: { ...process.env, PATH: path.join(delimiter) },
    // On Windows, the commands of packages are shell scripts.
    shell: first.length === 0 && process.platform === 'win32',
  });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  const watch = stopWhenOrphaned(child);
  child.once('error', (error) => {
    clearInterval(watch);
    console.error(`${program} could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.once('exit', (code, signal) => {
    clearInterval(watch);
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}

/** npm and the shell between us die of a SIGTERM without passing it on, so watch for their end. */
function stopWhenOrphaned(child) {
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, parentIntervalMs).unref();
}
