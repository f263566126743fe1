import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { api } from '../api/client.ts';
import type { FileResponse } from '../api/types.ts';
import { directoryQuery } from '../files/file-queries.ts';
import { collectionOf } from '../files/kind-of-id.ts';
import { counted } from '../format/format.ts';
import { ConfirmDialog } from '../forms/confirm-dialog.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import type { Directory, Entry } from './entry.ts';

export function DeleteDialog({
  entry,
  onClose,
}: {
  readonly entry: Entry;
  readonly onClose: () => void;
}) {
  return entry.type === 'file' ? (
    <DeleteFile file={entry.file} onClose={onClose} />
  ) : (
    <DeleteDirectory directory={entry.directory} onClose={onClose} />
  );
}

function DeleteFile({
  file,
  onClose,
}: {
  readonly file: FileResponse;
  readonly onClose: () => void;
}) {
  const afterwards = useLeave(file.id, file.directory_id ?? undefined);
  const logs = file.type === 'dataset' ? 0 : file.total_logs_count;
  const remove = async () => {
    const params = { path: { id: file.id } };
    await api.DELETE(`/v5/${collectionOf(file.id)}/{id}`, { params });
    await afterwards();
  };
  return (
    <ConfirmDialog
      title={`Delete “${file.name}”?`}
      action={`Delete the ${file.type}`}
      typed={logs > 0 ? file.name : undefined}
      onConfirm={remove}
      onClose={onClose}
    >
      <p>
        All its versions are deleted, also those that are deployed. Calls of {file.path} are refused
        from then on, and files that link to it find nothing there.
      </p>
      {logs > 0 && (
        <p>{logs === 1 ? 'Its log' : `Its ${counted(logs, 'log')}`} can no longer be read.</p>
      )}
      <p>This cannot be undone.</p>
    </ConfirmDialog>
  );
}

function DeleteDirectory({
  directory,
  onClose,
}: {
  readonly directory: Directory;
  readonly onClose: () => void;
}) {
  const { data } = useQuery({ ...directoryQuery(directory.id), staleTime: 0 });
  const afterwards = useLeave(directory.id, directory.parent_id ?? undefined);
  const remove = async () => {
    await api.DELETE('/v5/directories/{id}', { params: { path: { id: directory.id } } });
    await afterwards();
  };
  const files = data?.files.length ?? 0;
  const directories = data?.subdirectories.length ?? 0;
  const held = [
    ...(files > 0 ? [counted(files, 'file')] : []),
    ...(directories > 0 ? [counted(directories, 'directory', 'directories')] : []),
  ];
  if (held.length > 0) {
    return (
      <Dialog title={`“${directory.name}” is not empty`} onClose={onClose}>
        <div className="grid gap-3 p-4">
          <p className="text-fg-2">
            Only an empty directory can be deleted. Move or delete what is in it first:{' '}
            {held.join(' and ')}.
          </p>
          <Button className="justify-self-end" onClick={onClose}>
            Close
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <ConfirmDialog
      title={`Delete the directory “${directory.name}”?`}
      action="Delete the directory"
      onConfirm={remove}
      onClose={onClose}
    >
      <p>It is empty. Nothing else is lost.</p>
    </ConfirmDialog>
  );
}

/** After a deletion: leaves the pages of what is gone, and reads the lists again. */
function useLeave(id: string, parent: string | undefined): () => Promise<void> {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { pathname } = useRouterState().location;
  return async () => {
    if (pathname.split('/').includes(id)) {
      await navigate({ to: '/dir/{-$dirId}', params: { dirId: parent }, replace: true });
    }
    cache.removeQueries({ queryKey: ['file', id] });
    await Promise.all(
      [['directory'], ['directories'], ['files']].map((queryKey) =>
        // Of what is gone nothing is asked again, though the question is still open.
        cache.invalidateQueries({ queryKey, predicate: (query) => !query.queryKey.includes(id) }),
      ),
    );
  };
}
