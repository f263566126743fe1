import { type FocusEvent, type RefObject, useEffect, useRef } from 'react';

/**
 * Gives the focus to the row that takes the place of the one that had it, when that is deleted without a
 * dialog; to the table, when there is none.
 */
export function useRowFocus(box: RefObject<HTMLElement | null>): {
  readonly onFocus: (event: FocusEvent) => void;
} {
  const last = useRef<{ readonly element: Element; readonly place: number }>(undefined);
  useEffect(() => {
    const { current: before } = last;
    if (!before || before.element.isConnected) return;
    last.current = undefined;
    if (document.activeElement !== document.body) return;
    const rows = box.current?.querySelectorAll('tbody tr') ?? [];
    const next = rows[Math.min(before.place, rows.length - 1)];
    (next?.querySelector<HTMLElement>('a[href], button') ?? box.current)?.focus();
  });
  return {
    onFocus: ({ target }) => {
      const place = target.closest('tr')?.rowIndex ?? 1;
      last.current = { element: target, place: place - 1 };
    },
  };
}
