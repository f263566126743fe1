import { ArrowDown, ArrowUp } from 'lucide-react';
import { cx } from '../../ui/cx.ts';
import type { Column } from './columns.tsx';
import { ColumnsMenu } from './columns-menu.tsx';
import type { LogRow } from './list-queries.ts';
import type { ChangeSearch, ListSearch } from './list-search.ts';
import { RowCheckbox } from './row-checkbox.tsx';
import { templateOf } from './shown-columns.ts';
import type { Selection } from './use-selection.ts';

interface HeadProps {
  readonly columns: readonly Column[];
  readonly rows: readonly LogRow[];
  /** Of the rows that are loaded. */
  readonly ids: readonly string[];
  readonly search: ListSearch;
  readonly selection: Selection;
  readonly onChange: ChangeSearch;
}

/** The names of the columns, and which of them are shown. One by which the list can be sorted is a button. */
export function GridHead({ columns, rows, ids, search, selection, onChange }: HeadProps) {
  return (
    <div
      className="grid h-8 shrink-0 items-center gap-3 border-y border-line bg-sunken px-3 text-2xs font-medium text-fg-3"
      style={{ gridTemplateColumns: templateOf(columns) }}
    >
      <AllCheckbox ids={ids} selection={selection} />
      {columns.map((column) => (
        <span
          key={column.id}
          className={cx('flex min-w-0', column.isNumber === true && 'justify-end')}
        >
          <ColumnName {...{ column, search, onChange }} />
        </span>
      ))}
      <span className="-mx-2">
        <ColumnsMenu shown={columns.map(({ id }) => id)} {...{ rows, search, onChange }} />
      </span>
    </div>
  );
}

function ColumnName({
  column: { name, sort },
  search: { sort_by: sortBy = 'created_at', order = 'desc' },
  onChange,
}: Pick<HeadProps, 'search' | 'onChange'> & { readonly column: Column }) {
  if (sort === undefined) {
    return (
      <span className="truncate" title={name}>
        {name}
      </span>
    );
  }
  const isSorted = sort === sortBy;
  const Arrow = order === 'desc' ? ArrowDown : ArrowUp;
  return (
    <button
      type="button"
      aria-label={`Sort by ${name.toLowerCase()}${isSorted ? `, now ${order}ending` : ''}`}
      onClick={() =>
        onChange({ sort_by: sort, order: isSorted && order === 'desc' ? 'asc' : 'desc' })
      }
      className={cx('flex min-h-6 items-center gap-0.5 hover:text-fg', isSorted && 'text-fg')}
    >
      {name}
      {isSorted && (sort !== 'created_at' || order === 'asc') && <Arrow className="size-3" />}
    </button>
  );
}

/** Chooses all rows that are loaded, or none. */
function AllCheckbox({ ids, selection }: Pick<HeadProps, 'ids' | 'selection'>) {
  const chosen = selection.isAll || ids.every((id) => selection.ids.has(id));
  return (
    <RowCheckbox
      label="Choose all logs"
      isTabStop
      checked={chosen || (selection.ids.size > 0 ? 'some' : false)}
      onToggle={() => (chosen ? selection.clear() : selection.choose(ids))}
    />
  );
}
