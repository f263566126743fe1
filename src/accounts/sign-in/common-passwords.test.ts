import { expect, test } from 'vitest';
import { isCommonPassword } from './common-passwords.ts';
import { passwordFault } from './passwords.ts';

test.each([
  'password1234',
  'Password123!',
  'P@ssw0rd1234',
  'passwordpassword',
  'qwertyuiop123',
  '1qaz2wsx3edc',
  '123456789012',
  'aaaaaaaaaaaa',
  'abcabcabcabc',
  'iloveyou2026!',
  'administrator1',
  'welcome-to-the-company',
  'Loopwright2026',
  'ABCDEFGHIJKL',
  '!!!!!!!!!!!!a',
])('%s is among the passwords that are guessed first', (password) => {
  expect(isCommonPassword(password)).toBe(true);
});

test.each([
  'correct horse battery staple',
  'kx7#Vq9pLm2w',
  'violet umbrella 4711',
  'Zwölf Boxkämpfer jagen',
  '密码是一个很长的句子对不对呀',
])('%s is not', (password) => {
  expect(isCommonPassword(password)).toBe(false);
});

test('the email address of its owner is a common password, too', () => {
  expect(isCommonPassword('ada.lovelace1815', ['ada.lovelace'])).toBe(true);
  expect(passwordFault('ada.lovelace1815', 'Ada.Lovelace@example.com')).toMatch(/guessed first/);
  expect(passwordFault('ada.lovelace1815', 'bob@example.com')).toBeUndefined();
});

test('a password has 12 to 1,024 characters', () => {
  expect(passwordFault('kx7#Vq9pLm2', 'a@b.c')).toMatch(/12 characters or more/);
  expect(passwordFault('kx7#Vq9pLm2w', 'a@b.c')).toBeUndefined();
  expect(passwordFault('kx7#Vq9pLm2w'.repeat(86), 'a@b.c')).toMatch(/1024 characters at most/);
});
