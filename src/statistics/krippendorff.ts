/**
 * Krippendorff's α of names (Krippendorff 2011, nominal): how far people agree on what things are
 * called. 1 is full agreement, 0 what chance alone would give, below 0 is worse than chance.
 *
 * @param units for each thing, what people said of it. Any number of people, in any order; those who
 *   said nothing are left out.
 * @returns null when it is not defined: nothing was judged twice, or everybody always said the same.
 */
export function nominalAlpha(units: readonly (readonly string[])[]): number | null {
  return alpha(units, (names) => {
    const counts = new Map<string, number>();
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    const same = [...counts.values()].reduce((all, count) => all + count ** 2, 0);
    return names.length ** 2 - same;
  });
}

/** Krippendorff's α of numbers (interval): as `nominalAlpha`, and close numbers count as near. */
export function intervalAlpha(units: readonly (readonly number[])[]): number | null {
  return alpha(units, (numbers) => {
    // Counted from the first number, so that equal numbers give exactly 0.
    const [first = 0] = numbers;
    const sum = numbers.reduce((all, number) => all + number - first, 0);
    const squares = numbers.reduce((all, number) => all + (number - first) ** 2, 0);
    return 2 * (numbers.length * squares - sum ** 2);
  });
}

/** @param disagreement the sum of the distances of all ordered pairs of values. */
function alpha<Value>(
  units: readonly (readonly Value[])[],
  disagreement: (values: readonly Value[]) => number,
): number | null {
  const paired = units.filter((values) => values.length > 1);
  const all = paired.flat();
  const expected = disagreement(all) / (all.length - 1);
  if (all.length === 0 || expected === 0) return null;
  const observed = paired.reduce(
    (sum, values) => sum + disagreement(values) / (values.length - 1),
    0,
  );
  return 1 - observed / expected;
}
