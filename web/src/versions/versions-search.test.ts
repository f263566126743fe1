import { expect, test } from 'vitest';
import { readDiff, readVersionsSearch, writeDiff } from './versions-search.ts';

test.each(['agv_1..agv_2', '..agv_2'])('what is compared is in the address: %s', (text) => {
  const choice = readDiff(text);
  expect(choice && writeDiff(choice)).toBe(text);
  expect(readVersionsSearch({ diff: text })).toEqual({ diff: text });
});

test.each(['', 'agv_1', 'agv_1..', 3])('an address that says nothing is left out: %s', (diff) => {
  expect(readVersionsSearch({ diff })).toEqual({});
});
