import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { argumentsFromSchema, valueFromSchema } from './arguments-from-schema.ts';
import { userWords } from './user-words.ts';

const valueFor = (schema: unknown, text = ''): unknown =>
  valueFromSchema(schema, 'name', userWords(text));

test.each([
  ['const comes first', { const: 0, default: 1 }, 'any 5', 0],
  [
    'a member of the list that the user mentions',
    { enum: ['celsius', 'fahrenheit'], default: 'celsius' },
    'In Fahrenheit!',
    'fahrenheit',
  ],
  ['a mention is of whole words', { enum: ['c', 'f'] }, 'off', 'c'],
  ['a number of the list', { enum: [1, 2, 3] }, 'take 2', 2],
  ['then the default', { type: 'string', default: '' }, '"said"', ''],
  ['then the first of the list', { enum: [null, 'a'] }, 'b', null],
  ['then an example', { type: 'string', examples: ['e'] }, '"said"', 'e'],
  ['a number that the user says', { type: 'number' }, 'pay -3.5 to AC-1001', -3.5],
  ['a whole number', { type: 'integer' }, 'pay 3.5', 3],
  ['no number that does not fit', { type: 'integer', minimum: 2, maximum: 10 }, 'pay 300', 2],
  ['1 without a minimum', { type: 'integer' }, 'pay AC-1001', 1],
  ['the maximum when 1 is too much', { type: 'number', maximum: -5 }, '', -5],
  [
    'something between bounds that exclude themselves',
    { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
    '',
    0.5,
  ],
  ['a quoted text', { type: 'string' }, "don't say 'a b' now, it's “c”", 'a b'],
  ['a word with a digit', { type: 'string' }, 'Where is (order #A-17)?', 'A-17'],
  ['the name of the property', { type: 'string' }, 'Where is it?', 'name'],
  ['a text that is long enough', { type: 'string', minLength: 6 }, '', 'name..'],
  ['a text that is short enough', { type: 'string', maxLength: 2 }, '', 'na'],
  ['a boolean', { type: 'boolean' }, '', true],
  ['null', { type: 'null' }, '', null],
  ['the first type that is not null', { type: ['null', 'integer'] }, '7', 7],
  [
    'the first alternative that is not null',
    { anyOf: [{ type: 'null' }, { type: 'boolean' }] },
    '',
    true,
  ],
  ['a list of one', { type: 'array', items: { type: 'integer' } }, '4 5', [4]],
  [
    'a list of as many as there must be',
    { items: { type: 'integer' }, minItems: 2 },
    '4 5',
    [4, 5],
  ],
  [
    'an object of what is required',
    { properties: { a: { type: 'boolean' }, b: {} }, required: ['a', 'c'] },
    '',
    { a: true, c: 'c' },
  ],
  [
    'an object of all when nothing is',
    { properties: { a: { type: 'boolean' }, b: {} } },
    '',
    { a: true, b: 'b' },
  ],
  ['an empty object', { type: 'object' }, '', {}],
  ['a reference, which is not followed', { $ref: '#/$defs/a' }, '', 'name'],
  ['anything', true, '', 'name'],
])('%s', (_rule, schema, text, value) => {
  expect(valueFor(schema, text)).toEqual(value);
});

test('the n-th number and text go to the n-th that are asked for', () => {
  const schema = {
    properties: {
      from: { type: 'string' },
      amount: { type: 'number' },
      to: { type: 'string' },
      days: { type: 'integer' },
      note: { type: 'string' },
    },
  };
  expect(
    argumentsFromSchema(schema, userWords('move 12.5 from "my savings" to AC-7 in 30 days')),
  ).toBe('{"from":"my savings","amount":12.5,"to":"12.5","days":30,"note":"AC-7"}');
});

test('names of tools are no arguments', () => {
  const schema = { properties: { a: { type: 'string' } } };
  const words = userWords('use lookup2 or "lookup2" for X1', ['lookup2']);
  expect(argumentsFromSchema(schema, words)).toBe('{"a":"X1"}');
});

test.each([undefined, null, {}, { type: 'string' }, { properties: 'a', required: 'b' }])(
  'parameters that say nothing give an empty object: %j',
  (parameters) => {
    expect(argumentsFromSchema(parameters, userWords('a 1'))).toBe('{}');
  },
);

describe('hostile schemas', () => {
  test('nested without end come to an end', () => {
    const loop: Record<string, unknown> = { type: 'object' };
    loop['properties'] = { a: loop, b: { type: 'array', items: loop, minItems: 1e9 } };
    expect(JSON.stringify(valueFor(loop)).length).toBeLessThan(200_000);
    const union: Record<string, unknown> = {};
    union['anyOf'] = [union];
    expect(valueFor(union)).toBe('name');
  });

  test('may name a property like one that objects inherit', () => {
    const schema: unknown = JSON.parse(
      '{"type":"object","required":["__proto__","constructor"],"properties":{"__proto__":{"type":"boolean"}}}',
    );
    expect(argumentsFromSchema(schema, userWords(''))).toBe(
      '{"__proto__":true,"constructor":"constructor"}',
    );
  });
});

test('an ordinary schema is met', () => {
  const schema = {
    type: 'object',
    properties: {
      id: { type: 'string', minLength: 3, maxLength: 8 },
      amount: { type: 'number', exclusiveMinimum: 0, maximum: 100 },
      count: { type: 'integer', minimum: 5 },
      unit: { enum: ['EUR', 'USD'] },
      tags: { type: 'array', items: { type: 'string' }, minItems: 1 },
      address: {
        type: 'object',
        properties: { city: { type: ['string', 'null'] }, zip: { type: 'string' } },
        required: ['city', 'zip'],
        additionalProperties: false,
      },
    },
    required: ['id', 'amount', 'count', 'unit', 'tags', 'address'],
    additionalProperties: false,
  };
  const validate = new Ajv({ allowUnionTypes: true }).compile(schema);
  for (const text of ['', 'Send 50 USD to "Rome", 12', '-1 0 999999 A1 B2 C3 D4567890123']) {
    validate(valueFor(schema, text));
    expect(validate.errors).toBe(null);
  }
});

test('words are found in time that is in proportion to the text', () => {
  const started = performance.now();
  for (const piece of [
    '"',
    "'",
    " '",
    '`',
    '“',
    '1',
    '1.',
    '-1',
    '1a',
    '.',
    '#',
    'a1 ',
    '"a',
    ' ',
  ]) {
    userWords(piece.repeat(200_000));
  }
  expect(performance.now() - started).toBeLessThan(3_000);
});
