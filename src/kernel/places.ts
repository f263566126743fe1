/**
 * Limits how much work goes on at once. Further work waits, and begins in the order in which it
 * came.
 */
export class Places {
  #free: number;
  readonly #waiting = new Set<() => void>();

  /** @param count how much work may go on at once. */
  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Does the work when there is a place for it.
   *
   * @throws what `work` throws; the reason of the signal when it is aborted before the work begins.
   */
  async take<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const begin = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        this.#waiting.delete(begin);
        reject(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(begin);
    });
  }

  /** Gives the place to the work that waits longest. */
  #leave(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}

/** Limits how much work of each key goes on at once. Work of one key never waits for another's. */
export class PlacesByKey {
  readonly #count: number;
  readonly #byKey = new Map<string, { readonly places: Places; users: number }>();

  /** @param count how much work of a key may go on at once. */
  constructor(count: number) {
    this.#count = count;
  }

  /** Does the work when there is a place for its key, as {@link Places.take} does. */
  async take<Result>(
    key: string,
    work: () => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> {
    const own = this.#byKey.get(key) ?? { places: new Places(this.#count), users: 0 };
    this.#byKey.set(key, own);
    own.users += 1;
    try {
      return await own.places.take(work, signal);
    } finally {
      own.users -= 1;
      if (own.users === 0) this.#byKey.delete(key);
    }
  }
}
