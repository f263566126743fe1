import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { oneTurnAgent, question, storeAgent } from '../agents.ts';
import { type ApiClient, apiClient } from '../api-client.ts';
import { lostLogs, otherFailures, secondsUntilSuccess, startAsking } from '../asking.ts';
import { type Bench, type Figure, quantile } from '../figure.ts';
import { type BenchPostgres, startPostgres } from '../postgres.ts';
import { startServer, withFolder } from '../server.ts';
import { readUsage } from '../usage.ts';

const clients = 32;
const goneMs = 30_000;
/** The number of runs under way when the database fails. */
const runCount = 50;
/** How long these runs may take to end after the database is back. */
const patienceMs = 60_000;
const pollMs = 500;
/** A request waits up to 5 s for a connection, after up to 1.5 s until the heartbeat notices. */
const mostMs = 8_000;

const step = { delay_ms: 5_000, tool_calls: [{ name: 'look_up', arguments: {} }] };
const slowAgent = {
  ...oneTurnAgent,
  path: 'bench/slow',
  other: { script: [step, { delay_ms: 5_000, content: 'Your balance is 1250.75 GBP.' }] },
};

/** A way in which the database fails and comes back. */
interface Way {
  readonly name: string;
  readonly go: (postgres: BenchPostgres) => Promise<void>;
  readonly comeBack: (postgres: BenchPostgres) => Promise<void>;
}

const ways: readonly Way[] = [
  { name: 'killed', go: ({ kill }) => kill(), comeBack: ({ start }) => start() },
  // Like a network that drops all packets: connections stay open, and nothing answers.
  { name: 'silent', go: ({ freeze }) => freeze(), comeBack: ({ thaw }) => thaw() },
];

/**
 * How a server behaves under load while its database is away for 30 seconds, and afterwards. The
 * benchmark runs the database, because a Postgres that the server started itself is restarted
 * within a second.
 */
export async function measureOutage(bench: Bench): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const way of ways) {
    const measured = await measureWay(bench, way);
    figures.push(...measured.map((figure) => ({ ...figure, what: `${way.name}: ${figure.what}` })));
  }
  return figures;
}

function measureWay({ seconds, profileDir }: Bench, { go, comeBack }: Way): Promise<Figure[]> {
  return withFolder(async (folder) => {
    const postgres = await startPostgres(join(folder, 'database'), 'bench');
    const env = {
      DATABASE_URL: postgres.url('bench'),
      LOOPWRIGHT_SECRET_KEY: randomBytes(32).toString('base64'),
      // The server's log of each failure is not part of the measurement.
      LOG_LEVEL: 'error',
    };
    const server = await startServer({ dataDir: join(folder, 'data'), profileDir, env });
    const client = apiClient(server, clients + runCount + 1);
    const serverMemory = async () =>
      (await readUsage({ ...server, dataDir: postgres.dataDir })).memory.server;
    try {
      await storeAgent(client, oneTurnAgent);
      const slowId = await storeAgent(client, slowAgent);
      const asking = startAsking(client, oneTurnAgent.path, clients);
      await sleep(seconds * 1_000);
      const before = await serverMemory();
      const runs = countAnswers(client);
      await sleep(1_000);

      await go(postgres);
      const goneAt = performance.now();
      let most = 0;
      while (performance.now() - goneAt < goneMs) {
        most = Math.max(most, await serverMemory());
        await sleep(pollMs);
      }
      const backAt = performance.now();
      await comeBack(postgres);
      const complete = await completeRuns(client, slowId);
      const resumedMs = performance.now() - backAt;
      const told = await runs;
      const asked = await asking.stop();

      // Including calls that were under way when it failed, which would wait the longest.
      const meanwhile = asked.filter(
        ({ sentAt, tookMs }) => sentAt + tookMs > goneAt && sentAt < backAt,
      );
      const times = meanwhile.map(({ tookMs }) => tookMs);
      return [
        { what: 'requests meanwhile', value: meanwhile.length, unit: '' },
        { what: 'answered in, p50', value: quantile(times, 0.5), unit: 'ms' },
        {
          what: 'answered in, at most',
          value: Math.max(...times),
          unit: 'ms',
          target: { atMost: mostMs },
        },
        otherFailures(asked),
        { what: 'well again after', value: secondsUntilSuccess(asked, backAt), unit: 's' },
        { what: 'server memory before', value: before, unit: 'MB' },
        { what: 'server memory meanwhile, most', value: most, unit: 'MB' },
        { what: 'server memory afterwards', value: await serverMemory(), unit: 'MB' },
        {
          what: `of ${runCount} runs under way, complete in the end`,
          value: complete,
          unit: '',
          target: { atLeast: runCount },
        },
        { what: 'these took', value: resumedMs / 1_000, unit: 's' },
        { what: 'of their clients, told so', value: told.complete, unit: '' },
        { what: 'of their clients, told to come back', value: told.comeBack, unit: '' },
        await lostLogs(postgres.connection('bench'), asked),
      ];
    } finally {
      await client.close();
      await server.stop();
      await postgres.stop();
    }
  });
}

/** Calls the slow agent; returns how many calls got which kind of answer. */
async function countAnswers(client: ApiClient) {
  const body = JSON.stringify({ path: slowAgent.path, ...question });
  const answers = await Promise.all(
    Array.from({ length: runCount }, () => client.ask('/v5/agents/call', body)),
  );
  const complete = answers.filter(({ text }) => text.includes('"log_status":"complete"'));
  return {
    complete: complete.length,
    comeBack: answers.filter(({ status, retryAfter }) => status === 503 && retryAfter).length,
  };
}

/** Waits until all runs of the slow agent have succeeded, or its patience is over. */
async function completeRuns(client: ApiClient, fileId: string): Promise<number> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const complete = await countComplete(client, fileId).catch(() => 0);
    if (complete >= runCount || performance.now() > giveUpAt) return complete;
    await sleep(pollMs);
  }
}

async function countComplete(client: ApiClient, fileId: string): Promise<number> {
  const { records } = (await client.get(`/v5/logs?file_id=${fileId}&size=${runCount}`)) as {
    readonly records: readonly { readonly log_status: string; readonly error: string | null }[];
  };
  return records.filter(({ log_status, error }) => log_status === 'complete' && error === null)
    .length;
}
