import { expect, test } from 'vitest';
import { argumentsInShort, toolTitle } from './tool-title.ts';

test.each([
  ['get_balance', 'Get balance'],
  ['lookupAccount', 'Lookup account'],
  ['core-banking.fetch', 'Core banking fetch'],
  ['Fraud Check', 'Fraud Check'],
  ['stop', 'Stop'],
])('%s is read as %s', (name, title) => {
  expect(toolTitle(name)).toBe(title);
});

test('arguments in short are their plain values', () => {
  expect(argumentsInShort({ from: 'acc_1', amount: 1250, deep: { a: 1 }, is_urgent: true })).toBe(
    'acc_1, 1250, true',
  );
  expect(argumentsInShort('no object')).toBe('');
});
