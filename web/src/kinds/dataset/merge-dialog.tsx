import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { FileResponse } from '../../api/types.ts';
import { versionLabel } from '../../files/version-code.ts';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { type Changes, countsOf } from './changes.ts';
import { ConflictChoice } from './conflict-choice.tsx';
import { DatapointsDiff } from './datapoints-diff.tsx';
import { datapointsQuery } from './dataset-queries.ts';
import { merge, type Side, settled } from './merge.ts';
import { PlusMinus } from './plus-minus.tsx';

/** Somebody made a version while rows were changed here: shows both, and brings the changes to that version. */
export function MergeDialog({
  version,
  theirs,
  changes,
  onMerged,
  onClose,
}: {
  /** The one that was changed here. */
  readonly version: FileResponse;
  readonly theirs: FileResponse;
  readonly changes: Changes;
  /** Told the changes on the version of the others. */
  readonly onMerged: (changes: Changes) => void;
  readonly onClose: () => void;
}) {
  const { data: before } = useQuery(datapointsQuery(version.id, version.version_id));
  const { data: after } = useQuery(datapointsQuery(theirs.id, theirs.version_id));
  const merged = useMemo(
    () => before && after && merge(before, after, changes),
    [before, after, changes],
  );
  const [sides, setSides] = useState<Readonly<Record<string, Side>>>({});
  const label = versionLabel(theirs);
  const conflicts = merged?.conflicts ?? [];
  return (
    <FormDialog
      title={`Merge with ${label}`}
      action="Merge"
      isReady={merged !== undefined}
      onSend={async () => merged && onMerged(settled(merged, sides))}
      onClose={onClose}
    >
      {conflicts.map((conflict) => (
        <ConflictChoice
          key={conflict.id}
          conflict={conflict}
          row={(before ?? []).findIndex(({ id }) => id === conflict.id) + 1}
          side={sides[conflict.id] ?? 'mine'}
          onChange={(side) => setSides({ ...sides, [conflict.id]: side })}
        />
      ))}
      <section className="grid min-w-0 gap-2">
        <h3 className="font-medium">What {label} changed</h3>
        <DatapointsDiff before={version} after={theirs} />
      </section>
      <section className="flex items-center gap-2 border-t border-line pt-3">
        <h3 className="font-medium">What you changed</h3>
        <PlusMinus {...countsOf(changes)} />
      </section>
      {merged && (
        <p className="text-fg-2">
          {conflicts.length === 0 && 'You changed other rows. '}
          Your changes are then changes of {label}. Nothing is stored until you commit.
        </p>
      )}
    </FormDialog>
  );
}
