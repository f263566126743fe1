import { useSyncExternalStore } from 'react';

const media = matchMedia('(pointer: coarse)');

/** Whether the reader points with a finger. */
export function usePointerIsCoarse(): boolean {
  return useSyncExternalStore(
    (listener) => {
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => media.matches,
  );
}
