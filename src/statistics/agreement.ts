import { sampleCorrelation } from 'simple-statistics';

/** Who said what how often: `counts[i][j]` pairs have `labels[i]` from one, `labels[j]` from the other. */
export interface ConfusionMatrix {
  readonly labels: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/**
 * @param pairs what one and the other said of the same thing.
 * @param labels the order of rows and columns; what only the pairs have comes after it.
 */
export function confusionMatrix(
  pairs: readonly (readonly [one: string, other: string])[],
  labels: readonly string[] = [],
): ConfusionMatrix {
  const all = [...new Set([...labels, ...pairs.flat()])];
  const place = new Map(all.map((label, index) => [label, index]));
  const counts = all.map(() => all.map(() => 0));
  for (const [one, other] of pairs) {
    const row = counts[place.get(one) ?? -1];
    const column = place.get(other) ?? -1;
    if (row) row[column] = (row[column] ?? 0) + 1;
  }
  return { labels: all, counts };
}

/** The share of pairs that agree; null without pairs. */
export function accuracy({ counts }: ConfusionMatrix): number | null {
  const total = sum(counts.map(sum));
  return total === 0 ? null : sum(counts.map((row, index) => row[index] ?? 0)) / total;
}

/**
 * Cohen's κ (Cohen 1960): 1 is full agreement, 0 what chance alone would give.
 *
 * @returns null when it is not defined: without pairs, or when both always said the same one thing.
 */
export function cohenKappa(matrix: ConfusionMatrix): number | null {
  const observed = accuracy(matrix);
  if (observed === null) return null;
  const rows = matrix.counts.map(sum);
  const columns = rows.map((_, index) => sum(matrix.counts.map((row) => row[index] ?? 0)));
  const total = sum(rows);
  const byChance = sum(rows.map((row, index) => (row * (columns[index] ?? 0)) / total ** 2));
  return byChance === 1 ? null : (observed - byChance) / (1 - byChance);
}

/**
 * Pearson's correlation of pairs of numbers.
 *
 * @returns null when it is not defined: below two pairs, or when one of both never changes.
 */
export function pearson(pairs: readonly (readonly [one: number, other: number])[]): number | null {
  if (pairs.length < 2) return null;
  const correlation = sampleCorrelation(
    pairs.map(([one]) => one),
    pairs.map(([, other]) => other),
  );
  return Number.isFinite(correlation) ? Math.max(-1, Math.min(1, correlation)) : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
