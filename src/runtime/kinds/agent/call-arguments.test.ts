import { expect, test } from 'vitest';
import { argumentsOf } from './call-arguments.ts';

test.each([
  ['{"a":1}', { a: 1 }],
  ['', {}],
  ['{}', {}],
  ['[]', {}],
  ['"{\\"a\\":1}"', { a: 1 }],
  ['[1]', undefined],
  ['"a"', undefined],
  ['"\\"{}\\""', undefined],
  ['{"a":', undefined],
  ['null', {}],
])('the arguments %s are %j', (text, expected) => {
  const call = { id: 'c', type: 'function' as const, function: { name: 'f', arguments: text } };
  expect(argumentsOf(call)).toEqual(expected);
});
