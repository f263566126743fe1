import { expect, test } from 'vitest';
import { idChunks } from './id-chunks.ts';

test('many ids are several requests, none of them too long, and none is lost', () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => `log_é/${index}`);
  const chunks = idChunks('id', ids);
  expect(chunks.flatMap(({ query }) => query.getAll('id'))).toEqual(ids);
  expect(Math.max(...chunks.map(({ query }) => query.toString().length))).toBeLessThan(6_001);
  expect(chunks.reduce((sum, { count }) => sum + count, 0)).toBe(1_000);
  expect(idChunks('id', [])).toEqual([]);
});
