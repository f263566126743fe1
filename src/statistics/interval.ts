/** A confidence interval. `level` is the share of such intervals that hold the true value: 0.95. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly level: number;
}

/** The level of intervals where nobody asks for another. */
export const defaultLevel = 0.95;
