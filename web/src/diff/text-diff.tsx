import { lazy, Suspense } from 'react';
import type { DiffSide } from './diff-pieces.tsx';

/** Loaded with the first diff. */
const DiffPieces = lazy(async () => ({
  default: (await import('./diff-pieces.tsx')).DiffPieces,
}));

/** The words that differ between two texts, marked in the text. It stands where text stands. */
export function TextDiff({
  before,
  after,
  side = 'both',
}: {
  readonly before: string;
  readonly after: string;
  readonly side?: DiffSide;
}) {
  return (
    <Suspense fallback={side === 'before' ? before : after}>
      <DiffPieces before={before} after={after} side={side} />
    </Suspense>
  );
}
