import { expect, test } from 'vitest';
import { readDiff, readVersionsSearch, withToggled, writeDiff } from './versions-search.ts';

test.each(['agv_1..agv_2', '..agv_2'])('what is compared is in the address: %s', (text) => {
  const choice = readDiff(text);
  expect(choice && writeDiff(choice)).toBe(text);
  expect(readVersionsSearch({ diff: text })).toEqual({ diff: text });
});

test.each(['', 'agv_1', 'agv_1..', 3])('an address that says nothing is left out: %s', (diff) => {
  expect(readVersionsSearch({ diff })).toEqual({});
});

test('a version that is chosen is compared with the one that is shown, the older one first', () => {
  const newestFirst = ['agv_4', 'agv_3', 'agv_2', 'agv_1'];
  const toggled = (text: string, id: string) => {
    const choice = readDiff(text);
    return choice && writeDiff(withToggled(choice, id, newestFirst));
  };
  expect(toggled('agv_2..agv_3', 'agv_1')).toBe('agv_1..agv_3');
  expect(toggled('agv_2..agv_3', 'agv_4')).toBe('agv_3..agv_4');
  expect(toggled('..agv_3', 'agv_1')).toBe('agv_1..agv_3');
});

test('one that is no longer chosen is left out, and one stays', () => {
  const toggled = (text: string, id: string) => {
    const choice = readDiff(text);
    return choice && writeDiff(withToggled(choice, id, ['agv_2', 'agv_1']));
  };
  expect(toggled('agv_1..agv_2', 'agv_1')).toBe('..agv_2');
  expect(toggled('agv_1..agv_2', 'agv_2')).toBe('..agv_1');
  expect(toggled('..agv_2', 'agv_2')).toBe('..agv_2');
});
