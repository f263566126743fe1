/**
 * By how much a series rises from its first value to its last, in percent of its mean. By the line
 * that fits it best: single values of a heap go up and down with each collection.
 */
export function growthOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let covariance = 0;
  let variance = 0;
  for (const [index, value] of values.entries()) {
    covariance += (index - middle) * (value - mean);
    variance += (index - middle) ** 2;
  }
  return ((covariance / variance) * (values.length - 1) * 100) / mean;
}
