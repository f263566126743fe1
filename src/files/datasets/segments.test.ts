import { expect, test } from 'vitest';
import {
  type Part,
  partsOf,
  type Segment,
  segmentSize,
  withAdded,
  withoutRemoved,
} from './segments.ts';

const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `dp_${from + n}`);

/** Segments of these sizes, that have dp_0, dp_1, … in order, and which of them were read. */
function stored(...sizes: readonly number[]) {
  const read: number[] = [];
  const contents = new Map<number, readonly string[]>();
  let next = 0;
  const segments = sizes.map((size, id): Segment => {
    contents.set(id, range(next, next + size));
    next += size;
    return { id, size };
  });
  const contentsOf = async (ids: readonly number[]) => {
    read.push(...ids);
    return new Map(ids.map((id) => [id, contents.get(id) ?? []]));
  };
  const idsOf = (parts: readonly Part[]) =>
    parts.flatMap((part) => ('ids' in part ? part.ids : (contents.get(part.shared.id) ?? [])));
  const written = (parts: readonly Part[]) =>
    parts.flatMap((part) => ('ids' in part ? [part.ids.length] : []));
  return { segments, contentsOf, read, idsOf, written };
}

test('datapoints become segments of 512, in their order', () => {
  const parts = partsOf(range(0, 1_100));
  expect(parts.map((part) => ('ids' in part ? part.ids.length : 0))).toEqual([512, 512, 76]);
  expect(parts.flatMap((part) => ('ids' in part ? part.ids : []))).toEqual(range(0, 1_100));
});

test.each([
  { sizes: [512, 512], add: 1, written: [1], read: [] },
  { sizes: [512, 511], add: 1, written: [512], read: [1] },
  { sizes: [512, 511], add: 2, written: [2], read: [] },
  { sizes: [512, 1], add: 600, written: [512, 88], read: [] },
  { sizes: [], add: 3, written: [3], read: [] },
])(
  'to $sizes datapoints $add are added, and $written are written',
  async ({ sizes, add, written, read }) => {
    const { segments, contentsOf, ...base } = stored(...sizes);
    const before = sizes.reduce((sum: number, size) => sum + size, 0);
    const parts = await withAdded(segments, range(before, before + add), contentsOf);
    expect(base.idsOf(parts)).toEqual(range(0, before + add));
    expect(base.written(parts)).toEqual(written);
    expect(base.read).toEqual(read);
  },
);

test('what is removed is written anew around the gap, and an empty segment is left out', async () => {
  const { segments, contentsOf, ...base } = stored(3, 2, 4);
  const removed = new Set(['dp_1', 'dp_3', 'dp_4']);
  const parts = await withoutRemoved(segments, removed, new Set([0, 1]), contentsOf);
  expect(base.idsOf(parts)).toEqual(['dp_0', 'dp_2', 'dp_5', 'dp_6', 'dp_7', 'dp_8']);
  expect(base.written(parts)).toEqual([2]);
  expect(base.read).toEqual([0, 1]);
});

test('no segment is larger than it may be, however often something is added', async () => {
  const { segments, contentsOf, ...base } = stored(500);
  const parts = await withAdded(segments, range(500, 512), contentsOf);
  expect(base.written(parts)).toEqual([segmentSize]);
});
