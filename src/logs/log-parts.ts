import type { Clock } from '../kernel/clock.ts';
import type { LogEvaluations } from './log-evaluations.ts';

/** The parts of the server that writing a log needs. */
export interface LogParts {
  readonly clock: Clock;
  readonly evaluations: LogEvaluations;
}
