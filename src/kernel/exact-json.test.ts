import { describe, expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { hasExactNumbers, parseExactJson, withDoubles } from './exact-json.ts';
import { ExactNumber } from './exact-number.ts';

const rewritten = (json: string) => JSON.stringify(parseExactJson(json));

describe('a number that a double would change', () => {
  test.each([
    '9007199254740993',
    '-18446744073709551615',
    '1000000000000000000000',
    '0.12345678901234567890',
    '-1234567890.123456789',
    '1.0',
    '-0.0',
    '100.000',
    '1e400',
    '1e-400',
    '1.2345678901234567890e300',
    '9'.repeat(5_000),
  ])('is written as it came: %.30s', (source) => {
    expect(rewritten(source)).toBe(source);
    expect(rewritten(`{"a":[ ${source} ,{"b":${source}}],"c":\n${source}}`)).toBe(
      `{"a":[${source},{"b":${source}}],"c":${source}}`,
    );
    expect(parseExactJson(source)).toBeInstanceOf(ExactNumber);
  });

  test.each([
    ['1e2', '100.0'],
    ['-2.5E1', '-25.0'],
    ['1e20', '100000000000000000000.0'],
    ['0e7', '0.0'],
    ['12345678901234567.5e1', '123456789012345675.0'],
    ['1.00000000000000000000001e0', '1.00000000000000000000001'],
  ])('is written out where it is whole and has an exponent: %s', (source, expected) => {
    expect(rewritten(source)).toBe(expected);
  });
});

test.each([
  ['0', '0'],
  ['-0', '0'],
  ['42', '42'],
  ['9007199254740991', '9007199254740991'],
  ['9007199254740992', '9007199254740992'],
  ['0.1', '0.1'],
  ['2.50', '2.5'],
  ['0.30000000000000004', '0.30000000000000004'],
  ['0.0000001', '1e-7'],
  ['1.5e-9', '1.5e-9'],
  ['1e22', '1e+22'],
  ['1E+300', '1e+300'],
])('any other number is a double: %s', (source, expected) => {
  expect(parseExactJson(source)).not.toBeInstanceOf(ExactNumber);
  expect(rewritten(`[${source}]`)).toBe(`[${expected}]`);
});

test('texts and names that look like numbers stay what they are', () => {
  const json = '{"1.0":"9007199254740993","a":"[1.0, 1e2] \\"2.0\\"","\\\\":1.0,"b":" 1.0 "}';
  expect(rewritten(json)).toBe(json);
});

test.each([
  '{1.0:2}',
  '[1.0 2]',
  '[01.0]',
  '[+1.0]',
  '[1.0e]',
  '[-]',
  '1.0.0',
  '["1.0]',
  '[1.0,]',
  '',
])('what is no JSON is refused as JSON.parse refuses it: %s', (text) => {
  const refusal = (parse: (text: string) => unknown) => {
    try {
      return parse(text);
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(refusal(parseExactJson)).toBe(refusal(JSON.parse));
});

test('a member called `__proto__` is one, and the last of equal names counts', () => {
  const json = '{"__proto__":{"a":1.0},"b":1.0,"b":2.0,"10":3.0}';
  expect(rewritten(json)).toBe('{"10":3.0,"__proto__":{"a":1.0},"b":2.0}');
});

test('numbers below thousands of levels are doubles', () => {
  let value = parseExactJson(`${'['.repeat(200_000)}1.0${']'.repeat(200_000)}`);
  while (Array.isArray(value)) [value] = value;
  expect(value).toBe(1);
});

test('what Postgres could not store is a double', () => {
  for (const source of [`1.${'0'.repeat(20_000)}`, '1e99999']) {
    expect(hasExactNumbers(parseExactJson(source))).toBe(false);
  }
});

test('an exact number is a number in arithmetic, and a text in texts', () => {
  const number = new ExactNumber('9007199254740993') as unknown as number;
  expect(number - 1).toBe(9007199254740991);
  expect(number > 5).toBe(true);
  expect(`${number}`).toBe('9007199254740993');
});

test('doubles in place of exact numbers; without those, the same value', () => {
  const plain = { a: [1, { b: '1.0' }], file: Buffer.from('x') };
  expect(withDoubles(plain)).toBe(plain);
  const exact = parseExactJson('{"a":[1.0,{"__proto__":9007199254740993}],"b":null}');
  expect(JSON.stringify(withDoubles(exact))).toBe(
    '{"a":[1,{"__proto__":9007199254740992}],"b":null}',
  );
  expect(JSON.stringify(exact)).toContain('1.0');
});

test('canonical JSON has one text for equal numbers, and another for each other number', () => {
  const canonical = (json: string) => canonicalJson(parseExactJson(json));
  for (const equal of [
    ['1', '1.0', '1e0', '10.0e-1', '1.000'],
    ['100', '1e2', '100.00'],
    ['0', '-0.0', '0e9'],
    ['9007199254740993', '9007199254740993.0', '900719925474099.3e1'],
    ['1000000000000000000000', '1e21'],
  ]) {
    expect(new Set(equal.map(canonical)).size, equal.join()).toBe(1);
  }
  const others = ['9007199254740992', '9007199254740993', '9007199254740994', '1e400', '1e401'];
  expect(new Set(others.map(canonical)).size).toBe(others.length);
  expect(canonical('[1.0,{"a":2.50}]')).toBe('[1,{"a":2.5}]');
});
