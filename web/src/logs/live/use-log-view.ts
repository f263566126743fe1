import { useEffect, useState, useSyncExternalStore } from 'react';
import { type Loaded, ViewStore } from './view-store.ts';

/** A log as it is now, and as it goes on. */
export function useLogView(logId: string): Loaded & { readonly store: ViewStore } {
  const [store, setStore] = useState(() => new ViewStore(logId));
  useEffect(() => {
    // A new one each time: one that was stopped does not start again.
    const next = new ViewStore(logId);
    setStore(next);
    void next.start();
    return () => next.stop();
  }, [logId]);
  const loaded = useSyncExternalStore(store.subscribe, store.current);
  return { ...loaded, store };
}
