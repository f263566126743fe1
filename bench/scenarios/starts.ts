import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { agentCall, oneTurnAgent, storeAgent } from '../agents.ts';
import { apiClient } from '../api-client.ts';
import { type Figure, median } from '../figure.ts';
import { type Server, startServer, withFolder } from '../server.ts';
import { readUsage } from '../usage.ts';

const rounds = 3;
const idleMs = 5_000;

interface Start {
  readonly listening: number;
  /** When the first call was answered. In a first start, the agent is stored before that. */
  readonly answered: number;
}

/**
 * How long a start takes with an empty data folder and with an existing database, and the memory of
 * the server afterwards.
 */
export async function measureStarts(): Promise<readonly Figure[]> {
  const first: Start[] = [];
  const later: Start[] = [];
  for (let round = 0; round < rounds; round++) {
    await withFolder(async (folder) => {
      const dataDir = join(folder, 'data');
      first.push(await timeStart(dataDir, true));
      later.push(await timeStart(dataDir, false));
    });
  }
  return [
    ...toFigures('first start', first, 3_000),
    ...toFigures('later start', later, 1_000),
    ...(await idleMemory()),
  ];
}

async function timeStart(dataDir: string, isFirst: boolean): Promise<Start> {
  const server = await startServer({ dataDir });
  const client = apiClient(server, 1);
  try {
    if (isFirst) await storeAgent(client, oneTurnAgent);
    await agentCall(client, oneTurnAgent)();
    return {
      listening: server.listeningAfterMs,
      answered: performance.now() - server.spawnedAt,
    };
  } finally {
    await client.close();
    await server.stop();
  }
}

function toFigures(what: string, starts: readonly Start[], atMost: number): Figure[] {
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
    const { memory } = await readUsage(server);
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
