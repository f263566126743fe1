import type { Scale } from './scale.ts';
import type { TimedSpan } from './trace.ts';

/** One piece of a bar, in pixels from the left of the lane. */
export interface BarPiece {
  /** `work`: the span itself; `head`: until the first token; `wait`: until a client answered. */
  readonly look: 'work' | 'head' | 'wait';
  readonly left: number;
  readonly width: number;
}

/** Pixels that every span has, so that none is too short to be seen. */
const narrowest = 3;

/**
 * The pieces of a span's bar that are in the lane, from the left. A wait takes the place of work; the
 * head lies over the work that it begins.
 */
export function piecesOf(
  { start, end, firstToken, waits }: TimedSpan,
  { x }: Pick<Scale, 'x'>,
  { width, now }: { readonly width: number; readonly now: number },
): readonly BarPiece[] {
  // One that ends with the lane stays in it.
  const left = x(start) > width ? x(start) : Math.min(x(start), width - narrowest);
  const right = Math.max(x(end ?? now), left + narrowest);
  if (right < 0 || left > width) return [];
  const inLane = (look: BarPiece['look'], from: number, until: number): readonly BarPiece[] => {
    const begins = Math.max(from, 0);
    const ends = Math.min(until, width);
    return ends > begins ? [{ look, left: begins, width: ends - begins }] : [];
  };
  const pieces: BarPiece[] = [];
  let at = left;
  for (const [from, until] of waits) {
    const begins = Math.max(x(from), at);
    const ends = Math.max(x(until), begins + narrowest);
    pieces.push(...inLane('work', at, begins), ...inLane('wait', begins, ends));
    at = ends;
  }
  if (at < right || waits.length === 0) pieces.push(...inLane('work', at, right));
  if (firstToken !== null && firstToken > start)
    pieces.push(...inLane('head', left, x(firstToken)));
  return pieces;
}
