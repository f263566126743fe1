import { expect, test } from 'vitest';
import { attributeTree } from './attribute-tree.ts';

test('steps of a key are names of objects, or places in lists', () => {
  const tree = attributeTree([
    ['log.messages.1.role', 'user'],
    ['log.messages.0.content', 'Be brief.'],
    ['log.messages.0.role', 'system'],
    ['log.id', 'log_1'],
  ]);
  expect(tree).toEqual({
    log: { messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user' }], id: 'log_1' },
  });
});

test('more than ten items of a list stay in their order', () => {
  const attributes = Array.from({ length: 12 }, (_, n) => [`list.${n}`, `item ${n}`] as const);
  expect(attributeTree(attributes)).toEqual({ list: attributes.map(([, text]) => text) });
});

test('numbers with a gap, or beside names, are names', () => {
  expect(attributeTree([['a.1', 'x']])).toEqual({ a: { 1: 'x' } });
  expect(attributeTree([['a.4294967295', 'x']])).toEqual({ a: { 4294967295: 'x' } });
  expect(
    attributeTree([
      ['a.0', 'x'],
      ['a.b', 'y'],
    ]),
  ).toEqual({ a: { 0: 'x', b: 'y' } });
});

test('the members of an object come in the order that they had before they were flattened', () => {
  const tree = attributeTree([
    ['inputs.c', '3'],
    ['inputs.b', '2'],
    ['inputs.a', '1'],
  ]);
  expect(JSON.stringify(tree)).toBe('{"inputs":{"a":"1","b":"2","c":"3"}}');
});

test('where a key has both a text and members, it has the members', () => {
  const both = [['a', 'text'] as const, ['a.b', 'member'] as const];
  expect(attributeTree(both)).toEqual({ a: { b: 'member' } });
  expect(attributeTree(both.toReversed())).toEqual({ a: { b: 'member' } });
});

test('a key that is given twice has what it was given last', () => {
  expect(
    attributeTree([
      ['a', 'first'],
      ['a', 'last'],
    ]),
  ).toEqual({ a: 'last' });
});

test('a key cannot lead into a prototype, nor deeper than a hundred steps', () => {
  expect(() => attributeTree([['a.__proto__.b', 'x']])).toThrow('`__proto__`');
  expect(() => attributeTree([['a.'.repeat(100), 'x']])).toThrow('at most 100 parts');
  expect(attributeTree([['constructor.prototype', 'x']])).toEqual({
    constructor: { prototype: 'x' },
  });
});
