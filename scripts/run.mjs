// Runs a program of this repository on a Node that can run it, with the packages that it needs.
//
//   node scripts/run.mjs [--all] <program> [arguments…]
//
// <program> is a TypeScript file, or a command of a package (`vitest`). With --all, the packages for
// development are installed too; without it, those alone that the server needs. Every script of
// package.json goes through this file, so a fresh clone needs no other step. Here and in
// scripts/install is plain JavaScript that Node 18 reads, and nothing is imported from node_modules:
// there may be none yet.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled } from './install/install.mjs';
import { InstallError } from './install/install-error.mjs';
import { root } from './install/root.mjs';

/** Milliseconds between two looks for the parent. */
const parentIntervalMs = 500;

const given = process.argv.slice(2);
const all = given[0] === '--all';
const [program, ...args] = all ? given.slice(1) : given;

try {
  const node = await ensureInstalled({ all });
  if (program?.endsWith('.ts') && node === process.execPath) await runHere();
  else if (program !== undefined) runAsChild(node);
} catch (error) {
  // Anything else is a fault of the program, or of ours: its stack says where.
  if (!(error instanceof InstallError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** Runs the program in this process: a second one would cost 40 MB for as long as it runs. */
async function runHere() {
  const file = join(root, program);
  process.argv.splice(1, Number.POSITIVE_INFINITY, file, ...args);
  await import(pathToFileURL(file).href);
}

/** Runs the program under another Node, or through its own launcher, and ends as it ends. */
function runAsChild(node) {
  const [command, first] = program.endsWith('.ts') ? [node, [join(root, program)]] : [program, []];
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH];
  const child = spawn(command, [...first, ...args], {
    cwd: root,
    stdio: 'inherit',
    // What the program starts by the name `node` is to be the same one.
    env: { ...process.env, PATH: path.join(delimiter) },
    // On Windows the commands of packages are scripts of the shell.
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

/** npm, and the shell between us, die of a SIGTERM without handing it on. */
function stopWhenOrphaned(child) {
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, parentIntervalMs).unref();
}
