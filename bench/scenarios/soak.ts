import { agentCall, missingLogs, oneTurnAgent, storeAgent } from '../agents.ts';
import { type Bench, type Figure, quantile } from '../figure.ts';
import { growthPercent } from '../growth.ts';
import { load } from '../load.ts';
import { type Server, withServer } from '../server.ts';
import { readUsage, type Usage } from '../usage.ts';

const clients = 32;
/** Ten minutes when other loads last ten seconds. */
const timesAsLong = 60;
/** How many samples of the memory are taken. */
const looks = 120;

/** One-turn calls for a long time: no call fails, no log is lost, and memory does not grow. */
export function measureSoak({ seconds, profileDir }: Bench): Promise<readonly Figure[]> {
  return withServer({ clients, profileDir }, async (server, client) => {
    const fileId = await storeAgent(client, oneTurnAgent);
    const request = agentCall(client, oneTurnAgent);
    const soakSeconds = seconds * timesAsLong;
    const watching = watchMemory(server, (soakSeconds * 1_000) / looks);
    const result = await load({ clients, seconds: soakSeconds, request });
    const memory = await watching.stop();
    if (result.firstError !== undefined) console.error(result.firstError);
    const { latenciesMs } = result;
    const half = Math.floor(latenciesMs.length / 2);
    return [
      { what: 'lasted', value: soakSeconds, unit: 's' },
      {
        what: `one-turn calls, ${clients} clients`,
        value: result.perSecond,
        unit: '/s',
        target: { atLeast: 800 },
      },
      { what: 'errors', value: result.errors, unit: '', target: { atMost: 0 } },
      {
        what: 'latency p99, first half',
        value: quantile(latenciesMs.slice(0, half), 0.99),
        unit: 'ms',
      },
      {
        what: 'latency p99, second half',
        value: quantile(latenciesMs.slice(half), 0.99),
        unit: 'ms',
      },
      ...memoryFigures('server', memory),
      ...memoryFigures('postgres', memory),
      await missingLogs(client, fileId, result.answered),
    ];
  });
}

type Memory = Usage['memory'];

function watchMemory(server: Server, intervalMs: number) {
  const seen: Memory[] = [];
  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    looking = readUsage(server).then(({ memory }) => void seen.push(memory));
  }, intervalMs);
  return {
    async stop(): Promise<readonly Memory[]> {
      clearInterval(timer);
      await looking;
      return seen;
    },
  };
}

function memoryFigures(who: keyof Memory, seen: readonly Memory[]): Figure[] {
  const values = seen.map((memory) => memory[who]);
  const secondHalf = values.slice(Math.floor(values.length / 2));
  const name = who === 'server' ? 'server' : 'Postgres';
  return [
    {
      what: `${name} memory after a quarter`,
      value: values[Math.floor(values.length / 4)] ?? Number.NaN,
      unit: 'MB',
    },
    { what: `${name} memory in the end`, value: values.at(-1) ?? Number.NaN, unit: 'MB' },
    { what: `${name} memory, most`, value: Math.max(...values), unit: 'MB' },
    {
      what: `${name} memory, growth over the second half`,
      value: growthPercent(secondHalf),
      unit: '%',
      target: { atMost: 5 },
    },
  ];
}
