/** Whether a text has a phrase in it as whole words, whatever the case; `_` and `-` are spaces. */
export function mentions(text: string, phrase: string): boolean {
  return placesOf(normal(text), normal(phrase)).next().done === false;
}

/**
 * Those of some names that a text mentions, in the order of their first mention. Where one is part
 * of another (`get`, `get_balance`), only the longer is meant.
 */
export function mentioned(text: string, names: readonly string[]): string[] {
  const haystack = normal(text);
  const found: { readonly name: string; readonly start: number; readonly end: number }[] = [];
  const longestFirst = [...names].sort((a, b) => b.length - a.length);
  for (const name of longestFirst) {
    for (const start of placesOf(haystack, normal(name))) {
      const end = start + name.length;
      if (found.some((other) => start < other.end && end > other.start)) continue;
      found.push({ name, start, end });
      break;
    }
  }
  return found.sort((a, b) => a.start - b.start).map(({ name }) => name);
}

// Keeps the length, so that places in the result are places in the text.
function normal(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()).replace(/[_-]/g, ' ');
}

function* placesOf(text: string, phrase: string): Generator<number> {
  if (phrase === '') return;
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
    const isWhole = !isLetter(text[at - 1]) && !isLetter(text[at + phrase.length]);
    if (isWhole) yield at;
  }
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}
