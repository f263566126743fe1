import { expect, test } from 'vitest';
import { restoreSchema } from './json-schema.ts';

test('numbers and booleans are read where JSON Schema has them, in the words of either client', () => {
  const schema = restoreSchema({
    type: 'object',
    additionalProperties: 'False',
    properties: {
      count: { type: 'integer', minimum: '1', maximum: '10', default: '5' },
      name: { type: 'string', maxLength: '20', default: '5', nullable: 'true' },
      rates: { type: 'array', uniqueItems: 'True', items: { type: 'number', multipleOf: '0.5' } },
    },
  });
  expect(schema).toEqual({
    type: 'object',
    additionalProperties: false,
    properties: {
      count: { type: 'integer', minimum: 1, maximum: 10, default: 5 },
      name: { type: 'string', maxLength: 20, default: '5', nullable: true },
      rates: { type: 'array', uniqueItems: true, items: { type: 'number', multipleOf: 0.5 } },
    },
  });
});

test.each([
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  ['a,b', ['a', 'b']],
  ["('a', 'b')", ['a', 'b']],
  ["['a', 'b']", ['a', 'b']],
  ["('a',)", ['a']],
  [`("it's",)`, ["it's"]],
  ['a', ['a']],
  ['', []],
  ['()', []],
])('the list %j may be a list yet, or what either language writes for it', (required, list) => {
  expect(restoreSchema({ type: 'object', required })).toEqual({ type: 'object', required: list });
});

test('the values of a list have the type of their schema', () => {
  expect(restoreSchema({ type: 'integer,null', enum: '1,2' })).toEqual({
    type: ['integer', 'null'],
    enum: ['1', '2'],
  });
  for (const values of [['1', '2'], '1,2', '(1, 2)']) {
    expect(restoreSchema({ type: 'integer', enum: values })).toEqual({
      type: 'integer',
      enum: [1, 2],
    });
  }
});

test('a property may have the name of a keyword, or of a number', () => {
  const properties = { required: { type: 'string' }, minimum: { type: 'number', minimum: '0' } };
  expect(restoreSchema({ properties })).toEqual({
    properties: { required: { type: 'string' }, minimum: { type: 'number', minimum: 0 } },
  });
  expect(restoreSchema({ properties: [{ type: 'boolean', default: 'true' }] })).toEqual({
    properties: { 0: { type: 'boolean', default: true } },
  });
});

test('a property of an older schema may say of itself that it is required', () => {
  expect(restoreSchema({ properties: { a: { type: 'number', required: 'true' } } })).toEqual({
    properties: { a: { type: 'number', required: true } },
  });
});

test('members of a choice are schemas; what is no keyword stays as it came', () => {
  const schema = restoreSchema({
    anyOf: [{ type: 'number', minimum: '0' }, { type: 'null' }],
    constructor: 'x',
    title: '5',
    minimum: 'low',
  });
  expect(schema).toEqual({
    anyOf: [{ type: 'number', minimum: 0 }, { type: 'null' }],
    constructor: 'x',
    title: '5',
    minimum: 'low',
  });
});
