import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { secretBox } from './secret-box.ts';

const box = secretBox(randomBytes(32));

test('what is sealed opens where it belongs, and is never the same twice', () => {
  const sealed = box.seal('a secret: ü', 'org_1/run/log_1');
  expect(box.open(sealed, 'org_1/run/log_1')).toBe('a secret: ü');
  expect(sealed.includes('secret')).toBe(false);
  expect(box.seal('a secret: ü', 'org_1/run/log_1').equals(sealed)).toBe(false);
});

test('it does not open elsewhere, nor when a bit of it was changed', () => {
  const sealed = box.seal('a secret', 'org_1/run/log_1');
  expect(() => box.open(sealed, 'org_2/run/log_1')).toThrow();
  for (const at of [5, 20, sealed.length - 1]) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] as number) ^ 1;
    expect(() => box.open(changed, 'org_1/run/log_1')).toThrow();
  }
});

test('after a change of keys, the previous key still opens, and an older one does not', () => {
  const [oldest, old, current] = [randomBytes(32), randomBytes(32), randomBytes(32)];
  const sealed = secretBox(old).seal('x', 'here');
  expect(secretBox(current, old).open(sealed, 'here')).toBe('x');
  expect(() => secretBox(current, oldest).open(sealed, 'here')).toThrow(/no longer has/);
});

test('what is sealed comparably is equal for equal texts of one place, with one key, and only then', () => {
  const sealed = box.sealComparably('a secret: ü', 'org_1/header/a');
  const again = box.sealComparably('a secret: ü', 'org_1/header/a');
  expect(again.equals(sealed)).toBe(true);
  expect(box.open(sealed, 'org_1/header/a')).toBe('a secret: ü');
  expect(sealed.includes('secret')).toBe(false);
  expect(() => box.open(sealed, 'org_1/header/b')).toThrow();

  const nonceOf = (bytes: Buffer) => bytes.subarray(4, 16).toString('hex');
  const others = [
    box.sealComparably('a secret: u', 'org_1/header/a'),
    box.sealComparably('a secret: ü', 'org_1/header/b'),
    secretBox(randomBytes(32)).sealComparably('a secret: ü', 'org_1/header/a'),
    box.seal('a secret: ü', 'org_1/header/a'),
  ];
  expect(new Set([sealed, ...others].map(nonceOf)).size).toBe(5);
});
