import { useState } from 'react';
import { type Changes, noChanges } from './changes.ts';

/** What is different from a version, kept in this browser until it is committed. */
export function useChanges(
  datasetId: string,
  versionId: string,
): {
  readonly changes: Changes;
  readonly change: (next: Changes) => void;
  readonly discard: () => void;
  /** Whether a reload would lose them: the browser has no room. */
  readonly isKept: boolean;
} {
  const key = `loopwright.rows.${datasetId}.${versionId}`;
  const [changes, setChanges] = useState<Changes>(() => stored(key));
  const [isKept, setKept] = useState(true);
  return {
    changes,
    change: (next) => {
      setChanges(next);
      try {
        localStorage.setItem(key, JSON.stringify(next));
        setKept(true);
      } catch {
        setKept(false);
      }
    },
    discard: () => {
      setChanges(noChanges);
      localStorage.removeItem(key);
    },
    isKept,
  };
}

function stored(key: string): Changes {
  try {
    return { ...noChanges, ...(JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Changes>) };
  } catch {
    return noChanges;
  }
}
