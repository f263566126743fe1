import { useEffect, useRef } from 'react';
import type { TraceLayout } from './layout.ts';
import type { Scale } from './scale.ts';
import type { Stretch } from './trace.ts';

interface ZoomParts {
  readonly scale: Scale;
  readonly layout: TraceLayout;
  readonly view: Stretch;
  readonly end: number;
  readonly onZoom: (zoom: Stretch | undefined) => void;
}

/** Milliseconds of the smallest part that a lane shows. */
const closest = 0.5;

/** Zooms the lane at the pointer, with Ctrl and the wheel, or by pinching, which browsers tell as that. */
export function useWheelZoom(
  element: { readonly current: HTMLElement | null },
  parts: ZoomParts,
): void {
  const latest = useRef(parts);
  latest.current = parts;
  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const zoom = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { scale, layout, view, end, onZoom } = latest.current;
      const x = event.clientX - current.getBoundingClientRect().left - layout.gutter;
      const at = scale.time(Math.min(Math.max(x, 0), layout.lane));
      const factor = Math.exp(event.deltaY * 0.004);
      const from = Math.max(0, at - (at - view[0]) * factor);
      const until = Math.max(Math.min(end, at + (view[1] - at) * factor), from + closest);
      onZoom(until - from >= end * 0.999 ? undefined : [from, until]);
    };
    // React's own listeners may not prevent that the page zooms.
    current.addEventListener('wheel', zoom, { passive: false });
    return () => current.removeEventListener('wheel', zoom);
  }, [element]);
}
