import { expect, test } from 'vitest';
import { countTokens, firstTokens } from './count-tokens.ts';

test.each([
  ['', 0],
  [' \n\t', 0],
  ['Hello, AC-1001!', 6],
  ['snake_case and more...', 4],
  ['naïve 東京', 2],
  ['{"a":1}', 5],
  [' one\u00a0two ', 2],
])('%j has as many tokens as words and runs of signs: %i', (text, tokens) => {
  expect(countTokens(text)).toBe(tokens);
});

test('a text is cut at the end of a token', () => {
  const text = ' One,  two!';
  expect([0, 1, 2, 3, 4, 5].map((n) => firstTokens(text, n))).toEqual([
    '',
    ' One',
    ' One,',
    ' One,  two',
    text,
    text,
  ]);
});
