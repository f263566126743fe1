import { mean } from 'simple-statistics';
import { bootstrapMean } from './bootstrap.ts';
import { clustered } from './clusters.ts';
import { defaultLevel } from './interval.ts';
import { mcnemar } from './mcnemar.ts';
import { signFlipTest } from './sign-flip.ts';

/** What two Runs have for one Datapoint. Of several trials, their mean; of a boolean, 1 or 0. */
export interface Pair {
  readonly baseline: number;
  readonly candidate: number;
}

export interface CompareOptions {
  /** The same seed gives the same answer. */
  readonly seed: string;
  /** True when the values are yes (1) or no (0), or means of those. */
  readonly isBoolean: boolean;
  /** Which values are wins of the candidate. */
  readonly better: 'higher' | 'lower';
  /** Default: 0.95. */
  readonly level?: number;
  /** One name for each pair: pairs of one name belong together, as in `bootstrapMean`. */
  readonly clusters?: readonly string[] | undefined;
}

/** `too_few`: below five pairs, or clusters, there is neither an interval nor a p-value. */
export type CompareMethod = 'mcnemar' | 'sign_flip' | 'too_few';

export interface Comparison {
  readonly pairs: number;
  /** Means over the pairs; null without pairs. */
  readonly baseline: number | null;
  readonly candidate: number | null;
  /** Candidate minus baseline, and its interval. */
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly pValue: number | null;
  readonly method: CompareMethod;
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
}

/**
 * Compares two Runs over the Datapoints that both have: a bootstrap interval of the mean
 * difference, and a p-value. The p-value is McNemar's for plain yes and no, and of sign flips for
 * all else: numbers, averaged trials, clusters.
 */
export function comparePairs(pairs: readonly Pair[], options: CompareOptions): Comparison {
  const { seed, isBoolean, better, level = defaultLevel, clusters } = options;
  const differences = pairs.map(({ baseline, candidate }) => candidate - baseline);
  const higher = differences.filter((difference) => difference > 0).length;
  const lower = differences.filter((difference) => difference < 0).length;
  const interval = bootstrapMean(differences, { seed, level, clusters });
  const isPlain = isBoolean && !clusters && pairs.every(isYesOrNo);
  const method = !interval ? 'too_few' : isPlain ? 'mcnemar' : 'sign_flip';
  const pValueBy: Record<CompareMethod, () => number | null> = {
    too_few: () => null,
    mcnemar: () => mcnemar(higher, lower),
    sign_flip: () => signFlipTest(clustered(differences, clusters).sums, seed),
  };
  return {
    pairs: pairs.length,
    baseline: meanOrNull(pairs.map((pair) => pair.baseline)),
    candidate: meanOrNull(pairs.map((pair) => pair.candidate)),
    difference: meanOrNull(differences),
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    pValue: pValueBy[method](),
    method,
    wins: better === 'higher' ? higher : lower,
    losses: better === 'higher' ? lower : higher,
    ties: pairs.length - higher - lower,
  };
}

function isYesOrNo({ baseline, candidate }: Pair): boolean {
  return [baseline, candidate].every((value) => value === 0 || value === 1);
}

function meanOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : mean([...values]);
}
