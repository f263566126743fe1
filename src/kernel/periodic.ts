import { errorFields, type Logger } from './logger.ts';

/**
 * Repeats a task, one run at a time, without keeping the process alive. A failure is logged once,
 * and again only after a success: a server without its database would otherwise log it twice a
 * second.
 */
export class Periodic {
  readonly #timer: NodeJS.Timeout;
  readonly #work: () => Promise<void>;
  readonly #onFailure: (error: unknown) => void;
  #running: Promise<void> | undefined;
  #isFailing = false;
  #isStopped = false;
  /** Whether to run again after the run that is under way. */
  #isWoken = false;

  /** @param complaint the sentence that is logged when the task fails. */
  constructor(
    ms: number,
    work: () => Promise<void>,
    { logger, complaint }: { readonly logger: Logger; readonly complaint: string },
  ) {
    this.#work = work;
    this.#onFailure = (error) => logger.warn(errorFields(error), `${complaint} It is tried again.`);
    this.#timer = setInterval(() => void this.run(), ms).unref();
  }

  /** Runs the task now, or joins the run that is under way; resolves when that run is over. */
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
        if (!this.#isWoken) return;
        this.#isWoken = false;
        void this.run();
      });
    return this.#running;
  }

  /**
   * Runs the task soon: now, or once more after the run that is under way. Several calls meanwhile
   * are one.
   */
  wake(): void {
    if (!this.#running) void this.run();
    else this.#isWoken = true;
  }

  /** Stops repeating; resolves when the last run is over. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }
}
