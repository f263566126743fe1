import type { Boundary } from './database-proxy.ts';
import type { Dice } from './dice.ts';

/** A fault and its moment. */
export interface Fault {
  readonly kind: FaultKind;
  /** The number of the server that it affects. */
  readonly slot: number;
  /**
   * The write of that server at which it happens; for a model call or a tool, the number of the
   * piece or call.
   */
  readonly boundary: Boundary;
  /** Milliseconds until it is repaired. */
  readonly lastsMs: number;
}

export type FaultKind = keyof typeof weights;

/** The frequency of each fault. */
const weights = {
  'server killed at a commit': 10,
  'server killed in a model call': 4,
  'server killed in a tool call': 3,
  'all servers killed': 1,
  'server told to stop': 2,
  'server frozen': 1.5,
  'server cut off from Postgres': 1.5,
  'connections to Postgres broken': 3,
  'Postgres refused to a server': 1,
  'Postgres crashed': 1.5,
  'Postgres stopped': 1,
};

export interface FaultPlanOptions {
  readonly servers: number;
  /** The approximate number of writes of each server. */
  readonly writes: number;
  readonly leaseSeconds: number;
}

/** Faults chosen by the dice. */
export function planFaults(dice: Dice, options: FaultPlanOptions): readonly Fault[] {
  return Array.from({ length: dice.between(1, 4) }, () => {
    const kind = dice.weighted<FaultKind>(weights);
    // Long enough for another server to take over its runs.
    const isZombie = kind === 'server frozen' || kind === 'server cut off from Postgres';
    const overLease = options.leaseSeconds * 1_000 + 1_500;
    return {
      kind,
      slot: dice.between(0, options.servers - 1),
      boundary: {
        number: dice.between(1, Math.max(1, options.writes)),
        side: dice.pick(['before', 'after'] as const),
      },
      lastsMs: isZombie && dice.chance(0.8) ? overLease : dice.between(0, 800),
    };
  });
}
