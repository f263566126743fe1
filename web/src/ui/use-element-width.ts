import { useLayoutEffect, useState } from 'react';

/** The width of an element without its scroll bar, in pixels; 0 until it is known. */
export function useElementWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return;
    const read = () => setWidth(current.clientWidth);
    const observer = new ResizeObserver(read);
    observer.observe(current);
    read();
    return () => observer.disconnect();
  }, [element]);
  return width;
}
