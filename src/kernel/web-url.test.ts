import { expect, test } from 'vitest';
import { serverUrl } from './web-url.ts';

test.each([
  ['127.0.0.1', 'http://127.0.0.1:5005'],
  ['loopwright.internal', 'http://loopwright.internal:5005'],
  ['::1', 'http://[::1]:5005'],
  ['0.0.0.0', 'http://127.0.0.1:5005'],
  ['::', 'http://[::1]:5005'],
])('a server that listens on %s is reached at %s', (host, url) => {
  expect(serverUrl(host, 5005)).toBe(url);
});
