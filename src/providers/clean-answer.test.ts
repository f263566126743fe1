import { expect, test } from 'vitest';
import { redactor } from './clean-answer.ts';

test('a key that is made of several is taken out whole and in parts', () => {
  const redact = redactor(
    'us-east-1:AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG:session-token-of-a-day',
  );
  expect(
    redact('key us-east-1:AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG:session-token-of-a-day'),
  ).toBe('key [redacted]');
  expect(redact('id AKIAIOSFODNN7EXAMPLE, secret wJalrXUtnFEMI/K7MDENG')).toBe(
    'id [redacted], secret [redacted]',
  );
  expect(redact('token session-token-of-a-day, region us-east-1')).toBe(
    'token [redacted], region us-east-1',
  );
});

test('all secrets of a request are removed, and the token of a header by itself', () => {
  const redact = redactor('sk-key-of-ours', 'Bearer 0123456789-abcdef', 'short', undefined);
  expect(redact('sk-key-of-ours and Bearer 0123456789-abcdef')).toBe('[redacted] and [redacted]');
  expect(redact('The token 0123456789-abcdef is short.')).toBe('The token [redacted] is short.');
});

test('a key that stands in a text twice is taken out twice', () => {
  const redact = redactor('sk-key-of-ours');
  expect(redact('sk-key-of-ours, and again: sk-key-of-ours')).toBe(
    '[redacted], and again: [redacted]',
  );
});

test('a key has eight characters or more, and a part of one sixteen', () => {
  expect(redactor('12345678')('a 12345678')).toBe('a [redacted]');
  expect(redactor('1234567')('a 1234567')).toBe('a 1234567');
  const redact = redactor('0123456789abcdef:0123456789ABCDE');
  expect(redact('0123456789abcdef 0123456789ABCDE')).toBe('[redacted] 0123456789ABCDE');
});
