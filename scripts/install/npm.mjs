import { spawn } from 'node:child_process';
import { basename } from 'node:path';

/** Milliseconds that npm has to end by itself when it is told to. */
const patienceMs = 1_000;

/**
 * Installs the packages that the lockfile of a folder names. Scripts of packages are not run: none of
 * them is needed.
 *
 * `npm install` and not `npm ci`, which removes the packages first: a server may be running on them.
 *
 * @param options.all the packages for development too.
 * @param options.onStart is given the number of npm's process.
 * @returns how npm ended: `{status, signal}`, or `{error}` when it could not be started.
 */
export function runNpm(folder, { all, onStart }) {
  const { npm_node_execpath: node, npm_execpath: cli } = process.env;
  // The npm that runs us. Where that is yarn or pnpm, or nobody, the npm on PATH.
  const isNpm = node && cli && basename(cli) === 'npm-cli.js';
  const [command, first] = isNpm ? [node, [cli]] : ['npm', []];
  const child = spawn(command, [...first, ...options({ all })], {
    cwd: folder,
    shell: !isNpm && process.platform === 'win32',
    // What it prints is not the output of the script that was asked for.
    stdio: ['ignore', 2, 2],
  });
  if (child.pid !== undefined) onStart(child.pid);
  return new Promise((resolve) => {
    let signal = null;
    const stop = (name) => {
      signal ??= name;
      child.kill(name);
      // npm finishes its downloads first, however long they take.
      setTimeout(() => child.kill('SIGKILL'), patienceMs).unref();
    };
    // We wait for npm's end: it would go on alone.
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
    // Said in full: NODE_ENV=production and settings of the account would leave packages out.
    all ? '--include=dev' : '--omit=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    // It would write over ours.
    '--no-progress',
    '--loglevel=error',
  ];
}
