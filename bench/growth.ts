/**
 * The rise of a series from its first to its last value, in percent of its mean. It uses the
 * best-fitting line, because single values of a heap depend on when the garbage was collected.
 */
export function growthPercent(values: readonly number[]): number {
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
