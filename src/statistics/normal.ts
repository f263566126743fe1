import { errorFunction } from 'simple-statistics';

/** The share of a standard normal distribution that lies below `z`. */
export function normalShareBelow(z: number): number {
  return (1 + errorFunction(z / Math.SQRT2)) / 2;
}

/**
 * The `z` below which a share of a standard normal distribution lies: 0.975 gives 1.95996.
 *
 * @param share between 0 and 1, both excluded.
 */
export function normalQuantile(share: number): number {
  // Bisection, because the `probit` of simple-statistics is wrong in the third digit.
  let low = -8;
  let high = 8;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (normalShareBelow(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
