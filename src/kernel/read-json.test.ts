import { expect, test } from 'vitest';
import { parseJson, readJson } from './read-json.ts';

const source = { name: 'The text', loc: [] };

test('a byte order mark before JSON counts for nothing; one inside of a text is kept', () => {
  for (const read of [readJson, parseJson]) {
    expect(read('\ufeff{"a": "\ufeffb"}', source)).toEqual({ a: '\ufeffb' });
  }
});

test.each(['\ufeff', '\ufeff\ufeff{}', '{}\ufeff'])('%j is no JSON', (text) => {
  expect(() => readJson(text, source)).toThrow('The text is not valid JSON.');
});

const limited = { ...source, most: { values: 10, setting: 'MOST_VALUES' } };

test.each([
  '[1,2,3,4,5,6,7,8]',
  '{"a":1,"b":2,"c":3,"d":[]}',
  JSON.stringify({ text: ',:{}[]"\\'.repeat(1_000) }),
])('values and names are counted, and not what is in texts: %.30s', (text) => {
  expect(readJson(text, limited)).toEqual(JSON.parse(text));
});

test.each(['[1,2,3,4,5,6,7,8,9,10]', '{"a":1,"b":2,"c":3,"d":[[]]}', '[[],[],[],[],[]]'])(
  'one value too many is refused, with its limit and setting: %s',
  (text) => {
    for (const read of [readJson, parseJson]) {
      expect(() => read(text, limited)).toThrow(
        'The text has more than 10 values and names of members, which is the limit (MOST_VALUES).',
      );
    }
  },
);

test.each([
  ['a number', '{"a":[[1,{"b":1e999}]]}', ['a', 0, 1, 'b']],
  ['a text', '{"a":[[1,{"b":"x\\u0000"}]]}', ['a', 0, 1, 'b']],
  ['a name', '{"a":[[1,{"__proto__":1}]]}', ['a', 0, 1]],
  ['a number after others', `[1.5e3,"${'9'.repeat(500)}",${'9'.repeat(400)}]`, [2]],
])('the place of %s that is refused is told', (_what, text, loc) => {
  expect(() => readJson(text, source)).toThrow(
    expect.objectContaining({ faults: [expect.objectContaining({ loc })] }),
  );
});

test('digits in texts, and long numbers that are finite, are no fault', () => {
  const value = { text: `${'1'.repeat(400)} 1e999`, small: 0.1 };
  expect(readJson(JSON.stringify(value), source)).toEqual(value);
  const long = `[0.${'1'.repeat(400)},1E+0007,${'1'.repeat(250)}]`;
  expect(JSON.stringify(readJson(long, source))).toBe(
    `[0.${'1'.repeat(400)},10000000.0,${'1'.repeat(250)}]`,
  );
});
