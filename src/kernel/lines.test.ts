import { expect, test } from 'vitest';
import { Lines } from './lines.ts';

function taken(lines: Lines<string>): readonly string[] {
  const items: string[] = [];
  for (let item = lines.next(); item !== undefined; item = lines.next()) items.push(item);
  return items;
}

test('owners are served one after the other, each in the order of arrival', () => {
  const lines = new Lines<string>();
  for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) lines.add(item.charAt(0), item);
  expect(taken(lines)).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
  expect(taken(lines)).toEqual([]);
});

test('who comes while others wait is served after those who came before', () => {
  const lines = new Lines<string>();
  lines.add('a', 'a1');
  lines.add('a', 'a2');
  expect(lines.next()).toBe('a1');
  lines.add('b', 'b1');
  expect(taken(lines)).toEqual(['a2', 'b1']);
});
