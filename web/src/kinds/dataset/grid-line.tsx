import type { CSSProperties } from 'react';
import { cx } from '../../ui/cx.ts';
import { type Column, keyOf, labelOf, textIn } from './columns.ts';
import type { Row } from './content.ts';
import { GridCell } from './grid-cell.tsx';
import type { Place } from './place.ts';
import type { Grid } from './use-grid.ts';

const marks = {
  same: undefined,
  changed: { sign: '~', says: 'changed' },
  added: { sign: '+', says: 'new' },
};

/** A row of the grid. */
export function GridLine({
  row,
  index,
  columns,
  active,
  grid,
  onActivate,
  style,
}: {
  readonly row: Row;
  readonly index: number;
  readonly columns: readonly Column[];
  readonly active: Place;
  readonly grid: Grid;
  readonly onActivate: (place: Place) => void;
  readonly style: CSSProperties;
}) {
  const mark = marks[row.how];
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={cx(
        'absolute inset-x-0 top-0 grid border-b border-line',
        index === active.row && 'z-10 bg-hover',
      )}
      style={style}
    >
      <span
        role="rowheader"
        className="num flex items-center justify-end gap-1 px-2 text-2xs text-fg-3"
      >
        {mark && (
          <span className="font-mono text-ok" title={mark.says}>
            <span aria-hidden>{mark.sign}</span>
            <span className="sr-only">{mark.says}</span>
          </span>
        )}
        {index + 1}
      </span>
      {columns.map((column, place) => {
        const at = { row: index, column: place };
        const text = textIn(row.content, column);
        const isActive = index === active.row && place === active.column;
        return (
          <GridCell
            key={keyOf(column)}
            id={cellId(at)}
            label={labelOf(column)}
            text={text}
            isActive={isActive}
            grid={grid}
            onPress={() => (isActive ? grid.edit(text) : onActivate(at))}
          />
        );
      })}
    </div>
  );
}

export function cellId({ row, column }: Place): string {
  return `cell-${row}-${column}`;
}
