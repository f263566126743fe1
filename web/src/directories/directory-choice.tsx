import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { directoriesQuery } from '../files/file-queries.ts';
import { Input } from '../ui/input.tsx';
import type { Directory } from './entry.ts';

/** More than this many are only shown when words narrow them. */
const mostShown = 200;

/** One of all directories, found by its path. */
export function DirectoryChoice({
  label,
  value,
  without,
  onChange,
}: {
  readonly label: string;
  readonly value: string | undefined;
  /** The id of a directory that is not offered, with what is below it. */
  readonly without: string | undefined;
  readonly onChange: (directoryId: string) => void;
}) {
  const name = useId();
  const [words, setWords] = useState('');
  const { data: all = [] } = useQuery(directoriesQuery);
  const hidden = all.find(({ id }) => id === without)?.path;
  const found = all
    .filter(({ path }) => hidden === undefined || !isBelow(path, hidden))
    .filter((directory) => pathOf(directory).toLowerCase().includes(words.trim().toLowerCase()))
    .toSorted((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="mb-1 text-xs font-medium text-fg-2">{label}</legend>
      <Input
        aria-label="Find a directory"
        placeholder="Find a directory"
        autoComplete="off"
        value={words}
        onChange={({ target }) => setWords(target.value)}
      />
      <div className="max-h-64 min-h-24 overflow-y-auto rounded-md border border-line p-1">
        {found.slice(0, mostShown).map((directory) => (
          <label
            key={directory.id}
            className="flex min-h-7 items-center gap-2 rounded-md px-2 hover:bg-hover has-checked:bg-active coarse:min-h-11"
          >
            <input
              type="radio"
              name={name}
              checked={directory.id === value}
              onChange={() => onChange(directory.id)}
              className="size-3.5 shrink-0 accent-accent"
            />
            <span className="min-w-0 truncate">{pathOf(directory)}</span>
          </label>
        ))}
        {found.length === 0 && <p className="p-2 text-fg-3">No directory has this name.</p>}
        {found.length > mostShown && (
          <p className="p-2 text-xs text-fg-3">Type more of the path to find the others.</p>
        )}
      </div>
    </fieldset>
  );
}

function pathOf({ path }: Directory): string {
  return path === '' ? 'Files' : path;
}

function isBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`);
}
