import { useNavigate } from '@tanstack/react-router';
import { CommitDialog } from '../commit/commit-dialog.tsx';
import { MergeDialog } from '../commit/merge-dialog.tsx';
import { carryRun } from '../run/use-run.ts';
import type { Column } from './use-column.ts';

/** The dialog over the editor that is open. After a commit, and after a merge, another version is edited. */
export function EditorDialog({
  open,
  column: { edited, setFaults },
  onClose,
}: {
  readonly open: 'commit' | 'merge';
  readonly column: Column;
  readonly onClose: () => void;
}) {
  const navigate = useNavigate({ from: '/f/$fileId/editor' });
  const { id: fileId, version_id: before } = edited.version;
  const edit = (version: string) => {
    carryRun(fileId, before, version);
    // The button that opened the dialog goes with the version that was edited.
    void navigate({ search: { version } }).then(() => document.getElementById('main')?.focus());
  };
  const { news } = edited;
  if (open === 'commit') {
    return (
      <CommitDialog
        edited={edited}
        onFaults={setFaults}
        onCommitted={({ version_id: id }) => edit(id)}
        onClose={onClose}
      />
    );
  }
  if (!news) return null;
  return (
    <MergeDialog
      edited={edited}
      theirs={news}
      onMerged={(spec) => {
        edited.moveTo(news.version_id, spec);
        edit(news.version_id);
      }}
      onClose={onClose}
    />
  );
}
