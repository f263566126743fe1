import { useState } from 'react';

/** A state that a reload keeps, in this browser. */
export function useStored<T>(name: string, standard: T): readonly [T, (value: T) => void] {
  const key = `loopwright.${name}`;
  const [value, setValue] = useState<T>(() => {
    try {
      const stored = localStorage.getItem(key);
      return stored === null ? standard : (JSON.parse(stored) as T);
    } catch {
      return standard;
    }
  });
  return [
    value,
    (next) => {
      localStorage.setItem(key, JSON.stringify(next));
      setValue(next);
    },
  ];
}
