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
