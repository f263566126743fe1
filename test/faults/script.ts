import { Dice, deriveSeed } from './dice.ts';

/**
 * How a client sends its requests: waits for the answer, reads a stream, or looks at the log later.
 */
type Manner = 'plain' | 'stream' | 'async';

/** The behaviour of a client. */
export interface Script {
  readonly logId: string;
  readonly planSeed: number;
  readonly save: boolean;
  readonly manner: Manner;
  /** The server that it tries first. */
  readonly server: number;
  /** True: it prefers that server whenever it runs; false: it takes the next one each time. */
  readonly isSteadfast: boolean;
  /** True: a second stream follows the run. */
  readonly watches: boolean;
  readonly cancels: boolean;
  /** True: it deletes the log at some moment. */
  readonly deletes: boolean;
  /** True: its calls bring keys for vendors for which the servers have none. */
  readonly bringsKeys: boolean;
  /** True: its call and its cancel have an `Idempotency-Key`, as continues always have. */
  readonly isKeyed: boolean;
  /** What it does with a run that waits for it, with weights. */
  readonly choices: Readonly<Partial<Record<Choice, number>>>;
  /** The seed of its random choices. */
  readonly seed: number;
}

/**
 * Answer once; twice the same; twice with one key; twice with different answers; answer a nested
 * agent; or do not answer.
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

/** The behaviour of the client with this seed. */
export function scriptFor(seed: number, servers: number): Script {
  const dice = new Dice(seed);
  const save = !dice.chance(0.08);
  const script = {
    logId: `run-${seed}`,
    planSeed: deriveSeed(seed, 1),
    save,
    // Without stored payloads, a client cannot read them later.
    manner: dice.weighted<Manner>({ plain: 3, stream: 4, async: save ? 2 : 0 }),
    server: dice.between(0, servers - 1),
    isSteadfast: false,
    watches: save && dice.chance(0.3),
    cancels: dice.chance(0.08),
    seed: deriveSeed(seed, 2),
  };
  const bringsKeys = dice.chance(0.125);
  const deletes = !script.cancels && dice.chance(0.05);
  const choices = {
    answer: 10,
    twice: 2,
    keyed: 2,
    rivals: 2,
    ...(save ? { child: 6 } : {}),
    // Deletes runs that wait, too. Always answers runs with keys, so that those interrupted below
    // them are continued.
    leave: bringsKeys ? 0 : deletes ? 4 : 0.7,
  };
  return { ...script, bringsKeys, deletes, isKeyed: dice.chance(0.3), choices };
}
