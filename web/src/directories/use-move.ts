import { api } from '../api/client.ts';
import type { FileResponse } from '../api/types.ts';
import { directoriesQuery, directoryQuery, fileQuery } from '../files/file-queries.ts';
import { collectionOf } from '../files/kind-of-id.ts';
import { shownIn, useOptimistic } from '../query/optimistic.ts';
import { type Directory, type DirectoryContent, type Entry, idOf, parentOf } from './entry.ts';

/** Where something goes: to another directory, under another name, or both. */
export interface Move {
  readonly entry: Entry;
  readonly name?: string;
  readonly directoryId?: string;
}

/** Renames and moves files and directories. It is shown at once, and taken back if the server refuses it. */
export function useMove(): (move: Move) => Promise<void> {
  const { mutateAsync } = useOptimistic<Move>({
    failed: 'Not moved',
    send: ({ entry, name, directoryId }) => {
      const path = { id: idOf(entry) };
      return entry.type === 'file'
        ? api.PATCH(`/v5/${collectionOf(entry.file.id)}/{id}`, {
            params: { path },
            body: { ...(name && { name }), ...(directoryId && { directory_id: directoryId }) },
          })
        : api.PATCH('/v5/directories/{id}', {
            params: { path },
            body: { ...(name && { name }), ...(directoryId && { parent_id: directoryId }) },
          });
    },
    shows: (move) => {
      const { entry } = move;
      const from = parentOf(entry) ?? '';
      const to = move.directoryId ?? from;
      const moved = movedEntry(move);
      return [
        shownIn<DirectoryContent>(directoryQuery(from).queryKey, (data) =>
          to === from ? withEntry(data, moved) : withoutEntry(data, entry),
        ),
        ...(to === from
          ? []
          : [
              shownIn<DirectoryContent>(directoryQuery(to).queryKey, (data) =>
                withEntry(data, moved),
              ),
            ]),
        ...(moved.type === 'file'
          ? [shownIn<FileResponse>(fileQuery(moved.file.id).queryKey, () => moved.file)]
          : [
              shownIn<readonly Directory[]>(directoriesQuery.queryKey, (all) =>
                all.map((one) => (one.id === moved.directory.id ? moved.directory : one)),
              ),
            ]),
      ];
    },
    // Below a directory all paths change.
    touches: [['directory'], ['directories'], ['files'], ['file']],
  });
  return async (move) => {
    await mutateAsync(move);
  };
}

/** An entry as it will be, but for its path, which the server tells. */
function movedEntry({ entry, name, directoryId }: Move): Entry {
  return entry.type === 'file'
    ? {
        type: 'file',
        file: {
          ...entry.file,
          ...(name && { name }),
          ...(directoryId && { directory_id: directoryId }),
        },
      }
    : {
        type: 'directory',
        directory: {
          ...entry.directory,
          ...(name && { name }),
          ...(directoryId && { parent_id: directoryId }),
        },
      };
}

function withoutEntry(data: DirectoryContent, entry: Entry): DirectoryContent {
  const id = idOf(entry);
  return {
    ...data,
    files: data.files.filter((one) => one.id !== id),
    subdirectories: data.subdirectories.filter((one) => one.id !== id),
  };
}

function withEntry(data: DirectoryContent, entry: Entry): DirectoryContent {
  const rest = withoutEntry(data, entry);
  return entry.type === 'file'
    ? { ...rest, files: [...rest.files, entry.file] }
    : { ...rest, subdirectories: [...rest.subdirectories, entry.directory] };
}
