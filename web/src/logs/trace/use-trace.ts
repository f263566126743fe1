import { useEffect, useMemo, useState } from 'react';
import type { Span } from './span.ts';
import { isUnended, type Trace, traceOf } from './trace.ts';

/** The trace as it is now. While something is open its bars grow. */
export function useTrace(spans: ReadonlyMap<string, Span>): Trace {
  const isOpen = useMemo(() => [...spans.values()].some(isUnended), [spans]);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isOpen) return;
    const timer = setInterval(() => document.hidden || setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [isOpen]);
  return useMemo(() => traceOf(spans.values(), now), [spans, now]);
}
