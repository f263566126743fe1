import { readdirSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { Noticed, Vitals, Watch } from './noticed.ts';

/*
 * An honest organization at work, and a look at the server meanwhile. It runs in a thread of its own: the
 * thread of an attack is busy with making megabytes, and its clock would measure itself.
 */

const { url, key, pid } = workerData as Watch;
/** Milliseconds between two things that one client of the organization does. */
const pauseMs = 50;
const probePauseMs = 10;
const vitalsPauseMs = 50;
/** Milliseconds after which an answer is given up. */
const longestMs = 60_000;

let isOver = false;
const noticed: { -readonly [Name in keyof Noticed]: Noticed[Name] } & {
  readonly probes: number[];
  readonly work: number[];
  readonly failures: string[];
} = { probes: [], work: [], failures: [], before: vitals(), most: vitals(), after: vitals() };

const headers = { 'x-api-key': key, 'content-type': 'application/json' };
const agent = { provider: 'mock', model: 'any' };
const messages = [{ role: 'user', content: 'Hello' }];
const kinds = [
  ['/v5/agents/call', { path: 'honest/agent', agent, messages }],
  ['/v5/agents/call', { path: 'honest/agent', agent, messages, stream: true }],
  ['/v5/prompts/log', { path: 'honest/prompt', prompt: agent, messages, output: 'Good day.' }],
] as const;

const all = [
  repeat(probePauseMs, noticed.probes, 'GET', '/healthz'),
  ...kinds.map(([path, body]) => repeat(pauseMs, noticed.work, 'POST', path, body)),
  watch(),
];
parentPort?.postMessage('ready');
parentPort?.once('message', async () => {
  isOver = true;
  await Promise.all(all);
  noticed.after = vitals();
  parentPort?.postMessage(noticed);
});

async function repeat(
  pause: number,
  durations: number[],
  method: string,
  path: string,
  body?: unknown,
): Promise<void> {
  while (!isOver) {
    const begun = performance.now();
    const failure = await ask(method, path, body);
    durations.push(performance.now() - begun);
    if (failure) noticed.failures.push(`${method} ${path}: ${failure}`);
    await sleep(pause);
  }
}

/** @returns what was wrong with the answer; undefined when it came. */
function ask(method: string, path: string, body: unknown): Promise<string | undefined> {
  return new Promise((resolve) => {
    // Not a pool of connections: each request knocks at the door.
    const asked = httpRequest(`${url}${path}`, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () =>
        resolve(response.statusCode === 200 ? undefined : `${response.statusCode} ${text}`),
      );
      response.on('error', (error) => resolve(error.message));
    });
    asked.setTimeout(longestMs, () => asked.destroy(new Error(`no answer in ${longestMs} ms`)));
    asked.on('error', (error) => resolve(error.message));
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function watch(): Promise<void> {
  while (!isOver) {
    const now = vitals();
    const { most } = noticed;
    noticed.most = {
      megabytes: Math.max(most.megabytes, now.megabytes),
      descriptors: Math.max(most.descriptors, now.descriptors),
    };
    await sleep(vitalsPauseMs);
  }
}

function vitals(): Vitals {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    megabytes: Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1_024),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  };
}
