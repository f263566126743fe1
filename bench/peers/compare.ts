import { Pool } from 'undici';
import { type Figure, quantile } from '../figure.ts';
import { type LoadResult, load } from '../load.ts';
import { totalCpu } from '../usage.ts';
import type { Peer } from './peer.ts';

/** Loopwright or a peer, under the same load. */
export interface Side {
  readonly name: string;
  readonly request: () => Promise<void>;
  readonly processes: () => Promise<readonly number[]>;
}

/** A peer as a side of a comparison, with a number of reused connections. */
export function toSide(name: string, peer: Peer, connections: number) {
  const pool = new Pool(peer.url, { connections, pipelining: 1 });
  const headers = { 'content-type': 'application/json', ...peer.headers };
  const side: Side = {
    name,
    processes: peer.processes,
    async request() {
      const { path, body } = peer;
      const response = await pool.request({ method: 'POST', path, headers, body });
      const text = await response.body.text();
      if (response.statusCode !== 200 || !peer.isWell(text)) {
        throw new Error(`${name}: ${response.statusCode} ${text}`);
      }
    },
  };
  return { ...side, close: () => pool.close() };
}

/** How often the sides take turns, so that other load on the machine affects both. */
const rounds = 3;

/** Loads both sides in turn; returns the figures of each and their ratio. */
export async function compare(
  [ours, theirs]: readonly [Side, Side],
  { what, clients, seconds }: { what: string; clients: number; seconds: number },
): Promise<readonly Figure[]> {
  const sides = [newTally(ours), newTally(theirs)] as const;
  for (const { side } of sides) {
    await load({ clients, seconds: Math.min(3, seconds), request: side.request });
  }
  for (let round = 0; round < rounds; round++) {
    for (const tally of sides) await loadOnce(tally, { clients, seconds: seconds / rounds });
  }
  const [us, them] = sides.map(totals) as [Totals, Totals];
  const label = `${theirs.name}, ${what}, ${clients} ${clients === 1 ? 'client' : 'clients'}`;
  const row = (name: string, unit: Figure['unit'], of: keyof Totals): Figure[] => [
    { what: `${label}: ${name}, ours`, value: us[of], unit },
    { what: `${label}: ${name}, theirs`, value: them[of], unit },
    { what: `${label}: ${name}, ours / theirs`, value: us[of] / them[of], unit: '×' },
  ];
  return [
    ...row('requests', '/s', 'perSecond'),
    ...row('p50', 'ms', 'p50'),
    ...row('p99', 'ms', 'p99'),
    ...row('processor time of each', 'ms', 'processorMs'),
    {
      what: `${label}: errors of both`,
      value: us.errors + them.errors,
      unit: '',
      target: { atMost: 0 },
    },
  ];
}

interface Tally {
  readonly side: Side;
  readonly results: LoadResult[];
  seconds: number;
  processorSeconds: number;
}

const newTally = (side: Side): Tally => ({ side, results: [], seconds: 0, processorSeconds: 0 });

async function loadOnce(
  tally: Tally,
  options: { readonly clients: number; readonly seconds: number },
): Promise<void> {
  const { side } = tally;
  const pids = await side.processes();
  const before = await totalCpu(pids);
  const startedAt = performance.now();
  const result = await load({ ...options, request: side.request });
  tally.seconds += (performance.now() - startedAt) / 1_000;
  tally.processorSeconds += (await totalCpu(pids)) - before;
  if (result.firstError !== undefined) console.error(result.firstError);
  tally.results.push(result);
}

interface Totals {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly processorMs: number;
  readonly errors: number;
}

function totals({ results, seconds, processorSeconds }: Tally): Totals {
  const latenciesMs = results.flatMap((result) => result.latenciesMs);
  return {
    perSecond: latenciesMs.length / seconds,
    p50: quantile(latenciesMs, 0.5),
    p99: quantile(latenciesMs, 0.99),
    processorMs: (processorSeconds * 1_000) / latenciesMs.length,
    errors: results.reduce((sum, { errors }) => sum + errors, 0),
  };
}
