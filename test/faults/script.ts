import { Dice, seedOf } from './dice.ts';

/** How a client asks: and waits, and reads as it comes, or and looks later. */
type Manner = 'plain' | 'stream' | 'async';

/** What a client is going to do. */
export interface Script {
  readonly logId: string;
  readonly planSeed: number;
  readonly save: boolean;
  readonly manner: Manner;
  /** The server that it asks first. */
  readonly server: number;
  /** True: it asks that one whenever it runs, rather than the next one each time. */
  readonly isSteadfast: boolean;
  /** True: the run is followed by another stream as well. */
  readonly watches: boolean;
  readonly cancels: boolean;
  /** True: its log is deleted, at some moment. */
  readonly deletes: boolean;
  /** True: its calls bring keys for vendors for which the servers have none. */
  readonly bringsKeys: boolean;
  /** True: its call and its cancel have an `Idempotency-Key`, as its continues have. */
  readonly isKeyed: boolean;
  /** What it does with a run that waits for it, and how often. */
  readonly choices: Readonly<Partial<Record<Choice, number>>>;
  /** Of what the client does on its way. */
  readonly seed: number;
}

/**
 * Answer once, twice the same, twice with one key, twice otherwise; answer a nested agent; or not at
 * all.
 */
export type Choice = 'answer' | 'twice' | 'keyed' | 'rivals' | 'child' | 'leave';

export const noChoice: Readonly<Record<Choice, number>> = {
  answer: 0,
  twice: 0,
  keyed: 0,
  rivals: 0,
  child: 0,
  leave: 0,
};

/** What the client of a seed does. */
export function scriptOf(seed: number, servers: number): Script {
  const dice = new Dice(seed);
  const save = !dice.chance(0.08);
  const script = {
    logId: `run-${seed}`,
    planSeed: seedOf(seed, 1),
    save,
    // Who has nothing stored cannot ask for it later.
    manner: dice.weighted<Manner>({ plain: 3, stream: 4, async: save ? 2 : 0 }),
    server: dice.between(0, servers - 1),
    isSteadfast: false,
    watches: save && dice.chance(0.3),
    cancels: dice.chance(0.08),
    seed: seedOf(seed, 2),
  };
  const bringsKeys = dice.chance(0.125);
  const deletes = !script.cancels && dice.chance(0.05);
  const choices = {
    answer: 10,
    twice: 2,
    keyed: 2,
    rivals: 2,
    ...(save ? { child: 6 } : {}),
    // What waits is deleted, too. What is interrupted below a run that waits is to be gone on with.
    leave: bringsKeys ? 0 : deletes ? 4 : 0.7,
  };
  return { ...script, bringsKeys, deletes, isKeyed: dice.chance(0.3), choices };
}
