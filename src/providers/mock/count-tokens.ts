/**
 * Counts the tokens of a text by a simple rule. Each word is one token (a run of letters, digits
 * and `_`; every character beyond ASCII counts as a letter), and so is each run of other signs.
 */
export function countTokens(text: string): number {
  let tokens = 0;
  let before: CharacterClass = space;
  for (let at = 0; at < text.length; at++) {
    const current = classify(text.charCodeAt(at));
    if (current !== before && current !== space) tokens++;
    before = current;
  }
  return tokens;
}

/** The text up to the end of its n-th token; the whole text when it has at most n. */
export function firstTokens(text: string, n: number): string {
  let tokens = 0;
  let end = 0;
  let before: CharacterClass = space;
  for (let at = 0; at < text.length; at++) {
    const current = classify(text.charCodeAt(at));
    if (current !== before && current !== space && ++tokens > n) return text.slice(0, end);
    if (current !== space) end = at + 1;
    before = current;
  }
  return text;
}

type CharacterClass = 0 | 1 | 2;
const space = 0;
const word = 1;
const sign = 2;

function classify(code: number): CharacterClass {
  if (code <= 0x20 || code === 0xa0) return space;
  const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
  const isDigit = code >= 0x30 && code <= 0x39;
  return isLetter || isDigit || code === 0x5f || code >= 0x80 ? word : sign;
}
