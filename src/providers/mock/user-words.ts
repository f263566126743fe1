/** The words of a text that can be arguments: its numbers, quoted texts and codes. */
export interface UserWords {
  readonly text: string;
  /** Numbers that stand alone, in their order: `12`, `-3.5`, but not the digits of `AC-1001`. */
  readonly numbers: readonly number[];
  /** The texts inside `"…"`, `'…'`, `` `…` `` or `“…”`, in their order. */
  readonly quotes: readonly string[];
  /** Words with a digit outside quotes, in their order: `AC-1001`, `2024-05-01`. */
  readonly codes: readonly string[];
}

/**
 * Finds the words in a text that can be arguments of a tool.
 *
 * @param names words that look like arguments but are not: the names of tools.
 */
export function userWords(text: string, names: readonly string[] = []): UserWords {
  const quotes = Array.from(text.matchAll(quoted), ([quote]) => quote.slice(1, -1));
  const words = text
    .replace(quoted, ' ')
    .split(/[\s,;!?()[\]{}<>"]+/)
    .map((word) => word.replace(/^[^\p{L}\p{N}-]/u, '').replace(/[.:'*]$/, ''));
  return {
    text,
    numbers: Array.from(text.matchAll(loneNumber), ([number]) => Number(number)),
    quotes: quotes.filter((quote) => !names.includes(quote)),
    codes: words.filter((word) => /\d/.test(word) && !names.includes(word)),
  };
}

// An apostrophe is not a quote, so a single quote must follow a space and be followed by no letter.
// No alternative matches its own delimiters inside, so that matching takes linear time.
const quoted = /"[^"\n]+"|“[^“”\n]+”|`[^`\n]+`|(?<=^|[\s(])'[^'\n]+'(?![\p{L}\p{N}])/gu;

const loneNumber = /(?<![\p{L}\p{N}_.-])-?\d+(?:\.\d+)?(?![\p{L}\p{N}_-])/gu;
