import { normalShareBelow } from './normal.ts';
import { Random } from './random.ts';

/** Up to this many differences all ways to flip their signs are counted: 2¹³ are 8,192. */
const mostCounted = 13;
/** Above this many differences the sum is normal to within the noise of 10,000 flips. */
const mostFlipped = 2_000;
const flips = 10_000;

/**
 * The sign-flip permutation test of paired differences (Fisher 1935): the chance that their mean is
 * at least this far from 0 when each difference could as well have had the other sign. Exact up to
 * 13 differences; 10,000 random flips up to 2,000; normal above.
 *
 * @param differences one for each pair; for clusters, the sum of each cluster's differences.
 * @param seed the same seed gives the same value.
 * @returns the two-sided p-value; 1 when no difference is other than 0.
 */
export function signFlipTest(differences: Iterable<number>, seed: string): number {
  const values = Float64Array.from([...differences].filter((difference) => difference !== 0));
  if (values.length === 0) return 1;
  if (values.length > mostFlipped) return normalTest(values);
  const observed = Math.abs(values.reduce((sum, value) => sum + value, 0));
  const total = values.reduce((sum, value) => sum + Math.abs(value), 0);
  // Sums of the same numbers in another order differ in their last digits, and count as equal.
  const asFar = observed - total * 1e-12;
  return values.length <= mostCounted
    ? countedTest(values, asFar)
    : randomTest(values, asFar, new Random(seed));
}

function countedTest(values: Float64Array, asFar: number): number {
  const ways = 2 ** values.length;
  let extreme = 0;
  for (let way = 0; way < ways; way++) {
    let sum = 0;
    for (const [index, value] of values.entries()) sum += (way >> index) & 1 ? value : -value;
    if (Math.abs(sum) >= asFar) extreme++;
  }
  return extreme / ways;
}

function randomTest(values: Float64Array, asFar: number, random: Random): number {
  let extreme = 0;
  for (let flip = 0; flip < flips; flip++) {
    let sum = 0;
    let bits = 0;
    for (let index = 0; index < values.length; index++) {
      if (index % 32 === 0) bits = random.bits();
      const value = values[index] as number;
      sum += bits & 1 ? value : -value;
      bits >>>= 1;
    }
    if (Math.abs(sum) >= asFar) extreme++;
  }
  // The observed signs are one of the ways, so the chance is never 0.
  return (extreme + 1) / (flips + 1);
}

function normalTest(values: Float64Array): number {
  const sum = values.reduce((all, value) => all + value, 0);
  const squares = values.reduce((all, value) => all + value * value, 0);
  return Math.min(1, 2 * normalShareBelow(-Math.abs(sum) / Math.sqrt(squares)));
}
