import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect } from 'react';

interface GridRows {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly ids: readonly string[];
  /** The row that is active, which stays in the page wherever one scrolls: the grid's focus is on it. */
  readonly activeId: string | undefined;
  readonly rowHeight: number;
  readonly onActivate: (id: string) => void;
  /** Called when the last row is near. */
  readonly onEnd: () => void;
}

/** How many rows before the last one the next page is asked for. */
const nearEnd = 50;

/** The rows of a grid that are in the page, and how one moves through them by keys. */
export function useGridRows({ scroller, ids, activeId, rowHeight, onActivate, onEnd }: GridRows) {
  const index = activeId === undefined ? -1 : ids.indexOf(activeId);
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    getItemKey: (place) => ids[place] ?? place,
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return index < 0 || shown.includes(index) ? shown : [...shown, index].sort((a, b) => a - b);
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows have another height now
  useEffect(() => virtual.measure(), [rowHeight]);
  const items = virtual.getVirtualItems();
  const isNearEnd = (virtual.range?.endIndex ?? 0) > ids.length - nearEnd;
  useEffect(() => {
    if (isNearEnd) onEnd();
  }, [isNearEnd, onEnd]);

  const go = (to: number) => {
    const place = Math.min(ids.length - 1, Math.max(0, to));
    const id = ids[place];
    if (id === undefined) return;
    onActivate(id);
    virtual.scrollToIndex(place, { align: 'auto' });
  };
  const page = () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
  const moves = {
    down: () => go(index + 1),
    up: () => go(index - 1),
    pageDown: () => go(index + page()),
    pageUp: () => go(index - page()),
    first: () => go(0),
    last: () => go(ids.length - 1),
  };
  return { items, height: virtual.getTotalSize(), moves };
}
