import { expect, test } from 'vitest';
import { freeName } from './function-name.ts';

const none = () => false;

test.each([
  ['Look Up (v2)!', 'look_up_v2_'],
  ['2nd', '_2nd'],
  ['a2', 'a2'],
  ['x'.repeat(64), 'x'.repeat(64)],
  ['x'.repeat(65), 'x'.repeat(64)],
  [`9${'x'.repeat(64)}`, `_9${'x'.repeat(62)}`],
])('%s is the function %s', (file, name) => {
  expect(freeName(file, none)).toBe(name);
});

test('a name that is taken gets the first number that is free, and is not longer than vendors accept', () => {
  const taken = new Set(['a', 'a_2', 'a_3', 'x'.repeat(64)]);
  const isTaken = (name: string) => taken.has(name);
  expect(freeName('a', isTaken)).toBe('a_4');
  expect(freeName('x'.repeat(70), isTaken)).toBe(`${'x'.repeat(62)}_2`);
  expect(freeName('b', isTaken)).toBe('b');
});
