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
