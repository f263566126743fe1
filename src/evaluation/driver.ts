import { Periodic } from '../kernel/periodic.ts';
import type { KindRuntime } from '../runtime/kinds/runtime-parts.ts';
import { EarlierJudgments } from './judgments/earlier-judgments.ts';
import { GeneratingLoop } from './runs/generating-loop.ts';
import { cancelExpensiveRuns, sweepRuns } from './runs/run-status.ts';
import type { Patience } from './runs/status-queries.ts';
import { JudgingLoop } from './tasks/judging-loop.ts';
import { takeInMissed } from './tasks/take-in-missed.ts';

/** The limits that the operator sets for evaluations. */
export interface EvaluationLimits extends Patience {
  /** The most calls that a process makes for Runs at once. */
  readonly concurrency: number;
}

/** Milliseconds between two looks for logs that the feed did not pass on. */
const missedIntervalMs = 5_000;
/** Milliseconds between two looks for calls to make. */
const lookIntervalMs = 500;
/** Milliseconds between two looks for Runs that have nothing left to do. */
const sweepIntervalMs = 1_000;
/** Milliseconds between two looks for Runs that cost too much. Each adds up the costs of all their logs. */
const costIntervalMs = 5_000;

interface DriverParts {
  readonly runtime: KindRuntime;
  readonly limits: EvaluationLimits;
  /** Passes the ends of calls on soon. */
  readonly feed: { wake(): void };
}

/**
 * Drives evaluations: makes the logs that Runs want, judges logs, and completes Runs in which nothing
 * is left to do. All that is open is in the database, so any process goes on where another stopped.
 */
export class EvaluationDriver {
  readonly #generating: GeneratingLoop;
  readonly #judging: JudgingLoop;
  readonly #earlier: EarlierJudgments;
  readonly #missed: Periodic;
  readonly #looks: Periodic;
  readonly #sweeps: Periodic;
  readonly #costs: Periodic;

  constructor({ runtime, limits, feed }: DriverParts) {
    const { logger, database } = runtime.parts;
    const onEnd = () => {
      feed.wake();
      this.#looks.wake();
    };
    this.#judging = new JudgingLoop(runtime.parts);
    this.#earlier = new EarlierJudgments(database, logger);
    this.#missed = new Periodic(missedIntervalMs, () => takeInMissed(database), {
      logger,
      complaint: 'Logs that the feed did not pass on could not be looked for.',
    });
    this.#generating = new GeneratingLoop({ runtime, concurrency: limits.concurrency, onEnd });
    this.#looks = new Periodic(lookIntervalMs, () => this.#generating.look(), {
      logger,
      complaint: 'Calls for Runs could not be made.',
    });
    this.#sweeps = new Periodic(sweepIntervalMs, () => sweepRuns(database, limits), {
      logger,
      complaint: 'Runs could not be completed.',
    });
    this.#costs = new Periodic(costIntervalMs, () => cancelExpensiveRuns(database, limits), {
      logger,
      complaint: 'Runs that cost too much could not be cancelled.',
    });
  }

  /** Looks soon for work that a commit of this process has made. */
  wake(): void {
    this.#looks.wake();
    this.#judging.wake();
  }

  /** Stops starting work. Calls in progress are left to the runtime. */
  async stop(): Promise<void> {
    await this.#looks.stop();
    await this.#sweeps.stop();
    await this.#costs.stop();
    await this.#generating.stop();
    await this.#judging.stop();
    await this.#earlier.stop();
    await this.#missed.stop();
  }
}
