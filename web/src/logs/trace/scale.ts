import type { Stretch } from './trace.ts';

/** How times become pixels in the lane, for the part of the trace that is in view. */
export interface Scale {
  readonly x: (ms: number) => number;
  /** The time at a pixel. */
  readonly time: (x: number) => number;
  /** Where folded time is drawn. */
  readonly folds: readonly { readonly x: number; readonly width: number; readonly ms: number }[];
}

/** Pixels of folded time, however long it was. */
export const foldWidth = 40;

/**
 * Lays a stretch of time over a lane. Folded time takes a fixed width, so that a night of waiting does
 * not flatten two seconds of work.
 *
 * @param view from and until, in milliseconds.
 * @param width pixels.
 * @param folds in order, not touching each other.
 */
export function scaleOf([from, until]: Stretch, width: number, folds: readonly Stretch[]): Scale {
  const all = folds
    .filter(([begins, ends]) => begins < until && ends > from)
    .map(([begins, ends]): Stretch => [Math.max(begins, from), Math.min(ends, until)]);
  // Many folds in a narrow lane share its half.
  const foldPixels = all.length === 0 ? 0 : Math.min(foldWidth, width / 2 / all.length);
  const folded = all.reduce((time, [begins, ends]) => time + ends - begins, 0);
  const shown = Math.max(until - from - folded, 1e-3);
  const perMs = (width - all.length * foldPixels) / shown;

  const x = (ms: number) => {
    let pixels = (ms - from) * perMs;
    for (const [begins, ends] of all) {
      if (ms <= begins) break;
      const inside = Math.min(ms, ends) - begins;
      pixels += (inside / (ends - begins)) * foldPixels - inside * perMs;
    }
    return pixels;
  };
  const time = (pixels: number) => {
    let left = Math.min(Math.max(pixels, 0), width);
    let at = from;
    for (const [begins, ends] of all) {
      const before = (begins - at) * perMs;
      if (left <= before) break;
      if (left <= before + foldPixels)
        return begins + ((left - before) / foldPixels) * (ends - begins);
      left -= before + foldPixels;
      at = ends;
    }
    return at + left / perMs;
  };
  return {
    x,
    time,
    folds: all.map(([begins, ends]) => ({ x: x(begins), width: foldPixels, ms: ends - begins })),
  };
}

/**
 * The times that the axis names: round, at least so far apart that their labels fit, and none in folded
 * time. After a fold the axis tells the time without it.
 */
export function marksOf(
  scale: Scale,
  [from, until]: Stretch,
  { width, apart }: { readonly width: number; readonly apart: number },
): readonly number[] {
  const folded = scale.folds.reduce((time, { ms }) => time + ms, 0);
  const raw = ((until - from - folded) * apart) / Math.max(width, 1);
  const step = stepAbove(raw);
  const marks: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (let ms = Math.ceil(from / step) * step; ms <= until; ms += step) {
    const x = scale.x(ms);
    // A label stands behind its mark, so one right before a fold would stand in it.
    const isFolded = scale.folds.some(
      (fold) => x > fold.x - apart / 3 && x < fold.x + fold.width + 1,
    );
    if (isFolded) {
      // Go on behind it: stepping through a night would take long.
      const fold = scale.folds.find((one) => x > one.x - apart / 3 && x < one.x + one.width + 1);
      if (fold) ms = Math.max(ms, Math.floor(scale.time(fold.x + fold.width + 0.01) / step) * step);
    } else if (x - last >= apart * 0.8) {
      marks.push(ms);
      last = x;
    }
    if (marks.length > 100) break;
  }
  return marks;
}

/** The next round step of an axis, in milliseconds: 1, 2, 2.5 or 5 times a power of ten; above that, clock time. */
function stepAbove(ms: number): number {
  if (ms > 20_000) {
    const steps = [30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];
    const seconds = steps.find((step) => step * 1_000 >= ms);
    if (seconds !== undefined) return seconds * 1_000;
  }
  const power = 10 ** Math.floor(Math.log10(Math.max(ms, 1e-3)));
  return ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= ms * 0.999) ?? 10) * power;
}
