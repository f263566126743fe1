import { expect, test } from 'vitest';
import { safeHref } from './safe-href.ts';

test.each(['https://a.test/x?y#z', 'http://a.test', 'mailto:a@a.test'])(
  '%s may be followed',
  (href) => {
    expect(safeHref(href)).toBe(href);
  },
);

test.each([
  'javascript:alert(1)',
  ' java\nscript:alert(1)',
  'JAVASCRIPT:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'blob:https://a.test/x',
  '//evil.test',
  '/settings',
  '#x',
  '',
])('%j may not', (href) => {
  expect(safeHref(href)).toBeUndefined();
});
