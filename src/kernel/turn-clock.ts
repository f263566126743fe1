/** Milliseconds between two ticks. */
const tickMs = 100;

/**
 * A clock that goes on with the turns of the event loop: while one turn takes long, it stands still.
 * Whoever waits for an answer of a socket by it does not take a busy process for a silent peer: the
 * answer may have come long ago, and only has not been read.
 */
export class TurnClock {
  readonly #waiting = new Set<{ readonly due: number; readonly act: () => void }>();
  readonly #timer: NodeJS.Timeout;
  #now = 0;
  #lastTick = performance.now();

  constructor() {
    this.#timer = setInterval(() => this.#tick(), tickMs).unref();
  }

  /** Milliseconds since the clock was made in which the event loop took its turns. */
  get now(): number {
    return this.#now;
  }

  /**
   * Acts once after so many milliseconds, rounded up to a tick.
   *
   * @returns a function that prevents it.
   */
  after(ms: number, act: () => void): () => void {
    const entry = { due: this.#now + ms, act };
    this.#waiting.add(entry);
    return () => this.#waiting.delete(entry);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    this.#now += Math.min(now - this.#lastTick, 2 * tickMs);
    this.#lastTick = now;
    for (const entry of this.#waiting) {
      if (entry.due > this.#now) continue;
      this.#waiting.delete(entry);
      entry.act();
    }
  }
}
