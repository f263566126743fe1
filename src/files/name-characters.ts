/**
 * The form in which names are stored and compared: NFC, with every kind of space as a plain space.
 * Names that differ only in their encoding are the same name.
 */
export function composed(text: string): string {
  // Fast path: nearly all names are plain ASCII, and every call compares at least one.
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return text.normalize('NFC').replaceAll(/\p{Zs}/gu, ' ');
}

/**
 * Why a name is refused for its characters: control characters, or invisible ones, which make two
 * names look the same. Undefined if it is fine.
 */
export function characterFault(text: string, thing: 'name' | 'path'): string | undefined {
  const control = text.search(/\p{Cc}/u);
  if (control >= 0) return fault(text, control, thing, 'control');
  const invisible = indexOfInvisible(text);
  return invisible === undefined ? undefined : fault(text, invisible, thing, 'invisible');
}

/** The index of the first invisible character that the spelling does not need. */
export function indexOfInvisible(text: string): number | undefined {
  if (!invisible.test(text)) return undefined;
  for (const { index, groups } of text.matchAll(meaningfulOrNot)) {
    if (groups?.['invisible'] !== undefined) return index;
  }
  return undefined;
}

/** `U+200B after \`look\``, or `U+200B at its beginning`. */
export function characterAt(text: string, index: number): string {
  const code = text.codePointAt(index) ?? 0;
  // 42 UTF-16 units hold the last 20 characters even if the first unit is half of a pair.
  const before = [...text.slice(Math.max(0, index - 42), index)].slice(-20).join('');
  const place = before === '' ? 'at its beginning' : `after \`${before}\``;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')} ${place}`;
}

function fault(text: string, index: number, thing: string, kind: string): string {
  return `A ${thing} must not contain ${kind} characters. This one contains ${characterAt(text, index)}.`;
}

/**
 * What shows nothing, by Unicode's own list (Default_Ignorable_Code_Point: joiners, marks of direction,
 * fillers, variation selectors, tags) and what that leaves out: separators of lines, annotations,
 * blanks that are no spaces, and what is no character at all.
 */
const invisible = /[\p{DI}\p{Zl}\p{Zp}\p{Cs}\p{NChar}\u{fff9}-\u{fffb}\u{2800}\u{1d159}]/u;

/** The signs that take the vowel from a consonant, from Devanagari to Malayalam, and Sinhala's. */
const viramas = '\\u{94d}\\u{9cd}\\u{a4d}\\u{acd}\\u{b4d}\\u{bcd}\\u{c4d}\\u{ccd}\\u{d4d}\\u{dca}';

/** Arabic letters that join to the next one: Joining_Type=D in Unicode's ArabicShaping.txt. */
const joining =
  '\\u{620}\\u{626}\\u{628}\\u{62a}-\\u{62e}\\u{633}-\\u{63f}\\u{641}-\\u{647}\\u{649}\\u{64a}\\u{66e}' +
  '\\u{66f}\\u{678}-\\u{687}\\u{69a}-\\u{6bf}\\u{6c1}\\u{6c2}\\u{6cc}\\u{6ce}\\u{6d0}\\u{6d1}\\u{6fa}-\\u{6fc}' +
  '\\u{6ff}\\u{750}-\\u{758}\\u{75c}-\\u{76a}\\u{76d}-\\u{770}\\u{772}\\u{775}-\\u{777}\\u{77a}-\\u{77f}';

/**
 * Invisible characters, and what they are a part of, which comes first: emoji that Unicode recommends,
 * and joiners where the spelling needs them, as internationalized domain names have them
 * (https://www.rfc-editor.org/rfc/rfc5892#appendix-A.1). Bengali also has one between ra and virama.
 */
const meaningfulOrNot = new RegExp(
  [
    '\\p{RGI_Emoji}',
    `(?<=[${viramas}])(?:\\u{200d}|\\u{200c}(?=\\p{L}))`,
    '(?<=\\u{9b0})\\u{200d}(?=\\u{9cd})',
    `(?<=[${joining}]\\p{Mn}{0,4})\\u{200c}(?=\\p{Mn}{0,4}\\p{Script=Arabic})`,
    `(?<invisible>${invisible.source})`,
  ].join('|'),
  'gv',
);
