import { useEffect, useState } from 'react';

type WayBack = () => void;

/** Of the dialogs that are open, the last one on top. */
const open: WayBack[] = [];

/**
 * Gives the focus back to what had it when a dialog came. If that is gone, because its row was deleted,
 * the row that took its place has it; if it was in a dialog that is gone, what had opened that one.
 */
export function useReturnOfFocus(): (event: Event) => void {
  const [back] = useState(() => wayBack(document.activeElement, open.at(-1)));
  useEffect(() => {
    open.push(back);
    return () => {
      open.splice(open.indexOf(back), 1);
    };
  }, [back]);
  return (event) => {
    event.preventDefault();
    back();
  };
}

function wayBack(opener: Element | null, before: WayBack | undefined): WayBack {
  const row = opener?.closest('tr, li');
  const list = row?.parentElement;
  const place = row && list ? [...list.children].indexOf(row) : -1;
  return () => {
    if (opener instanceof HTMLElement && opener.isConnected && opener !== document.body) {
      return opener.focus();
    }
    const rows = list?.isConnected ? list.children : undefined;
    const next = rows?.[Math.min(place, rows.length - 1)];
    const target = next?.querySelector<HTMLElement>('a[href], button');
    if (target) target.focus();
    else if (before) before();
    else document.querySelector<HTMLElement>('main')?.focus();
  };
}
