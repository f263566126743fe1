import { useState } from 'react';
import { FormDialog } from '../forms/form-dialog.tsx';
import { DirectoryChoice } from './directory-choice.tsx';
import { type Entry, idOf, nameOf, parentOf } from './entry.ts';
import { useMove } from './use-move.ts';

export function MoveDialog({
  entry,
  onClose,
}: {
  readonly entry: Entry;
  readonly onClose: () => void;
}) {
  const [directoryId, choose] = useState<string>();
  const move = useMove();
  const isNew = directoryId !== undefined && directoryId !== parentOf(entry);
  return (
    <FormDialog
      title={`Move “${nameOf(entry)}”`}
      action="Move"
      isReady={isNew}
      onSend={async () => directoryId && (await move({ entry, directoryId }))}
      onClose={onClose}
    >
      <DirectoryChoice
        label="To which directory"
        value={directoryId ?? parentOf(entry)}
        without={entry.type === 'directory' ? idOf(entry) : undefined}
        onChange={choose}
      />
    </FormDialog>
  );
}
