import { diffWordsWithSpace } from 'diff';

/** A stretch of a text: in both texts, or in one of them alone. */
export interface Piece {
  readonly type: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Edits after which two texts are taken to have nothing in common: to find them all would take long. */
const mostEdits = 2_000;

/**
 * What is different between two texts, by words, in the order of reading. The pieces without the added
 * ones are the first text, those without the removed ones the second.
 */
export function wordDiff(before: string, after: string): readonly Piece[] {
  const changes = diffWordsWithSpace(before, after, { maxEditLength: mostEdits });
  if (!changes) return pieces([before, 'removed'], [after, 'added']);
  return pieces(
    ...changes.map(
      ({ value, added, removed }) =>
        [value, added ? 'added' : removed ? 'removed' : 'same'] as const,
    ),
  );
}

/** Whether any piece differs. */
export function isDifferent(pieces: readonly Piece[]): boolean {
  return pieces.some(({ type }) => type !== 'same');
}

function pieces(...list: (readonly [text: string, type: Piece['type']])[]): readonly Piece[] {
  return list.filter(([text]) => text !== '').map(([text, type]) => ({ type, text }));
}
