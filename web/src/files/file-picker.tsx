import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import type { FileKind, FileResponse } from '../api/types.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Input } from '../ui/input.tsx';
import { filesNamedQuery } from './file-queries.ts';
import { KindIcon } from './kind-icon.tsx';
import { kinds as kindLooks } from './kinds.ts';

/** Asks for a file of some kinds. */
export function FilePicker({
  title,
  kinds,
  onPick,
  onClose,
}: {
  /** What it is asked for. */
  readonly title: string;
  readonly kinds: readonly FileKind[];
  readonly onPick: (file: FileResponse) => void;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState('');
  const found = useQuery({
    ...filesNamedQuery(useDeferredValue(name.trim())),
    placeholderData: (before) => before,
  });
  const files = (found.data ?? []).filter(({ type }) => kinds.includes(type));
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="p-3">
        <Input
          autoFocus
          aria-label="Name of the file"
          placeholder={`Find a ${kinds.map((kind) => kindLooks[kind].label.toLowerCase()).join(', ')}`}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
      </div>
      <ul className="overflow-y-auto px-1.5 pb-2">
        {files.map((file) => (
          <li key={file.id}>
            <button
              type="button"
              onClick={() => onPick(file)}
              className="flex min-h-8 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-hover coarse:min-h-11"
            >
              <KindIcon kind={file.type} />
              <span className="truncate">{file.name}</span>
              <span className="ml-auto min-w-0 truncate pl-3 text-xs text-fg-3">{file.path}</span>
            </button>
          </li>
        ))}
        {files.length === 0 && (
          <li className="px-2 py-3 text-center text-fg-3">
            {found.isFetching ? 'Looking…' : 'There is no such file.'}
          </li>
        )}
      </ul>
    </Dialog>
  );
}
