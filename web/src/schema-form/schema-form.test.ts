import { expect, test } from 'vitest';
import { parseExact } from '../json/exact-json.ts';
import { readSchema } from './field-schema.ts';
import { faultsOf, standardValue } from './form-value.ts';

const transfer = {
  type: 'object',
  properties: {
    to: { type: 'string', description: 'An account.' },
    amount: { type: 'number', minimum: 0 },
    count: { type: 'integer', default: 1 },
    urgent: { type: ['boolean', 'null'] },
    currency: { enum: ['EUR', 'USD'] },
    tags: { type: 'array', items: { type: 'string' } },
    place: { anyOf: [{ $ref: '#/$defs/place' }, { type: 'null' }] },
    any: {},
  },
  required: ['to', 'amount'],
  $defs: { place: { type: 'object', properties: { city: { type: 'string' } } } },
};

test('each property becomes a field of its own kind', () => {
  const form = readSchema(transfer);
  const types = Object.entries(form.type === 'group' ? form.fields : {});
  expect(Object.fromEntries(types.map(([name, { type }]) => [name, type]))).toEqual({
    to: 'text',
    amount: 'number',
    count: 'number',
    urgent: 'boolean',
    currency: 'choice',
    tags: 'list',
    place: 'group',
    any: 'json',
  });
});

test('a form begins with what the schema proposes, and nothing else', () => {
  expect(standardValue(readSchema(transfer))).toEqual({ count: 1 });
});

test('what is missing or does not fit is said at its field', () => {
  const form = readSchema(transfer);
  expect(faultsOf(form, { amount: -1, count: 1.5, currency: 'GBP', tags: [1] })).toEqual({
    '/to': 'This is needed.',
    '/amount': 'This must be at least 0.',
    '/count': 'This must be a whole number.',
    '/currency': 'Choose one of these.',
    '/tags/0': 'This must be a text.',
  });
  expect(faultsOf(form, { to: 'acc_1', amount: 5, place: { city: 'Rome' } })).toEqual({});
});

test('a number of many digits is a number like any other, and no object', () => {
  const form = readSchema(transfer);
  const given = (text: string) =>
    faultsOf(form, parseExact(`{"to": "acc_1", "amount": 5, ${text}}`));
  expect(given('"count": 12345678901234567890')).toEqual({});
  expect(given('"amount": -12345678901234567890')).toEqual({
    '/amount': 'This must be at least 0.',
  });
  expect(given('"place": 12345678901234567890')).toEqual({
    '/place': 'This must be a JSON object.',
  });
});

test('a schema that contains itself ends in a field for JSON', () => {
  const tree = {
    type: 'object',
    properties: { below: { $ref: '#' }, name: { type: 'string' } },
  };
  let field = readSchema(tree);
  let levels = 0;
  while (field.type === 'group' && field.fields['below']) {
    field = field.fields['below'];
    levels++;
  }
  expect(field.type).toBe('json');
  expect(levels).toBe(5);
});

test('a schema that is none becomes a field for JSON, and members of all objects are no properties', () => {
  expect(readSchema({ type: 'object' }).type).toBe('json');
  const names = { type: 'object', properties: { constructor: { type: 'string' } } };
  expect(faultsOf(readSchema({ ...names, required: ['constructor'] }), {})).toEqual({
    '/constructor': 'This is needed.',
  });
});
