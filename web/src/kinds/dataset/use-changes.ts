import { useState } from 'react';
import { type Changes, isChange, noChanges } from './changes.ts';
import { dropChanges, type KeptChanges, readChanges, writeChanges } from './changes-store.ts';
import { together } from './merge.ts';

/** What is different from a version, kept in this browser until it is committed. */
export function useChanges(
  datasetId: string,
  versionId: string,
): KeptChanges & {
  readonly change: (next: Changes) => void;
  readonly discard: () => void;
  /** Makes them changes of another version, beside those that it has. */
  readonly moveTo: (otherId: string, merged: Changes) => void;
} {
  const [kept, setKept] = useState(() => readChanges(datasetId, versionId));
  const discard = () => {
    setKept({ changes: noChanges, isKept: true });
    dropChanges(datasetId, versionId);
  };
  return {
    ...kept,
    change: (next) => setKept(writeChanges(datasetId, versionId, next)),
    discard,
    moveTo: (otherId, merged) => {
      discard();
      if (!isChange(merged)) return;
      const { changes } = readChanges(datasetId, otherId);
      writeChanges(datasetId, otherId, together(changes, merged));
    },
  };
}
