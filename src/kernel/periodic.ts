import { errorFields, type Logger } from './logger.ts';

/**
 * Does something again and again, one at a time, without keeping the process up. A failure is
 * logged once, until it succeeds again: what cannot reach the database need not say so twice a second.
 */
export class Periodic {
  readonly #timer: NodeJS.Timeout;
  readonly #work: () => Promise<void>;
  readonly #onFailure: (error: unknown) => void;
  #running: Promise<void> | undefined;
  #isFailing = false;
  #isStopped = false;

  /** @param complaint what is logged of a failure: a sentence. */
  constructor(
    ms: number,
    work: () => Promise<void>,
    { logger, complaint }: { readonly logger: Logger; readonly complaint: string },
  ) {
    this.#work = work;
    this.#onFailure = (error) => logger.warn(errorFields(error), `${complaint} It is tried again.`);
    this.#timer = setInterval(() => void this.run(), ms).unref();
  }

  /** Does it now, unless it is being done; resolves when it is done. */
  run(): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    this.#running ??= this.#work()
      .then(
        () => {
          this.#isFailing = false;
        },
        (error: unknown) => {
          if (!this.#isFailing) this.#onFailure(error);
          this.#isFailing = true;
        },
      )
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  /** Does it no more; resolves when the last time is over. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }
}
