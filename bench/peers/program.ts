import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { findDescendants } from '../usage.ts';
import { peersFolder } from './install.ts';

/** A peer that listens on a loopback port. */
export interface Program {
  readonly url: string;
  /** The process ids of the program and its children. */
  processes(): Promise<readonly number[]>;
  stop(): Promise<void>;
}

const startPatienceMs = 60_000;

/**
 * Runs a program of a peer with our own Node, and waits until its port accepts connections.
 *
 * @param argsOf its path and arguments, for the port that it should use.
 * @param env its whole environment, without anything of ours and without telemetry.
 */
export async function startProgram(
  argsOf: (port: number) => readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Program> {
  const port = await freePort();
  const child = spawn(process.execPath, [...argsOf(port)], {
    cwd: peersFolder,
    env: { PATH: binariesFolder(), HOME: peersFolder, NODE_ENV: 'production', ...env },
    // Logging each request would slow the peers, so their output is dropped; only errors are shown.
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  const pid = child.pid as number;
  const url = `http://127.0.0.1:${port}`;
  const giveUpAt = performance.now() + startPatienceMs;
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`A peer ended: ${argsOf(port).join(' ')}`);
    if (performance.now() > giveUpAt) throw new Error(`A peer is slow: ${argsOf(port).join(' ')}`);
    await sleep(100);
  }
  return {
    url,
    processes: async () => [pid, ...(await findDescendants(pid))],
    async stop() {
      const ended = once(child, 'exit');
      // Its children too: it has a process group of its own.
      process.kill(-pid, 'SIGKILL');
      await ended;
    },
  };
}

function binariesFolder(): string {
  return process.execPath.replace(/[^/\\]+$/, '');
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
