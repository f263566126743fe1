import { Columns3, FileUp, Plus, Search, Trash2 } from 'lucide-react';
import { useRef } from 'react';
import { counted } from '../../format/format.ts';
import { useShortcuts } from '../../keyboard/use-shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { Input } from '../../ui/input.tsx';

/** What is done with the rows. */
export function RowTools({
  count,
  shown,
  q,
  isReadOnly,
  hasActive,
  onSearch,
  onAdd,
  onRemove,
  onDialog,
}: {
  readonly count: number;
  /** How many of them match the search. */
  readonly shown: number;
  readonly q: string;
  readonly isReadOnly: boolean;
  readonly hasActive: boolean;
  readonly onSearch: (q: string) => void;
  readonly onAdd: () => void;
  readonly onRemove: () => void;
  readonly onDialog: (dialog: 'column' | 'import') => void;
}) {
  const field = useRef<HTMLInputElement>(null);
  useShortcuts({ search: () => field.current?.focus() });
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2">
      <span className="relative w-56 max-sm:w-full">
        <Search
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-fg-3"
        />
        <Input
          ref={field}
          aria-label="Search in the rows"
          placeholder="Search in the rows"
          className="pl-7"
          value={q}
          onChange={({ target }) => onSearch(target.value)}
        />
      </span>
      <span role="status" className="num text-xs text-fg-3">
        {shown < count ? `${shown} of ${counted(count, 'row')}` : counted(count, 'row')}
      </span>
      <span className="flex-1 max-sm:hidden" />
      {!isReadOnly && (
        <div className="flex gap-2 max-sm:grid max-sm:w-full max-sm:grid-cols-2">
          <Button onClick={onRemove} disabled={!hasActive}>
            <Trash2 aria-hidden className="size-3.5" />
            Delete row
          </Button>
          <Button onClick={() => onDialog('column')}>
            <Columns3 aria-hidden className="size-3.5" />
            Add a column
          </Button>
          <Button onClick={() => onDialog('import')}>
            <FileUp aria-hidden className="size-3.5" />
            Import rows
          </Button>
          <Button onClick={onAdd}>
            <Plus aria-hidden className="size-3.5" />
            Add a row
          </Button>
        </div>
      )}
    </div>
  );
}
