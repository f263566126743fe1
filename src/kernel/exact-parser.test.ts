import { expect, test } from 'vitest';
import { randomFrom } from '../../test/support/random.ts';
import { exactNumber } from './exact-number.ts';
import { parseWithExactNumbers } from './exact-parser.ts';

test.each([
  '{}',
  '[]',
  ' { "a" : [ 1 , -0.5 , 2e-7 , true , false , null , "x" ] , "b" : { } } ',
  '{"__proto__":{"a":1},"constructor":2,"":3,"0":4,"b":5,"0":6}',
  '["\\"", "\\\\", "\\\\\\"", "\\u00e9\\ud83d\\ude00\\n", "é😀", "\\ud800"]',
  '"text"',
  '0',
  '\n\t\r [\n1\r,\t2]\n',
])('JSON is read as by JSON.parse: %s', (text) => {
  const read = parseWithExactNumbers(text);
  expect(read).toEqual(JSON.parse(text));
  expect(JSON.stringify(read)).toBe(JSON.stringify(JSON.parse(text)));
  expect(Object.getPrototypeOf(Object(read))).toBe(Object.getPrototypeOf(Object(JSON.parse(text))));
});

test.each([
  '',
  ' ',
  '{',
  '[1,]',
  '[,1]',
  '[1 2]',
  '{"a":1,}',
  '{"a" 1}',
  '{a:1}',
  "{'a':1}",
  '01',
  '1.',
  '.5',
  '+1',
  '1e',
  '-',
  'tru',
  'truex',
  'nullnull',
  '"a',
  '"a\\"',
  '"\\x"',
  '"a\nb"',
  '[1]]',
  '\u00a0[1]',
  'NaN',
  'undefined',
])('what is no JSON is refused: %j', (text) => {
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
  expect(() => parseWithExactNumbers(text)).toThrow(SyntaxError);
});

test('numbers are kept by their digits as by a conversion to a double and back', () => {
  const next = randomFrom(7);
  const digit = () => '0001234567899'[Math.floor(next() * 13)];
  const digits = (most: number) =>
    Array.from({ length: Math.floor(next() * most) }, digit).join('');
  for (let count = 0; count < 20_000; count += 1) {
    const whole = digits(count % 100 === 0 ? 420 : 22).replace(/^0+/, '') || '0';
    const fraction = next() < 0.5 ? '' : `.${digits(count % 99 === 0 ? 420 : 22)}${digit()}`;
    const exponent = next() < 0.1 ? `e-${digits(3)}1` : '';
    const source = `${next() < 0.2 ? '-' : ''}${whole}${fraction}${exponent}`;
    expect(parseWithExactNumbers(source), source).toEqual(exactNumber(source) ?? Number(source));
  }
});
