import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { connectionTo } from '../../src/database/postgres/connection.ts';
import { openPostgresFolder } from '../../src/database/postgres/folder.ts';
import { addOrganization } from '../support/organizations.ts';
import { isRunning } from '../support/processes.ts';
import { type Server, testServers } from '../support/server.ts';
import type { Attack, Attacker, Said } from './attack.ts';
import { lineOf, type Noticed, quantile, type Watch } from './noticed.ts';
import { startOrigin, type TestOrigin } from './origin.ts';
import { processesBelow } from './processes-below.ts';

/** How much of an answer is kept, in characters. */
const keptCharacters = 1_000_000;

/**
 * What no attack may do to others. On two quiet cores nobody is held for more than 200 ms, and p99 is
 * below a second: that is printed, since a machine that is busy says nothing about it. These are the
 * bounds that hold on any machine.
 */
const bounds = { heldMs: 3_000, workMs: 5_000, megabytes: 500, descriptors: 1_000 };

/** Clients of the attacker keep their connections for some seconds. */
const descriptorsLeft = 500;

/** A server that is attacked, with an organization that works and one that attacks. */
export interface Target {
  /** Plays an attack while the honest organization works, and expects that the bounds hold. */
  withstand(attack: Attack): Promise<void>;
}

/**
 * Starts the server of a test file, and expects after all attacks that nothing is left of it.
 *
 * @param longestMs how long an attack may take, in milliseconds; then its requests are ended.
 */
export function testTarget(longestMs: number): Target {
  const servers = testServers();
  const honestKey = `lw_sk_${randomBytes(16).toString('hex')}`;
  const attackerKey = `lw_sk_${randomBytes(16).toString('hex')}`;
  let server: Server;
  let origin: TestOrigin;

  beforeAll(async () => {
    const env = { LOOPWRIGHT_API_KEY: honestKey, LOOPWRIGHT_ALLOWED_PRIVATE_HOSTS: '127.0.0.1' };
    const dataDir = await servers.newDataFolder();
    server = await servers.start({ dataDir, env });
    origin = await startOrigin();
    const database = openDatabase(await connectionTo(await openPostgresFolder(dataDir)), {
      max: 1,
    });
    await addOrganization({ database }, attackerKey);
    await database.close();
  });

  afterAll(async () => {
    origin.close();
    // Postgres outlives a server that is killed: the next one goes on with it.
    const postgres = (await server.postgresPid()) ?? 0;
    const kept = [postgres, ...processesBelow(postgres)];
    const left = processesBelow(server.pid).filter((pid) => !kept.includes(pid));
    await server.kill('SIGKILL');
    await vi.waitFor(() => expect(left.filter(isRunning)).toEqual([]), { timeout: 10_000 });
  });

  return {
    async withstand(attack) {
      const stopped = new AbortController();
      const honest = await work({ url: server.url, key: honestKey, pid: server.pid });
      // What it does before and after the attack counts, too.
      await sleep(300);
      const timer = setTimeout(() => stopped.abort(), longestMs);
      const attacker = { ...attackerOn(server, attackerKey, stopped.signal), origin };
      await attack.play(attacker).finally(() => {
        clearTimeout(timer);
        stopped.abort();
      });
      await sleep(300);
      const noticed = await honest.stop();
      process.stdout.write(`${lineOf(attack.name, noticed)}\n`);
      expectHeld(noticed);
    },
  };
}

function expectHeld({ failures, probes, work, before, most, after }: Noticed): void {
  expect.soft(failures, 'answers to the honest organization that were none').toEqual([]);
  expect.soft(Math.max(...probes), 'ms for which nobody was served').toBeLessThan(bounds.heldMs);
  expect.soft(quantile(work, 0.99), 'p99 of honest work').toBeLessThan(bounds.workMs);
  expect
    .soft(most.megabytes - before.megabytes, 'MB that the server took')
    .toBeLessThan(bounds.megabytes);
  expect.soft(most.descriptors, 'descriptors of the server').toBeLessThan(bounds.descriptors);
  expect
    .soft(after.descriptors - before.descriptors, 'descriptors left')
    .toBeLessThan(descriptorsLeft);
}

async function work(watch: Watch): Promise<{ stop(): Promise<Noticed> }> {
  const worker = new Worker(new URL('honest-client.ts', import.meta.url), {
    workerData: watch,
    execArgv: [],
  });
  const failed = once(worker, 'error').then(([error]) => Promise.reject(error));
  const next = () => Promise.race([once(worker, 'message'), failed]);
  await next();
  return {
    async stop() {
      const noticed = next();
      worker.postMessage('stop');
      const [told] = await noticed;
      await worker.terminate();
      return told as Noticed;
    },
  };
}

function attackerOn(server: Server, key: string, signal: AbortSignal): Omit<Attacker, 'origin'> {
  return {
    signal,
    async send(method, path, body, headers = {}) {
      const given =
        body === undefined || typeof body === 'string' || body instanceof Uint8Array
          ? (body as string | undefined)
          : JSON.stringify(body);
      try {
        const response = await server.fetch(path, {
          method,
          ...(given === undefined ? {} : { body: given }),
          headers: { 'x-api-key': key, 'content-type': 'application/json', ...headers },
          signal,
        });
        return { status: response.status, ...(await readAll(response)) };
      } catch (error) {
        return { status: 0, text: String(error), length: 0 };
      }
    },
    write: (text) => written(Number(server.port), text, signal),
  };
}

async function readAll({ body }: Response): Promise<Pick<Said, 'text' | 'length'>> {
  let text = '';
  let length = 0;
  for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    length += piece.length;
    if (text.length < keptCharacters) text += piece;
  }
  return { text: text.slice(0, keptCharacters), length };
}

function written(port: number, text: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const socket = createConnection({ port, host: '127.0.0.1', signal });
    socket.setEncoding('utf8').on('data', (piece: string) => {
      said += piece;
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(said));
    socket.write(text);
  });
}
