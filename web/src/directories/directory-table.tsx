import { Link } from '@tanstack/react-router';
import { Ellipsis, Folder } from 'lucide-react';
import type { ReactNode } from 'react';
import { EnvironmentMarks } from '../deploy/environment-marks.tsx';
import { KindIcon } from '../files/kind-icon.tsx';
import { kinds } from '../files/kinds.ts';
import { versionLabel } from '../files/version-code.ts';
import { ago, wholeTime } from '../format/time.ts';
import { cx } from '../ui/cx.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { useDrag, useDrop } from './drag.ts';
import { type DirectoryContent, type Entry, idOf, nameOf } from './entry.ts';
import { EntryMenu } from './entry-menu.tsx';
import { ErrorRate, type LastWeek, LogsOfWeek, useLastWeek } from './last-week.tsx';

/** What is in a directory: directories first, then files, each by name. */
export function DirectoryTable({ content }: { readonly content: DirectoryContent }) {
  const drag = useDrag();
  const { over, target } = useDrop();
  const weekOf = useLastWeek(content.id);
  return (
    <DataTable
      label="Content of the directory"
      className="flex-1"
      columns={columnsOf(content, weekOf)}
      rows={entriesOf(content)}
      keyOf={idOf}
      rowProps={(entry) => ({
        ...drag(entry),
        ...(entry.type === 'directory' && target(entry.directory.id)),
        className: cx(
          entry.type === 'directory' &&
            over === entry.directory.id &&
            'bg-accent-soft outline-2 -outline-offset-2 outline-accent',
        ),
      })}
    />
  );
}

function entriesOf({ subdirectories, files }: DirectoryContent): readonly Entry[] {
  return [
    ...subdirectories
      .map((directory): Entry => ({ type: 'directory', directory }))
      .toSorted(byName),
    ...files.map((file): Entry => ({ type: 'file', file })).toSorted(byName),
  ];
}

function byName(a: Entry, b: Entry): number {
  return nameOf(a).localeCompare(nameOf(b), 'en', { numeric: true });
}

function columnsOf(
  { deployments }: DirectoryContent,
  weekOf: ((fileId: string) => LastWeek) | undefined,
): readonly Column<Entry>[] {
  // Datasets are not run.
  const ofWeek = (entry: Entry, show: (week: LastWeek) => ReactNode) =>
    weekOf && entry.type === 'file' && entry.file.type !== 'dataset'
      ? show(weekOf(entry.file.id))
      : null;
  return [
    { name: 'Name', grows: true, isHead: true, cell: (entry) => <EntryLink entry={entry} /> },
    {
      name: 'Kind',
      isExtra: true,
      cell: (entry) => (
        <span className="text-fg-2">
          {entry.type === 'file' ? kinds[entry.file.type].label : 'Directory'}
        </span>
      ),
    },
    {
      name: 'Deployed to',
      isExtra: true,
      cell: (entry) => <DeployedTo deployments={deployments} fileId={idOf(entry)} />,
    },
    {
      name: 'Logs in 7 days',
      align: 'right',
      isExtra: true,
      cell: (entry) => ofWeek(entry, (week) => <LogsOfWeek week={week} />),
    },
    {
      name: 'Errors',
      align: 'right',
      cell: (entry) => ofWeek(entry, (week) => <ErrorRate week={week} />),
    },
    {
      name: 'Last used',
      align: 'right',
      cell: (entry) => entry.type === 'file' && <Time iso={entry.file.last_used_at} />,
    },
    {
      name: 'Changed',
      align: 'right',
      isExtra: true,
      cell: (entry) => (
        <Time iso={entry.type === 'file' ? entry.file.updated_at : entry.directory.updated_at} />
      ),
    },
    { name: 'By', isExtra: true, cell: (entry) => <Author entry={entry} /> },
    {
      name: 'Actions',
      hidesName: true,
      cell: (entry) => (
        <EntryMenu
          entry={entry}
          trigger={
            <IconButton label={`Actions for ${nameOf(entry)}`}>
              <Ellipsis className="size-4" />
            </IconButton>
          }
        />
      ),
    },
  ];
}

function EntryLink({ entry }: { readonly entry: Entry }) {
  const look = 'flex min-h-6 min-w-0 items-center gap-2 hover:underline coarse:min-h-11';
  return entry.type === 'file' ? (
    <Link to="/f/$fileId" params={{ fileId: entry.file.id }} className={look}>
      <KindIcon kind={entry.file.type} />
      <span className="min-w-0 truncate">{entry.file.name}</span>
    </Link>
  ) : (
    <Link to="/dir/{-$dirId}" params={{ dirId: entry.directory.id }} className={look}>
      <Folder aria-hidden className="size-3.5 shrink-0 text-fg-3" />
      <span className="min-w-0 truncate">{entry.directory.name}</span>
    </Link>
  );
}

/** The environments of a file; which version is there is in the tooltip. */
function DeployedTo({
  deployments,
  fileId,
}: {
  readonly deployments: DirectoryContent['deployments'];
  readonly fileId: string;
}) {
  const own = deployments.filter(({ file_id: id }) => id === fileId);
  return (
    <span title={own.map((one) => `${one.environment.name}: ${versionLabel(one)}`).join('\n')}>
      <EnvironmentMarks environments={own.map(({ environment }) => environment)} />
    </span>
  );
}

function Time({ iso }: { readonly iso: string }) {
  return (
    <time dateTime={iso} title={wholeTime(iso)} className="text-fg-2">
      {ago(iso)}
    </time>
  );
}

function Author({ entry }: { readonly entry: Entry }) {
  if (entry.type === 'directory') return null;
  const author = entry.file.committed_by ?? entry.file.created_by;
  return (
    <span className="block max-w-36 truncate text-fg-2">
      {author ? (author.full_name ?? author.email_address) : null}
    </span>
  );
}
