/** What a text offers as arguments: the numbers, the quoted texts and the codes in it. */
export interface UserWords {
  readonly text: string;
  /** Those that stand alone, in their order: `12`, `-3.5`, but not the digits of `AC-1001`. */
  readonly numbers: readonly number[];
  /** What stands in `"…"`, `'…'`, `` `…` `` or `“…”`, in its order. */
  readonly quotes: readonly string[];
  /** Words outside of quotes that have a digit, in their order: `AC-1001`, `2024-05-01`. */
  readonly codes: readonly string[];
}

/**
 * Finds in a text what could be arguments of a tool.
 *
 * @param names what is no argument though it looks like one: the names of tools.
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

// An apostrophe is no quote: a single one opens after a space and closes before what is no letter.
// None of the four matches what opens or closes it, so that time stays linear.
const quoted = /"[^"\n]+"|“[^“”\n]+”|`[^`\n]+`|(?<=^|[\s(])'[^'\n]+'(?![\p{L}\p{N}])/gu;

const loneNumber = /(?<![\p{L}\p{N}_.-])-?\d+(?:\.\d+)?(?![\p{L}\p{N}_-])/gu;
