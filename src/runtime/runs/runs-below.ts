import { Semaphore } from '../../kernel/semaphore.ts';

/** How many runs a run may have below it, at any depth. */
export interface BelowLimits {
  readonly atOnce: number;
  readonly inAll: number;
}

/**
 * The runs below one run. Without a limit, five agents that call each other a hundred times would
 * put a hundred million runs under way with one request.
 */
export class RunsBelow {
  readonly #limits: BelowLimits;
  readonly #countBegun: () => Promise<number>;
  readonly #levels: Semaphore[] = [];
  #begun: Promise<number> | undefined;
  #added = 0;

  /** @param countBegun how many runs were begun below before this process drove the run. */
  constructor(limits: BelowLimits, countBegun: () => Promise<number>) {
    this.#limits = limits;
    this.#countBegun = countBegun;
  }

  /** Counts one more run. @returns why it may not begin, as text for the model. */
  async add(): Promise<string | undefined> {
    const { inAll } = this.#limits;
    this.#begun ??= this.#countBegun();
    const before = await this.#begun;
    if (before + this.#added >= inAll) {
      return `the run at the top has begun ${inAll} runs below it, which is the limit (RUNS_BELOW_IN_ALL).`;
    }
    this.#added += 1;
    return undefined;
  }

  /**
   * Waits for a place among the runs that are under way. @returns a function that gives it back.
   *
   * Each level has places of its own, half as many as the level above: a run keeps its place while it
   * waits for the runs below it, and these would wait for ever if it had taken the last one.
   *
   * @param depth 1 for a run right below the one at the top.
   * @throws the reason of the signal.
   */
  async enter(depth: number, signal: AbortSignal): Promise<() => void> {
    const places = Math.max(1, Math.floor(this.#limits.atOnce / 2 ** depth));
    this.#levels[depth] ??= new Semaphore(places);
    return this.#levels[depth].take(signal);
  }
}
