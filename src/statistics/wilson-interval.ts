import { defaultLevel, type Interval } from './interval.ts';
import { normalQuantile } from './normal.ts';

/**
 * The Wilson score interval of a share (Wilson 1927): 8 of 10 gives 0.4902 to 0.9433. Unlike the
 * interval of the textbook it stays within 0 and 1, and has a width when all or none succeed.
 *
 * @returns undefined when `total` is 0.
 */
export function wilsonInterval(
  successes: number,
  total: number,
  level: number = defaultLevel,
): Interval | undefined {
  if (total === 0) return undefined;
  const share = successes / total;
  const z2 = normalQuantile((1 + level) / 2) ** 2;
  const center = (share + z2 / (2 * total)) / (1 + z2 / total);
  const half =
    Math.sqrt((z2 * share * (1 - share)) / total + (z2 / (2 * total)) ** 2) / (1 + z2 / total);
  // At the ends the formula is exact, but rounding may miss 0 and 1 by 1e-17.
  return {
    low: successes === 0 ? 0 : center - half,
    high: successes === total ? 1 : center + half,
    level,
  };
}
