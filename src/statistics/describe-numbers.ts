import { mean, quantileSorted, sampleStandardDeviation, sum } from 'simple-statistics';

/** The percentiles that statistics show, as the keys that they have on the wire. */
export const shownPercentiles = ['0', '25', '50', '75', '90', '95', '99', '99.9', '100'] as const;

/** What is said of a list of numbers. */
export interface Description {
  /** Null for an empty list: 0 would be a claim. */
  readonly mean: number | null;
  readonly sum: number | null;
  /** The sample standard deviation (n − 1); null below two values. */
  readonly std: number | null;
  /** By the keys of `shownPercentiles`; `{}` for an empty list. */
  readonly percentiles: Readonly<Record<string, number>>;
}

export function describeNumbers(values: readonly number[]): Description {
  if (values.length === 0) return { mean: null, sum: null, std: null, percentiles: {} };
  const list = [...values];
  const wanted = shownPercentiles.map(Number);
  const found = percentiles(values, wanted);
  return {
    mean: mean(list),
    sum: sum(list),
    std: list.length < 2 ? null : sampleStandardDeviation(list),
    percentiles: Object.fromEntries(shownPercentiles.map((key, index) => [key, found[index] ?? 0])),
  };
}

/**
 * Percentiles, linear between the closest ranks, as `percentile_cont` of Postgres and numpy have
 * them.
 *
 * @param values at least one, in any order.
 * @param wanted from 0 to 100.
 */
export function percentiles(values: readonly number[], wanted: readonly number[]): number[] {
  // A typed array sorts by number, and several times as fast.
  const sorted = Array.from(Float64Array.from(values).sort());
  return wanted.map((percentile) => quantileSorted(sorted, percentile / 100));
}
