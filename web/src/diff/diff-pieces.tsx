import { useMemo } from 'react';
import { type Piece, wordDiff } from './word-diff.ts';

/** Which text a reader sees: both in one, or one of the two with its own words marked. */
export type DiffSide = 'both' | 'before' | 'after';

const hidden: Readonly<Record<DiffSide, Piece['type'] | undefined>> = {
  both: undefined,
  before: 'added',
  after: 'removed',
};

/** Two texts in one, with the words that differ marked; struck out and underlined, too, for those who see no colours. */
export function DiffPieces({
  before,
  after,
  side = 'both',
}: {
  readonly before: string;
  readonly after: string;
  readonly side?: DiffSide;
}) {
  const pieces = useMemo(() => wordDiff(before, after), [before, after]);
  return pieces
    .filter(({ type }) => type !== hidden[side])
    .map((piece, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name than their place
      <PieceView key={index} {...piece} />
    ));
}

function PieceView({ type, text }: Piece) {
  switch (type) {
    case 'same':
      return text;
    case 'added':
      return <ins className="rounded-[3px] bg-ok-soft text-ok decoration-ok/60">{text}</ins>;
    case 'removed':
      return <del className="rounded-[3px] bg-err-soft text-err decoration-err/60">{text}</del>;
  }
}
