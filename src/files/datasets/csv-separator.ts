/** What stands between the values of a row. */
type Separator = ',' | ';' | '\t' | '|';

const separators = [',', ';', '\t', '|'] as const;

/** How a CSV file is written. */
export interface CsvForm {
  readonly separator: Separator;
  /** Bytes before its header: those of a first line `sep=;`, which Excel writes and reads. */
  readonly skipped: number;
}

/** What is looked at to tell what separates values. */
const rowsLookedAt = 50;
const charactersLookedAt = 100_000;

/**
 * What separates the values of a CSV file: what its first line says (`sep=;`), or else what is in
 * its header. Of several signs there, it is the one that gives the rows as many values as the
 * header; of several such signs, the one that makes the most columns, unless one is a comma.
 *
 * @returns a sentence where it could be either.
 */
export function findSeparator(text: string): CsvForm | string {
  const [said, sign] = /^\ufeff?"?sep=([,;\t|])"?(?:\r\n|\r|\n|$)/i.exec(text) ?? [];
  const known = separators.find((separator) => separator === sign);
  if (said !== undefined && known !== undefined) {
    return { separator: known, skipped: Buffer.byteLength(said) };
  }
  const found = separators
    .map((separator) => ({ separator, counts: valueCounts(text, separator) }))
    .filter(({ counts: [header = 0] }) => header > 1)
    .toSorted(byColumns);
  const fitting = found.filter(({ counts: [header, ...rows] }) =>
    rows.every((count) => count === header),
  );
  const [first = found[0], second] = fitting;
  const hasComma = fitting.some(({ separator }) => separator === ',');
  if (first && second && (hasComma || byColumns(first, second) === 0)) {
    const signs = [first, second].map(({ separator }) => nameOf(separator)).join(' or ');
    return `The values could be separated by ${signs}. Begin the file with a line \`sep=${second.separator}\`, or put the names of columns in quotes.`;
  }
  return { separator: first?.separator ?? ',', skipped: 0 };
}

/** A separator in words: `a comma`. */
export function nameOf(separator: Separator): string {
  return { ',': 'a comma', ';': 'a semicolon', '\t': 'a tab', '|': 'a bar (|)' }[separator];
}

function byColumns(a: { counts: readonly number[] }, b: { counts: readonly number[] }): number {
  return (b.counts[0] ?? 0) - (a.counts[0] ?? 0);
}

/** How many values the header and the first rows have, if one sign separates them. */
function valueCounts(text: string, separator: Separator): number[] {
  const counts: number[] = [];
  let count = 1;
  let isEmpty = true;
  let isQuoted = false;
  for (const sign of text.slice(0, charactersLookedAt).replace(/^\ufeff/, '')) {
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
