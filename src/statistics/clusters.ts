/** Values by cluster: the sum of each, and how many values it has. */
export interface Clustered {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
}

/** @param names the cluster of each value; without names each value is a cluster of its own. */
export function clustered(
  values: readonly number[],
  names: readonly string[] | undefined,
): Clustered {
  if (!names) {
    return { sums: Float64Array.from(values), counts: new Float64Array(values.length).fill(1) };
  }
  const places = new Map([...new Set(names)].map((name, index) => [name, index]));
  const sums = new Float64Array(places.size);
  const counts = new Float64Array(places.size);
  for (const [index, value] of values.entries()) {
    const place = places.get(names[index] ?? '') ?? 0;
    sums[place] = (sums[place] ?? 0) + value;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return { sums, counts };
}
