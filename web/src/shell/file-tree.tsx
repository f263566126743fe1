import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ellipsis, Plus } from 'lucide-react';
import type { FileResponse } from '../api/types.ts';
import { useDrag, useDrop } from '../directories/drag.ts';
import type { Directory, Entry } from '../directories/entry.ts';
import { EntryMenu } from '../directories/entry-menu.tsx';
import { pagesOf } from '../files/file-pages.ts';
import { directoriesQuery, directoryQuery, fileQuery } from '../files/file-queries.ts';
import { KindIcon } from '../files/kind-icon.tsx';
import { Skeleton } from '../loading/skeleton.tsx';
import { cx } from '../ui/cx.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Twist } from '../ui/twist.tsx';
import { useStored } from '../ui/use-stored.ts';
import { useShell } from './shell-context.ts';

const row =
  'flex h-7 w-full min-w-0 items-center gap-1.5 rounded-md pr-2 text-fg-2 hover:bg-hover hover:text-fg coarse:h-11';
/** Pixels of one level. */
const step = 14;

/** The files in their directories. A directory is read when it is opened. */
export function FileTree() {
  const directories = useQuery(directoriesQuery);
  const root = directories.data?.find(({ parent_id: parent }) => !parent);
  return (
    <nav aria-label="Files" className="mt-3 flex min-h-0 flex-1 flex-col">
      <div className="flex h-7 shrink-0 items-center justify-between pr-2 pl-4 coarse:h-11">
        <h2 className="text-xs font-medium text-fg-3">
          <Link to="/dir/{-$dirId}" className="hover:text-fg">
            Files
          </Link>
        </h2>
        {root && (
          <EntryMenu
            entry={{ type: 'directory', directory: root }}
            trigger={
              <IconButton label="New file or directory" className="size-6">
                <Plus className="size-3.5" />
              </IconButton>
            }
          />
        )}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
        {directories.isError && (
          <p className="px-2 text-xs text-err">The files could not be read.</p>
        )}
        {root && <Level id={root.id} depth={0} />}
        {directories.isPending && <Skeleton className="mx-2 h-4" />}
      </div>
    </nav>
  );
}

function Level({ id, depth }: { readonly id: string; readonly depth: number }) {
  const { data } = useQuery(directoryQuery(id));
  if (!data) return <Skeleton className="mx-2 my-1.5 h-4" />;
  const isEmpty = data.subdirectories.length + data.files.length === 0;
  return (
    <ul>
      {data.subdirectories.toSorted(byName).map((directory) => (
        <Branch key={directory.id} directory={directory} depth={depth} />
      ))}
      {data.files.toSorted(byName).map((file) => (
        <Leaf key={file.id} file={file} depth={depth} />
      ))}
      {isEmpty && (
        <li className="py-1 text-xs text-fg-3" style={{ paddingLeft: 8 + depth * step }}>
          Nothing here yet
        </li>
      )}
    </ul>
  );
}

function Branch({ directory, depth }: { readonly directory: Directory; readonly depth: number }) {
  const { id, name } = directory;
  const holdsOpenFile = useOpenDirectories().has(id);
  const [isOpen, setOpen] = useStored<boolean | undefined>(`open.${id}`, undefined);
  const drag = useDrag();
  const { over, target } = useDrop();
  const shows = isOpen ?? (holdsOpenFile || depth === 0);
  const entry = { type: 'directory', directory } as const;
  return (
    <li>
      <div className="group relative" {...drag(entry)} {...target(id)}>
        <button
          type="button"
          aria-expanded={shows}
          onClick={() => setOpen(!shows)}
          className={cx(row, over === id && 'bg-accent-soft')}
          style={{ paddingLeft: 8 + depth * step }}
        >
          <Twist isOpen={shows} />
          <span className="truncate">{name}</span>
        </button>
        <RowMenu entry={entry} name={name} />
      </div>
      {shows && <Level id={id} depth={depth + 1} />}
    </li>
  );
}

/** A file. The open one unfolds its pages. */
function Leaf({ file, depth }: { readonly file: FileResponse; readonly depth: number }) {
  const isOpen = useShell().openFile === file.id;
  const pages = pagesOf(file.type);
  const name = (
    <>
      <KindIcon kind={file.type} />
      <span className="truncate">{file.name}</span>
    </>
  );
  const place = { paddingLeft: 8 + depth * step };
  const drag = useDrag();
  const entry = { type: 'file', file } as const;
  return (
    <li>
      <div className="group relative" {...drag(entry)}>
        <Link
          to="/f/$fileId"
          params={{ fileId: file.id }}
          className={cx(row, isOpen && 'font-medium text-fg')}
          style={place}
        >
          {name}
        </Link>
        <RowMenu entry={entry} name={file.name} />
      </div>
      {isOpen && pages.length > 0 && (
        <ul aria-label={`Pages of ${file.name}`} className="relative">
          <i
            aria-hidden
            className="absolute inset-y-0 w-px bg-line"
            style={{ left: 15 + depth * step }}
          />
          {pages.map(({ to, label }) => (
            <li key={to} style={{ paddingLeft: 22 + depth * step }}>
              <Link
                to={to}
                params={{ fileId: file.id }}
                activeOptions={{ includeSearch: false }}
                className={cx(
                  row,
                  'px-2 aria-[current=page]:bg-active aria-[current=page]:font-medium aria-[current=page]:text-fg',
                )}
              >
                {label}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** What can be done with a line of the tree; seen when the line is pointed at, or has the focus. */
function RowMenu({ entry, name }: { readonly entry: Entry; readonly name: string }) {
  return (
    <span className="absolute top-0.5 right-1 rounded-md bg-bg opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 has-aria-expanded:opacity-100 coarse:top-1 coarse:opacity-100">
      <EntryMenu
        entry={entry}
        trigger={
          <IconButton label={`Actions for ${name}`} className="size-6">
            <Ellipsis className="size-3.5" />
          </IconButton>
        }
      />
    </span>
  );
}

/** The directories above the file that is open. */
function useOpenDirectories(): ReadonlySet<string> {
  const { openFile = '' } = useShell();
  const file = useQuery({ ...fileQuery(openFile), enabled: openFile !== '' });
  const { data: directories = [] } = useQuery(directoriesQuery);
  const parents = new Map(directories.map(({ id, parent_id: parent }) => [id, parent]));
  const open = new Set<string>();
  for (let id = file.data?.directory_id; id && !open.has(id); id = parents.get(id)) open.add(id);
  return open;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true });
}
