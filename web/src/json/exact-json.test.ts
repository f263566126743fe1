import { expect, test } from 'vitest';
import { isExactNumber, parseExact } from './exact-json.ts';

test.each([
  '{"account":12345678901234567890}',
  '[1250.00,0.10,-0,1e400,1E2,9007199254740993]',
  '{"a":[{"b":1.0}],"c":"1.0","d":1.5}',
])('%s is written again as it stood', (text) => {
  expect(JSON.stringify(parseExact(text))).toBe(text);
});

test('numbers that nothing changes stay numbers', () => {
  const { a, b } = parseExact('{"a":1.5,"b":2.50}') as Record<string, unknown>;
  expect(a).toBe(1.5);
  expect([isExactNumber(a), isExactNumber(b)]).toEqual([false, true]);
  expect(() => parseExact('1.00,')).toThrow(SyntaxError);
});
