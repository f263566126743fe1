import { expect, test } from 'vitest';
import { Passwords, scryptCost } from './passwords.ts';

const cheap = { N: 16, r: 8, p: 1 };

test('a password is stored with its cost and a salt of its own, and without itself', async () => {
  const passwords = new Passwords(cheap);
  const stored = await passwords.hash('violet umbrella 4711');
  expect(stored).toMatch(/^scrypt\$16\$8\$1\$[\w+/]{22}==\$[\w+/]{43}=$/);
  expect(await passwords.hash('violet umbrella 4711')).not.toBe(stored);
  expect(await passwords.isRight('violet umbrella 4711', stored)).toBe(true);
  expect(await passwords.isRight('violet umbrella 4712', stored)).toBe(false);
});

test('one that was stored with another cost is still right', async () => {
  const stored = await new Passwords(cheap).hash('violet umbrella 4711');
  const dearer = new Passwords({ ...cheap, N: 32 });
  expect(await dearer.isRight('violet umbrella 4711', stored)).toBe(true);
});

test('the same characters are the same password, however they were typed', async () => {
  const passwords = new Passwords(cheap);
  const stored = await passwords.hash('zwo\u0308lf boxka\u0308mpfer');
  expect(await passwords.isRight('zw\u00f6lf boxk\u00e4mpfer', stored)).toBe(true);
});

test('where there is no account, no password is right', async () => {
  expect(await new Passwords(cheap).isRight('violet umbrella 4711', null)).toBe(false);
});

test('the cost that is not for tests can be paid', async () => {
  expect(scryptCost).toEqual({ N: 131_072, r: 8, p: 1 });
  expect(await new Passwords().hash('violet umbrella 4711')).toMatch(/^scrypt\$131072\$8\$1\$/);
});
