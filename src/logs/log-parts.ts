import type { Clock } from '../kernel/clock.ts';

/** The parts of the server that writing a log needs. */
export interface LogParts {
  readonly clock: Clock;
}
