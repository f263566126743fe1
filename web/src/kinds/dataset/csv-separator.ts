const separators = [',', ';', '\t', '|'] as const;

/** What stands between the values of a row. */
export type Separator = (typeof separators)[number];

/** A separator in words. */
export const separatorNames: Readonly<Record<Separator, string>> = {
  ',': 'a comma',
  ';': 'a semicolon',
  '\t': 'a tab',
  '|': 'a bar (|)',
};

/** What is looked at to tell what separates values. */
const rowsLookedAt = 50;
const charactersLookedAt = 100_000;

/**
 * What separates the values of a CSV file, as the API finds it: what a first line says (`sep=;`), or the sign
 * of the head that gives the rows as many values as the head.
 *
 * @returns a sentence where it could be either of two.
 */
export function findSeparator(
  text: string,
): { readonly separator: Separator; readonly start: number } | string {
  const [said = '', sign] = /^\uFEFF?"?sep=([,;\t|])"?(?:\r\n|\r|\n|$)/i.exec(text) ?? [];
  const known = separators.find((separator) => separator === sign);
  if (known) return { separator: known, start: said.length };
  const found = separators
    .map((separator) => ({ separator, counts: valueCounts(text, separator) }))
    .filter(({ counts: [head = 0] }) => head > 1)
    .toSorted(byColumns);
  const fitting = found.filter(({ counts: [head, ...rows] }) =>
    rows.every((count) => count === head),
  );
  const [first = found[0], second] = fitting;
  const hasComma = fitting.some(({ separator }) => separator === ',');
  if (first && second && (hasComma || byColumns(first, second) === 0)) {
    const signs = [first, second].map(({ separator }) => separatorNames[separator]).join(' or ');
    return `The values could be separated by ${signs}. Begin with a line “sep=${second.separator}”, or put the names of columns in quotes.`;
  }
  return { separator: first?.separator ?? ',', start: text.startsWith('\uFEFF') ? 1 : 0 };
}

interface Counted {
  readonly counts: readonly number[];
}

function byColumns(a: Counted, b: Counted): number {
  return (b.counts[0] ?? 0) - (a.counts[0] ?? 0);
}

/** How many values the head and the first rows have, if one sign separates them. */
function valueCounts(text: string, separator: Separator): readonly number[] {
  const counts: number[] = [];
  let count = 1;
  let isEmpty = true;
  let isQuoted = false;
  for (const sign of text.slice(0, charactersLookedAt).replace(/^\uFEFF/, '')) {
    if (counts.length === rowsLookedAt) return counts;
    if (sign === '"') isQuoted = !isQuoted;
    if (!isQuoted && (sign === '\n' || sign === '\r')) {
      if (!isEmpty) counts.push(count);
      [count, isEmpty] = [1, true];
    } else {
      isEmpty = false;
      if (!isQuoted && sign === separator) count += 1;
    }
  }
  const isCut = text.length > charactersLookedAt && counts.length > 0;
  return isEmpty || isCut ? counts : [...counts, count];
}
