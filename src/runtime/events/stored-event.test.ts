import { expect, test } from 'vitest';
import { chunksOf, type NumberedStoredEvent } from './stored-event.ts';

const at = '2026-01-01T00:00:00.000000Z';

const word = (number: number, delta: string): NumberedStoredEvent => ({
  number,
  event: { type: 'agent_update', at, delta },
});

test('events with consecutive numbers are a row', () => {
  const rows = chunksOf([word(3, 'a'), word(4, 'b'), word(1_005, 'c'), word(1_006, 'd')]);
  expect(rows.map(({ number, events }) => [number, events.length])).toEqual([
    [3, 2],
    [1_005, 2],
  ]);
  expect(chunksOf([])).toEqual([]);
});

test('a row that has much text in it is full, and a text that is longer is a row of its own', () => {
  const lengths = [10_000, 10_000, 10_000, 10_000, 500_000, 10];
  const rows = chunksOf(lengths.map((length, index) => word(index + 1, 'x'.repeat(length))));
  expect(rows.map(({ number, events }) => [number, events.length])).toEqual([
    [1, 3],
    [4, 1],
    [5, 1],
    [6, 1],
  ]);
});
