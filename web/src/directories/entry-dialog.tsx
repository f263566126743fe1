import { DeleteDialog } from './delete-dialog.tsx';
import type { Entry } from './entry.ts';
import type { EntryAction } from './entry-action.ts';
import { MoveDialog } from './move-dialog.tsx';
import { NewDirectoryDialog } from './new-directory-dialog.tsx';
import { NewFileDialog } from './new-file-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';

/** The dialog of an action. Loaded with the first one. */
export function EntryDialog({
  action,
  entry,
  onClose,
}: {
  readonly action: EntryAction;
  readonly entry: Entry;
  readonly onClose: () => void;
}) {
  switch (action) {
    case 'rename':
      return <RenameDialog entry={entry} onClose={onClose} />;
    case 'move':
      return <MoveDialog entry={entry} onClose={onClose} />;
    case 'delete':
      return <DeleteDialog entry={entry} onClose={onClose} />;
    case 'new-file':
      return <NewFileDialog directory={directoryOf(entry)} onClose={onClose} />;
    case 'new-directory':
      return <NewDirectoryDialog directory={directoryOf(entry)} onClose={onClose} />;
  }
}

/** The directory in which something is made. */
function directoryOf(entry: Entry): { readonly id: string; readonly path: string } {
  if (entry.type === 'directory') return entry.directory;
  const { path, name, directory_id: id } = entry.file;
  return { id: id ?? 'root', path: path.slice(0, Math.max(0, path.length - name.length - 1)) };
}
