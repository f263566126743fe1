import { expect, test } from 'vitest';
import { redaction } from './redaction.ts';

test('each occurrence of each header that was sent is removed, and the token of a header by itself', () => {
  const redact = redaction({ authorization: 'Bearer abc-123-xyz', 'x-team': 'of-the-north' });
  expect(redact('Bearer abc-123-xyz of-the-north, abc-123-xyz, of-the-north')).toBe(
    '*** ***, ***, ***',
  );
});

test('a value of eight characters is a secret, and a shorter one a word', () => {
  const redact = redaction({ 'x-a': '12345678', 'x-b': '7654321' });
  expect(redact('12345678 and 7654321')).toBe('*** and 7654321');
});
