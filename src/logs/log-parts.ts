import type { UsageCounter } from '../files/usage-counter.ts';
import type { Clock } from '../kernel/clock.ts';

/** What writing logs needs of the server. */
export interface LogParts {
  readonly clock: Clock;
  readonly usage: UsageCounter;
}
