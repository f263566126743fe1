import { spawn } from 'node:child_process';
import { basename } from 'node:path';

/** Milliseconds that npm has to end when it is told to. */
const patienceMs = 1_000;

/**
 * Installs the packages that the lockfile of a folder names, without running their install scripts:
 * none of them is needed.
 *
 * It runs `npm install`, not `npm ci`, which would remove the packages first: a server may be
 * running on them.
 *
 * @param options.all include the packages for development.
 * @param options.onStart gets the id of npm's process.
 * @returns how npm ended: `{status, signal}`, or `{error}` when it could not be started.
 */
export function runNpm(folder, { all, onStart }) {
  const { npm_node_execpath: node, npm_execpath: cli } = process.env;
  // Use the npm that runs us; when that is yarn, pnpm or none, the npm on PATH.
  const isNpm = node && cli && basename(cli) === 'npm-cli.js';
  const [command, first] = isNpm ? [node, [cli]] : ['npm', []];
  const child = spawn(command, [...first, ...options({ all })], {
    cwd: folder,
    shell: !isNpm && process.platform === 'win32',
    // stdout of npm goes to stderr, because stdout belongs to the program that will run.
    stdio: ['ignore', 2, 2],
  });
  if (child.pid !== undefined) onStart(child.pid);
  return new Promise((resolve) => {
    let signal = null;
    const stop = (name) => {
      signal ??= name;
      child.kill(name);
      // npm would first finish its downloads, however long they take.
      setTimeout(() => child.kill('SIGKILL'), patienceMs).unref();
    };
    // Wait for npm's end when we get a signal: it would go on alone.
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const name of signals) process.on(name, stop);
    const settle = (ending) => {
      for (const name of signals) process.off(name, stop);
      resolve(ending);
    };
    child.once('error', (error) => settle({ error }));
    child.once('exit', (status, ended) => settle({ status, signal: signal ?? ended }));
  });
}

function options({ all }) {
  return [
    'install',
    '--no-save',
    '--ignore-scripts',
    // Explicit, because NODE_ENV=production or npm settings of the account would leave packages
    // out.
    all ? '--include=dev' : '--omit=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    // npm's progress bar would overwrite ours.
    '--no-progress',
    '--loglevel=error',
  ];
}
