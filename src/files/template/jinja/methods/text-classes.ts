/** Python's whitespace, and its ends of lines, as classes of a pattern have them. */
export const spaceSigns = '\\s\\x1c-\\x1f\\x85';
export const lineEnds = '\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029';

/** What all characters of a text may be, by the method of Python's str that asks it. */
export const textClasses = {
  isalpha: /^\p{L}+$/u,
  isalnum: /^[\p{L}\p{N}]+$/u,
  isdecimal: /^\p{Nd}+$/u,
  isdigit: /^[\p{Nd}\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089\u2460-\u2468]+$/u,
  isnumeric: /^\p{N}+$/u,
  isspace: new RegExp(`^[${spaceSigns}]+$`),
  isidentifier: /^[\p{ID_Start}_]\p{ID_Continue}*$/u,
  isprintable: /^[^\p{C}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]*$/u,
} as const;

export type TextClass = keyof typeof textClasses;

/** Whether all characters of a text are of a class. An empty text is only printable. */
export function isOf(name: TextClass, text: string): boolean {
  return textClasses[name].test(text);
}

/** Whether any of its characters is large or small. */
export function isCased(text: string): boolean {
  return /[\p{Lu}\p{Ll}\p{Lt}]/u.test(text);
}
