import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { callOf, oneTurnAgent, storeAgent } from '../agents.ts';
import { apiClient } from '../api-client.ts';
import { type Figure, median } from '../figure.ts';
import { type Server, startServer, withFolder } from '../server.ts';
import { usageOf } from '../usage.ts';

const rounds = 3;
const idleMs = 5_000;

interface Start {
  readonly listening: number;
  /** The first call that was answered; before it, the first start stores the agent. */
  readonly answered: number;
}

/** How long a start takes, on an empty data folder and on one with a database; and what it holds then. */
export async function measureStarts(): Promise<readonly Figure[]> {
  const first: Start[] = [];
  const later: Start[] = [];
  for (let round = 0; round < rounds; round++) {
    await withFolder(async (folder) => {
      const dataDir = join(folder, 'data');
      first.push(await timeOf(dataDir, true));
      later.push(await timeOf(dataDir, false));
    });
  }
  return [
    ...figuresOf('first start', first, 3_000),
    ...figuresOf('later start', later, 1_000),
    ...(await idleMemory()),
  ];
}

async function timeOf(dataDir: string, isFirst: boolean): Promise<Start> {
  const server = await startServer({ dataDir });
  const client = apiClient(server, 1);
  try {
    if (isFirst) await storeAgent(client, oneTurnAgent);
    await callOf(client, oneTurnAgent)();
    return {
      listening: server.listeningAfterMs,
      answered: performance.now() - server.spawnedAt,
    };
  } finally {
    await client.close();
    await server.stop();
  }
}

function figuresOf(what: string, starts: readonly Start[], atMost: number): Figure[] {
  const listening = median(starts.map((start) => start.listening));
  const answered = median(starts.map((start) => start.answered));
  return [
    { what: `${what}: listening`, value: listening, unit: 'ms', target: { atMost } },
    { what: `${what}: first call answered`, value: answered, unit: 'ms' },
  ];
}

async function idleMemory(): Promise<Figure[]> {
  const { server, postgres } = await withFolder(async (folder) => {
    const server: Server = await startServer({ dataDir: join(folder, 'data') });
    await sleep(idleMs);
    const { memory } = await usageOf(server);
    await server.stop();
    return memory;
  });
  const what = 'idle memory';
  return [
    { what: `${what}: server`, value: server, unit: 'MB' },
    { what: `${what}: Postgres`, value: postgres, unit: 'MB' },
    { what, value: server + postgres, unit: 'MB', target: { atMost: 250 } },
  ];
}
