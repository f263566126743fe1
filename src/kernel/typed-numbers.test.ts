import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { parseExactJson } from './exact-json.ts';
import { withCheckedNumbers, withTypedNumbers } from './typed-numbers.ts';

const schema = Type.Object({
  temperature: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
  stop: Type.Optional(Type.Union([Type.String(), Type.Array(Type.Integer())])),
  nested: Type.Optional(
    Type.Union([Type.String(), Type.Object({ size: Type.Integer(), other: Type.Unknown() })]),
  ),
  weights: Type.Optional(Type.Record(Type.String(), Type.Number())),
  inputs: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  target: Type.Optional(Type.Unsafe({ type: ['string', 'number', 'boolean', 'object'] })),
  judgment: Type.Optional(Type.Union([Type.Boolean(), Type.Number(), Type.String()])),
});

test('a number of the schema is a double, however it was written', () => {
  const body =
    '{"temperature":1.0,"stop":[2.0,3],"nested":{"size":1e2,"other":1.0},"weights":{"a":4.0}}';
  expect(JSON.stringify(withTypedNumbers(parseExactJson(body), schema))).toBe(
    '{"temperature":1,"stop":[2,3],"nested":{"size":100,"other":1.0},"weights":{"a":4}}',
  );
});

test('where the schema leaves the form to the caller, numbers stay as they were written', () => {
  const body =
    '{"inputs":{"id":9007199254740995,"list":[1.0,{"deep":2.50}]},"target":18446744073709551615,"judgment":1.0}';
  expect(JSON.stringify(withTypedNumbers(parseExactJson(body), schema))).toBe(
    '{"inputs":{"id":9007199254740995,"list":[1.0,{"deep":2.5}]},"target":18446744073709551615,"judgment":1.0}',
  );
});

test('for a check, every number that it looks at is a double, and what takes any value is the same', () => {
  const body = parseExactJson(
    '{"temperature":1.0,"inputs":{"id":9007199254740995},"judgment":1.0,"nested":1.0,"extra":1.0}',
  ) as Readonly<Record<string, unknown>>;
  const checked = withCheckedNumbers(body, schema) as typeof body;
  expect(checked).toMatchObject({ temperature: 1, judgment: 1, nested: 1 });
  expect(checked['inputs']).toBe(body['inputs']);
  const odd = { properties: { extra: { not: { const: 1 } } } };
  expect(withCheckedNumbers(body, odd)).toMatchObject({ extra: 1 });
  const plain = { temperature: 1 };
  expect(withCheckedNumbers(plain, schema)).toBe(plain);
});
