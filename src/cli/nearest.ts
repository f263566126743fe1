/** Changes of a letter up to which a word is taken for a mistyped one. */
const mostChanges = 2;

/** The word that was probably meant by a mistyped one; undefined where none is like it. */
export function nearest(mistyped: string, known: readonly string[]): string | undefined {
  const begun = known.filter((word) => word.startsWith(mistyped));
  if (begun.length === 1) return begun[0];
  const near = known.map((word) => ({ word, changes: changesBetween(mistyped, word) }));
  const [first] = near.toSorted((a, b) => a.changes - b.changes);
  return first && first.changes <= mostChanges ? first.word : undefined;
}

/** How many letters must be put in, taken out or exchanged to make one word of another (Levenshtein). */
function changesBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const exchanged = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(exchanged, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
