import { type ComponentProps, type ReactNode, useRef } from 'react';
import { cx } from './cx.ts';
import { useRowFocus } from './use-row-focus.ts';

/** A column of a table. */
export interface Column<Row> {
  readonly name: string;
  /** Its head is only read out: the column holds buttons or a mark. */
  readonly hidesName?: boolean;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers and times stand right. */
  readonly align?: 'left' | 'right';
  /** Takes the room that the others leave. */
  readonly grows?: boolean;
  /** Left out on a phone. */
  readonly isExtra?: boolean;
  /** Names the row: the first column, in most tables. */
  readonly isHead?: boolean;
}

/** A table of a few hundred rows at most, in the order in which they are given. */
export function DataTable<Row>({
  label,
  columns,
  rows,
  keyOf,
  rowProps,
  className,
}: {
  /** What it lists: the name of the table. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Of the rows: what is done by dragging, classes. */
  readonly rowProps?: (row: Row) => ComponentProps<'tr'>;
  readonly className?: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const { onFocus } = useRowFocus(box);
  return (
    <div
      ref={box}
      onFocus={onFocus}
      tabIndex={0}
      role="region"
      aria-label={label}
      className={cx('min-h-0 overflow-auto bg-panel -outline-offset-2', className)}
    >
      <table className="w-full">
        <caption className="sr-only">{label}</caption>
        <thead className="sticky top-0 z-10 bg-sunken text-2xs text-fg-3">
          <tr className="h-8 border-b border-line">
            {columns.map((column) => (
              <th key={column.name} scope="col" className={cx(cellClass(column), 'font-medium')}>
                <span className={column.hidesName ? 'sr-only' : ''}>{column.name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const { className: look, ...props } = rowProps?.(row) ?? {};
            return (
              <tr
                key={keyOf(row)}
                {...props}
                className={cx(
                  'h-9 border-b border-line last:border-b-0 hover:bg-hover coarse:h-11',
                  look,
                )}
              >
                {columns.map((column) => (
                  <Cell key={column.name} column={column} row={row} />
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Cell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }) {
  const look = cellClass(column);
  return column.isHead ? (
    <th scope="row" className={cx(look, 'font-normal')}>
      {column.cell(row)}
    </th>
  ) : (
    <td className={look}>{column.cell(row)}</td>
  );
}

function cellClass<Row>({ align = 'left', grows, isExtra }: Column<Row>): string {
  return cx(
    'px-3 py-1 whitespace-nowrap first:pl-4 last:pr-4',
    align === 'right' ? 'num text-right' : 'text-left',
    // As wide as there is room; a longer text is cut, and pushes no other column out of sight.
    grows && 'w-full max-w-0 overflow-hidden text-ellipsis',
    isExtra && 'max-sm:hidden',
  );
}
