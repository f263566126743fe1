import { expect, test } from 'vitest';
import { mendedSchema } from './mended-schema.ts';
import { foreignSchemaCompiler } from './schema-check.ts';

/** Whether a value fits a schema, as it was written by somebody. */
function fits(written: unknown, value: unknown): boolean {
  return foreignSchemaCompiler()(mendedSchema(written).schema)(value).length === 0;
}

test.each([
  ['draft 4: a limit that is excluded', { maximum: 9, exclusiveMaximum: true }, 8, 9],
  ['draft 4: a limit that is not', { maximum: 9, exclusiveMaximum: false }, 9, 10],
  ['draft 4: a name of the schema', { id: '#size', type: 'integer' }, 1, 'x'],
  [
    'draft 4: a name that is referred to',
    { definitions: { s: { id: '#size', type: 'integer' } }, allOf: [{ $ref: '#size' }] },
    1,
    'x',
  ],
  [
    'draft 6: a name that is referred to',
    { definitions: { s: { $id: '#size', type: 'integer' } }, allOf: [{ $ref: '#size' }] },
    1,
    'x',
  ],
  ['draft 7: a tuple', { items: [{ type: 'string' }], additionalItems: false }, ['a'], ['a', 1]],
  ['draft 2020-12: a tuple', { prefixItems: [{ type: 'string' }], items: false }, ['a'], [1]],
  ['draft 7: what a member needs', { dependencies: { a: ['b'] } }, { a: 1, b: 1 }, { a: 1 }],
  ['draft 2019: no other members', { unevaluatedProperties: false }, {}, { a: 1 }],
  [
    'draft 2019: itself',
    {
      $recursiveAnchor: true,
      properties: { a: { $recursiveRef: '#' } },
      additionalProperties: false,
    },
    { a: {} },
    { a: { b: 1 } },
  ],
  [
    'an address of a part, which paths do not begin at',
    {
      $defs: { n: { type: 'integer' } },
      properties: { a: { $id: 'https://example.com/a', allOf: [{ $ref: '#/$defs/n' }] } },
    },
    { a: 1 },
    { a: 'x' },
  ],
  [
    'an address that is referred to',
    {
      $defs: { n: { $id: 'https://example.com/n', type: 'integer' } },
      properties: { a: { $ref: 'https://example.com/n' } },
    },
    { a: 1 },
    { a: 'x' },
  ],
  [
    'OpenAPI: schemas among its components',
    {
      components: { schemas: { N: { type: 'int', nullable: true } } },
      properties: { a: { $ref: '#/components/schemas/N' } },
    },
    { a: null },
    { a: 'x' },
  ],
  ['a word of a validator, used wrongly', { type: 'string', formatMinimum: [] }, 'a', 1],
  ['OpenAPI: null as well', { type: 'string', nullable: true, enum: ['a'] }, null, 'b'],
  ['OpenAPI: null in place of variants', { nullable: true, anyOf: [{ type: 'string' }] }, null, 1],
  ['OpenAPI: a tag', { type: 'object', discriminator: { propertyName: 'k', mapping: {} } }, {}, 1],
  ['Gemini: types in capitals', { type: 'STRING' }, 'a', 1],
  [
    'Python: its own types',
    { type: 'dict', properties: { n: { type: 'int' } } },
    { n: 1 },
    { n: '' },
  ],
  ['Python: its own patterns', { type: 'string', pattern: '^(?P<n>\\d+)\\Z' }, '1', 'x'],
  ['PHP: no members', { type: 'object', properties: [] }, {}, 1],
  ['numbers as text', { type: 'integer', minimum: '3' }, 3, 2],
  ['one name for a list', { required: 'a' }, { a: 1 }, {}],
  ['any: itself', { type: 'object', properties: { a: { $ref: '#' } } }, { a: {} }, { a: { a: 1 } }],
])('%s', (_what, written: object, good: unknown, bad: unknown) => {
  expect(mendedSchema(written).leftOut).toEqual([]);
  expect(fits(written, good)).toBe(true);
  expect(fits(written, bad)).toBe(false);
});

test('draft 3: a member that says of itself that it is required', () => {
  const written = { properties: { a: { type: 'string', required: true }, b: { required: false } } };
  expect(fits(written, { a: 'x' })).toBe(true);
  expect(fits(written, {})).toBe(false);
});

test.each([
  [{ type: 'nothing' }, '`type` of `n`'],
  [{ pattern: 'a++' }, '`pattern` of `n`'],
  [{ minLength: -1 }, '`minLength` of `n`'],
  [{ enum: [] }, '`enum` of `n`'],
  [{ $ref: '#/$defs/Gone' }, '`$ref` of `n`'],
  [{ $ref: 'https://example.com/other.json' }, '`$ref` of `n`'],
  [{ multipleOf: 0 }, '`multipleOf` of `n`'],
  [{ $anchor: 'not an anchor' }, '`$anchor` of `n`'],
  [{ items: 7 }, 'the schema of `n.items`'],
])('%j is left out by itself, and named', (odd, named) => {
  const written = { properties: { n: odd, m: { type: 'integer' } } };
  expect(mendedSchema(written).leftOut).toEqual([named]);
  expect(fits(written, { n: { any: ['thing'] }, m: 1 })).toBe(true);
  expect(fits(written, { n: { any: ['thing'] }, m: 'x' })).toBe(false);
});

test('what is said in draft 2020-12 stays as it is, words of nobody too', () => {
  const written = {
    type: 'object',
    'x-order': [1],
    properties: {
      path: { type: 'string', pattern: '^/a/b$', examples: ['/a/b'] },
      order: { $ref: '#/$defs/Order' },
      any: true,
    },
    required: ['path'],
    $defs: { Order: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
  };
  expect(mendedSchema(written)).toEqual({ schema: written, leftOut: [] });
});

test('a schema that is nested without end is read to a depth', () => {
  let written: unknown = { type: 'string' };
  for (let depth = 0; depth < 5_000; depth++) written = { items: written };
  expect(fits(written, ['a'])).toBe(true);
});
