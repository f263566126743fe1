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
  /** What it does with a run that waits for it, and how often. */
  readonly choices: Readonly<Partial<Record<Choice, number>>>;
  /** Of what the client does on its way. */
  readonly seed: number;
}

/** Answer once, twice the same, twice otherwise; answer a nested agent; or not at all. */
export type Choice = 'answer' | 'twice' | 'rivals' | 'child' | 'leave';

export const noChoice: Readonly<Record<Choice, number>> = {
  answer: 0,
  twice: 0,
  rivals: 0,
  child: 0,
  leave: 0,
};

/** What the client of a seed does. */
export function scriptOf(seed: number, servers: number): Script {
  const dice = new Dice(seed);
  const save = !dice.chance(0.08);
  return {
    logId: `run-${seed}`,
    planSeed: seedOf(seed, 1),
    save,
    // Who has nothing stored cannot ask for it later.
    manner: dice.weighted({ plain: 3, stream: 4, async: save ? 2 : 0 }),
    server: dice.between(0, servers - 1),
    isSteadfast: false,
    watches: save && dice.chance(0.3),
    cancels: dice.chance(0.08),
    choices: { answer: 10, twice: 3, rivals: 2, ...(save ? { child: 6 } : {}), leave: 0.7 },
    seed: seedOf(seed, 2),
  };
}
