import { useSyncExternalStore } from 'react';

export type Density = 'comfortable' | 'compact';

// public/theme.js reads it before the first paint.
const storage = 'loopwright.density';
const listeners = new Set<() => void>();

/** How much room rows take. A finger needs all of it. */
export function useDensity(): Density {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, chosen);
}

/** Pixels that rows are lower than usual. */
export function useRowTrim(): number {
  return useDensity() === 'compact' ? 4 : 0;
}

export function chooseDensity(density: Density): void {
  if (density === 'comfortable') localStorage.removeItem(storage);
  else localStorage.setItem(storage, density);
  document.documentElement.classList.toggle('compact', density === 'compact');
  for (const listener of listeners) listener();
}

function chosen(): Density {
  return localStorage.getItem(storage) === 'compact' ? 'compact' : 'comfortable';
}
