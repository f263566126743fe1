/**
 * Holm's adjustment of p-values for asking several questions at once (Holm 1979): the chance that
 * any of them is a false alarm stays what it would be for one.
 *
 * @returns the adjusted values, in the order of `pValues`; each is at least its own, and at most 1.
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const adjusted = pValues.map(() => 1);
  const ascending = pValues
    .map((value, index) => ({ value, index }))
    .sort((one, other) => one.value - other.value);
  let least = 0;
  for (const [rank, { value, index }] of ascending.entries()) {
    least = Math.max(least, Math.min(1, value * (pValues.length - rank)));
    adjusted[index] = least;
  }
  return adjusted;
}
