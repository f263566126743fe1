import type { Boundary } from './database-proxy.ts';
import type { Dice } from './dice.ts';

/** Something that goes wrong, and when. */
export interface Fault {
  readonly kind: FaultKind;
  /** The server that it is about. */
  readonly slot: number;
  /** The write of that server at which it happens; of a model call or a tool, which one. */
  readonly boundary: Boundary;
  /** Milliseconds until what went wrong is put right. */
  readonly lastsMs: number;
}

export type FaultKind = keyof typeof weights;

/** What goes wrong how often. */
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
  /** About how many writes each server will make. */
  readonly writes: number;
  readonly leaseSeconds: number;
}

/** Some faults, as the dice have it. */
export function planFaults(dice: Dice, options: FaultPlanOptions): readonly Fault[] {
  return Array.from({ length: dice.between(1, 4) }, () => {
    const kind = dice.weighted<FaultKind>(weights);
    // Long enough for somebody else to take over what it did.
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
