import { setTimeout as sleep } from 'node:timers/promises';
import { oneTurnAgent, storeAgent } from '../agents.ts';
import { openStreams } from '../event-delays.ts';
import { type Bench, type Figure, quantile } from '../figure.ts';
import { withServer } from '../server.ts';
import { readUsage } from '../usage.ts';

const idleCount = 5_000;
const busyCount = 500;
/**
 * Milliseconds between two events of a busy stream. The timer is a few milliseconds late, so 500
 * streams send about 10,500 events per second.
 */
const eventIntervalMs = 45;
/** A pause before the measurement, in which garbage from opening the streams is collected. */
const settleMs = 5_000;

/** Thinks for an hour. */
const idleAgent = {
  ...oneTurnAgent,
  path: 'bench/idle',
  other: { script: [{ delay_ms: 3_600_000 }] },
};

/** An agent that streams words for this many seconds. */
function busyAgent(seconds: number) {
  const words = Math.ceil((seconds * 1_000) / eventIntervalMs);
  const step = { content: 'word '.repeat(words), word_delay_ms: eventIntervalMs };
  return { ...oneTurnAgent, path: 'bench/busy', other: { script: [step] } };
}

/** The memory of open streams, and the delay of events when many are sent at the same time. */
export function measureOpenStreams({ seconds, profileDir }: Bench): Promise<readonly Figure[]> {
  return withServer({ clients: 1, profileDir }, async (server, client) => {
    const busy = busyAgent(seconds + 60);
    await storeAgent(client, idleAgent);
    await storeAgent(client, busy);
    // The first streams create what all others share.
    const first = await openStreams(server, idleAgent.path, 100);
    await sleep(settleMs);
    const before = await readUsage(server);
    const idle = await openStreams(server, idleAgent.path, idleCount);
    await sleep(settleMs);
    const open = await readUsage(server);
    const heldMb = open.memory.server - before.memory.server;

    const talking = await openStreams(server, busy.path, busyCount);
    await sleep(settleMs);
    talking.takeDelays();
    const startedAt = performance.now();
    await sleep(seconds * 1_000);
    const delays = talking.takeDelays();
    const took = (performance.now() - startedAt) / 1_000;
    const after = await readUsage(server);
    for (const streams of [talking, idle, first]) await streams.close();
    return [
      {
        what: `memory of each of ${idleCount} idle streams`,
        value: (heldMb * 1_024) / idleCount,
        unit: 'KB',
        target: { atMost: 30 },
      },
      { what: 'server memory with them', value: open.memory.server, unit: 'MB' },
      { what: 'server memory with busy ones too', value: after.memory.server, unit: 'MB' },
      {
        what: `events of ${busyCount} busy streams beside them`,
        value: delays.length / took,
        unit: '/s',
        target: { atLeast: 10_000 },
      },
      { what: 'event delay p50', value: quantile(delays, 0.5), unit: 'ms' },
      {
        what: 'event delay p99',
        value: quantile(delays, 0.99),
        unit: 'ms',
        target: { atMost: 50 },
      },
    ];
  });
}
