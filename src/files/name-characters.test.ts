import { expect, test } from 'vitest';
import { characterFault, composed } from './name-characters.ts';

test.each([
  ['a zero width space', 'look\u200bup', 'U+200B after `look`'],
  ['a zero width joiner', 'look\u200dup', 'U+200D after `look`'],
  ['a soft hyphen', 'look\u00adup', 'U+00AD after `look`'],
  ['a word joiner', '\u2060lookup', 'U+2060 at its beginning'],
  ['a byte order mark', 'look\ufeffup', 'U+FEFF after `look`'],
  ['an override of the direction', 'gpj.\u202eexe', 'U+202E after `gpj.`'],
  ['an isolate', 'a\u2066b\u2069', 'U+2066 after `a`'],
  ['an Arabic letter mark', 'a\u061cb', 'U+061C after `a`'],
  ['a line separator', 'a\u2028b', 'U+2028 after `a`'],
  ['a Hangul filler', 'a\u3164', 'U+3164 after `a`'],
  ['a half-width Hangul filler', 'a\uffa0', 'U+FFA0 after `a`'],
  ['a blank in Braille', 'a\u2800b', 'U+2800 after `a`'],
  ['a variation of a letter', 'a\ufe0f', 'U+FE0F after `a`'],
  ['a variation of a digit', '1\ufe0f', 'U+FE0F after `1`'],
  ['a tag', 'a\u{e0061}', 'U+E0061 after `a`'],
  ['an annotation', 'a\ufff9b', 'U+FFF9 after `a`'],
  ['no character', 'a\uffff', 'U+FFFF after `a`'],
  ['half of a character', 'a\ud83d', 'U+D83D after `a`'],
  ['a joiner after an emoji', '👩\u200d', 'U+200D after `👩`'],
  ['a non-joiner after a letter that does not join', 'د\u200cا', 'U+200C after `د`'],
  ['a non-joiner between Latin letters', 'a\u200cb', 'U+200C after `a`'],
])('%s is seen, and where it is', (_, name, place) => {
  expect(characterFault(name, 'name')).toBe(
    `A name must not contain invisible characters. This one contains ${place}.`,
  );
});

test('control characters are told apart', () => {
  expect(characterFault('a/b\tc', 'path')).toBe(
    'A path must not contain control characters. This one contains U+0009 after `a/b`.',
  );
});

test.each([
  'Teller Agent (50%) – “why?”',
  'ünï/こんにちは/世界',
  '顧客／対応',
  '👩‍👩‍👧 ❤️ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👍🏽 🏃‍♂️ ☠',
  'می‌خواهم',
  'ශ්‍රී ලංකා',
  'ന്‍',
  'क्‍ष क्‌ष',
  'র‍্যাব',
  'שלום עולם',
  'مرحبا',
  '\u0600\u0661',
  'tiếng Việt',
])('what people write is no fault: %s', (name) => {
  expect(characterFault(name, 'name')).toBeUndefined();
});

test('names that differ in how they are encoded are one', () => {
  expect(composed('re\u0301sume\u0301')).toBe('résumé');
  expect(composed('\u1112\u1161\u11ab\u1100\u1173\u11af')).toBe('한글');
  expect(composed('Quoi\u00a0? \u3000ja\u2009b')).toBe('Quoi ?  ja b');
});

test('of what stands before it, the end is told', () => {
  expect(characterFault(`${'👩‍👩‍👧'.repeat(20)}\u200b`, 'name')).toBe(
    `A name must not contain invisible characters. This one contains U+200B after \`${'👩‍👩‍👧'.repeat(4)}\`.`,
  );
});
