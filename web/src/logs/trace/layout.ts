/** Where the parts of a row are, in pixels. */
export interface TraceLayout {
  /** The bar stands below the name. */
  readonly isStacked: boolean;
  readonly rowHeight: number;
  /** Where the lane begins. */
  readonly gutter: number;
  /** How wide the lane is. */
  readonly lane: number;
  readonly barTop: number;
  /** Behind the lane, for the labels of bars that end last. */
  readonly spare: number;
}

/**
 * Lays out rows. Their height comes from the pointer and the form, never from spare room.
 *
 * @param width of the element that scrolls, without its scroll bar.
 * @param trim pixels that rows are lower than usual.
 */
export function layoutOf(width: number, isCoarse: boolean, trim = 0): TraceLayout {
  const isStacked = width < 480;
  if (isStacked) {
    return {
      isStacked,
      rowHeight: 44,
      gutter: 12,
      lane: Math.max(40, width - 24),
      barTop: 27,
      spare: 0,
    };
  }
  const gutter = Math.round(Math.min(320, Math.max(190, width * 0.4)));
  const rowHeight = isCoarse ? 44 : 28 - trim;
  const spare = 70;
  const lane = Math.max(40, width - gutter - spare);
  return { isStacked, rowHeight, gutter, lane, barTop: rowHeight / 2 - 5, spare };
}
