import { type Figure, quantile } from './figure.ts';
import { load } from './load.ts';
import type { Server } from './server.ts';
import { readUsage, type Usage } from './usage.ts';

export interface ThroughputOptions {
  /** The name of the measured unit: `one-turn calls`. */
  readonly what: string;
  readonly clients: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly request: () => Promise<void>;
}

/** Measures the throughput of a server after a warm-up, and the resources that it uses. */
export async function throughput(
  server: Server,
  options: ThroughputOptions,
): Promise<{ readonly figures: readonly Figure[]; readonly answered: number }> {
  const warmUp = await load({ ...options, seconds: Math.min(3, options.seconds) });
  const before = await readUsage(server);
  const startedAt = performance.now();
  const result = await load(options);
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = await readUsage(server);
  const firstError = warmUp.firstError ?? result.firstError;
  if (firstError !== undefined) console.error(firstError);
  return {
    answered: warmUp.answered + result.answered,
    figures: [
      {
        what: `${options.what}, ${options.clients} clients`,
        value: result.perSecond,
        unit: '/s',
        target: { atLeast: options.perSecond },
      },
      { what: 'errors', value: warmUp.errors + result.errors, unit: '', target: { atMost: 0 } },
      { what: 'latency p50', value: quantile(result.latenciesMs, 0.5), unit: 'ms' },
      { what: 'latency p99', value: quantile(result.latenciesMs, 0.99), unit: 'ms' },
      ...processorFigures(before, after, { seconds, answered: result.answered }),
      { what: 'server memory before', value: before.memory.server, unit: 'MB' },
      { what: 'server memory after', value: after.memory.server, unit: 'MB' },
      { what: 'Postgres memory before', value: before.memory.postgres, unit: 'MB' },
      { what: 'Postgres memory after', value: after.memory.postgres, unit: 'MB' },
    ],
  };
}

function processorFigures(
  before: Usage,
  after: Usage,
  { seconds, answered }: { readonly seconds: number; readonly answered: number },
): Figure[] {
  const spent = (who: keyof Usage['cpu']) => after.cpu[who] - before.cpu[who];
  const [server, postgres, load] = [spent('server'), spent('postgres'), spent('load')];
  const others = Math.max(spent('machine') - server - postgres - load, 0);
  const each = (seconds: number) => (seconds * 1_000) / answered;
  return [
    // These figures are valid on a busy machine too, unlike the number of requests per second.
    { what: 'processor time for each: server', value: each(server), unit: 'ms' },
    { what: 'processor time for each: Postgres', value: each(postgres), unit: 'ms' },
    { what: 'processors: server', value: server / seconds, unit: 'cores' },
    { what: 'processors: Postgres', value: postgres / seconds, unit: 'cores' },
    { what: 'processors: load', value: load / seconds, unit: 'cores' },
    // Includes the kernel's work for the disk; much more means that the machine is not quiet.
    { what: 'processors: all else', value: others / seconds, unit: 'cores' },
  ];
}
