/** The most letter changes for a word to count as a misspelling. */
const mostChanges = 2;

/** The known word that is most similar to a misspelt one; undefined when none is similar. */
export function nearest(mistyped: string, known: readonly string[]): string | undefined {
  const begun = known.filter((word) => word.startsWith(mistyped));
  if (begun.length === 1) return begun[0];
  const near = known.map((word) => ({ word, changes: changesBetween(mistyped, word) }));
  const [first] = near.toSorted((a, b) => a.changes - b.changes);
  return first && first.changes <= mostChanges ? first.word : undefined;
}

/**
 * The Levenshtein distance: how many letters must be inserted, removed or replaced to turn one word
 * into the other.
 */
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
