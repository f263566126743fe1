/** A part of a version that other versions may share: datapoints in an order that never changes. */
export interface Segment {
  readonly id: number;
  /** How many datapoints it has. */
  readonly size: number;
}

/** A part of a version that is to be stored: a segment that exists, or the ids of a new one. */
export type Part = { readonly shared: Segment } | { readonly ids: readonly string[] };

/**
 * The most datapoints of a segment. A change writes up to so many links of a new segment, and a row
 * for each segment of the version. With 512 both are some 200 KB for 770,000 datapoints.
 */
export const segmentSize = 512;

/** Datapoints as new segments. */
export function partsOf(ids: readonly string[]): readonly Part[] {
  const parts: Part[] = [];
  for (let start = 0; start < ids.length; start += segmentSize) {
    parts.push({ ids: ids.slice(start, start + segmentSize) });
  }
  return parts;
}

/**
 * The parts of a version with further datapoints at its end. Its last segment is written anew when
 * they have room in it, so that many small additions do not become as many segments.
 */
export async function withAdded(
  base: readonly Segment[],
  added: readonly string[],
  contentsOf: ContentsOf,
): Promise<readonly Part[]> {
  const last = base.at(-1);
  if (!last || last.size + added.length > segmentSize)
    return [...base.map(share), ...partsOf(added)];
  const before = (await contentsOf([last.id])).get(last.id) ?? [];
  return [...base.slice(0, -1).map(share), ...partsOf([...before, ...added])];
}

/**
 * The parts of a version without some of its datapoints. Only segments that have one of these are
 * written anew.
 *
 * @param touched the ids of these segments.
 */
export async function withoutRemoved(
  base: readonly Segment[],
  removed: { has(id: string): boolean },
  touched: ReadonlySet<number>,
  contentsOf: ContentsOf,
): Promise<readonly Part[]> {
  const contents = await contentsOf([...touched]);
  return base.flatMap((segment): readonly Part[] => {
    if (!touched.has(segment.id)) return [share(segment)];
    return partsOf((contents.get(segment.id) ?? []).filter((id) => !removed.has(id)));
  });
}

/** Reads the datapoints of segments. */
type ContentsOf = (ids: readonly number[]) => Promise<ReadonlyMap<number, readonly string[]>>;

function share(segment: Segment): Part {
  return { shared: segment };
}
