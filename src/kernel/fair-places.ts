import type { TurnClock } from './turn-clock.ts';

/** Who asks for a place. */
export interface PlaceSeeker {
  readonly owner: string;
  /** An owner gets one more place while it holds less than so many times what is free. */
  readonly greed: number;
}

/**
 * Places that owners share fairly. One owner alone gets most of them, several share them, and some
 * stay free for an owner who comes. A place that is given back goes to the owner who holds the
 * fewest; of several such owners, to that which waits longest for its turn.
 *
 * The rule is that of dynamic thresholds for the buffers of a switch (Choudhury and Hahne, 1998):
 * with a greed of 3, one owner gets 12 places of 16, two get 7 each, three 5.
 */
export class FairPlaces {
  readonly #clock: TurnClock;
  #free: number;
  readonly #held = new Map<string, number>();
  /** Those who wait, in the order of arrival. The line that was served last stands last. */
  readonly #lines = new Map<string, Line>();

  constructor(places: number, clock: TurnClock) {
    this.#free = places;
    this.#clock = clock;
  }

  /** How many places an owner holds. */
  heldBy(owner: string): number {
    return this.#held.get(owner) ?? 0;
  }

  /**
   * Takes a place; waits while the owner may have no further one.
   *
   * @param patience.ms how long to wait, by the clock.
   * @param patience.signal ends the waiting.
   * @returns a function that gives the place back; call it once.
   * @throws what `patience.refusal` makes; the reason of the signal.
   */
  async take(seeker: PlaceSeeker, patience: Patience): Promise<() => void> {
    patience.signal?.throwIfAborted();
    if (!this.#lines.has(lineOf(seeker)) && this.#mayTake(seeker)) this.#give(seeker.owner);
    else await this.#wait(seeker, patience);
    return () => this.#takeBack(seeker.owner);
  }

  #mayTake({ owner, greed }: PlaceSeeker): boolean {
    return this.#free > 0 && this.heldBy(owner) < greed * this.#free;
  }

  #give(owner: string): void {
    this.#free -= 1;
    this.#held.set(owner, this.heldBy(owner) + 1);
  }

  #takeBack(owner: string): void {
    this.#free += 1;
    const left = this.heldBy(owner) - 1;
    if (left > 0) this.#held.set(owner, left);
    else this.#held.delete(owner);
    for (let next = this.#next(); next; next = this.#next()) this.#serve(next);
  }

  /** The line whose first one gets the next free place. */
  #next(): Line | undefined {
    let best: Line | undefined;
    for (const line of this.#lines.values()) {
      if (!this.#mayTake(line.seeker)) continue;
      if (!best || this.heldBy(line.seeker.owner) < this.heldBy(best.seeker.owner)) best = line;
    }
    return best;
  }

  #serve({ seeker, waiting }: Line): void {
    const [first] = waiting;
    const key = lineOf(seeker);
    const line = this.#lines.get(key);
    this.#lines.delete(key);
    if (line && waiting.size > 1) this.#lines.set(key, line);
    this.#give(seeker.owner);
    first?.();
  }

  async #wait(seeker: PlaceSeeker, { ms, signal, refusal }: Patience): Promise<void> {
    const key = lineOf(seeker);
    const line = this.#lines.get(key) ?? { seeker, waiting: new Set() };
    this.#lines.set(key, line);
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        line.waiting.delete(begin);
        if (line.waiting.size === 0 && this.#lines.get(key) === line) this.#lines.delete(key);
        stopClock();
        signal?.removeEventListener('abort', abort);
      };
      const begin = () => {
        leave();
        resolve();
      };
      const abort = () => {
        leave();
        reject(signal?.reason as Error);
      };
      const stopClock = this.#clock.after(ms, () => {
        leave();
        reject(refusal());
      });
      line.waiting.add(begin);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }
}

/** How long somebody waits for a place. */
interface Patience {
  readonly ms: number;
  readonly signal?: AbortSignal | undefined;
  readonly refusal: () => Error;
}

interface Line {
  readonly seeker: PlaceSeeker;
  readonly waiting: Set<() => void>;
}

function lineOf({ owner, greed }: PlaceSeeker): string {
  return `${greed} ${owner}`;
}
