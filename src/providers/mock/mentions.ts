/**
 * Whether a text contains a phrase as whole words. Case does not matter; `_` and `-` count as
 * spaces.
 */
export function mentions(text: string, phrase: string): boolean {
  return findPlaces(normal(text), normal(phrase)).next().done === false;
}

/**
 * The names that a text mentions, in the order of their first mention. Where one name is part of
 * another (`get`, `get_balance`), only the longer one counts.
 */
export function mentioned(text: string, names: readonly string[]): string[] {
  const haystack = normal(text);
  const found: { readonly name: string; readonly start: number; readonly end: number }[] = [];
  const longestFirst = [...names].sort((a, b) => b.length - a.length);
  for (const name of longestFirst) {
    for (const start of findPlaces(haystack, normal(name))) {
      const end = start + name.length;
      if (found.some((other) => start < other.end && end > other.start)) continue;
      found.push({ name, start, end });
      break;
    }
  }
  return found.sort((a, b) => a.start - b.start).map(({ name }) => name);
}

// Keeps the length, so that positions in the result are positions in the text.
function normal(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()).replace(/[_-]/g, ' ');
}

function* findPlaces(text: string, phrase: string): Generator<number> {
  if (phrase === '') return;
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
    const isWhole = !isLetter(text[at - 1]) && !isLetter(text[at + phrase.length]);
    if (isWhole) yield at;
  }
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}
