import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { usePointerIsCoarse } from '../../ui/use-pointer.ts';
import { type Column, keyOf, labelOf } from './columns.ts';
import type { Row } from './content.ts';
import { cellId, GridLine } from './grid-line.tsx';
import type { Place } from './place.ts';
import { type GridOptions, useGrid } from './use-grid.ts';

/** The rows of a dataset, to be read and changed. Only those in sight are in the page. */
export function RowGrid({
  onPaste,
  ...options
}: GridOptions & { readonly onPaste: (text: string, at: Place) => void }) {
  const { rows, columns, active, isReadOnly, onActivate } = options;
  const scroller = useRef<HTMLDivElement>(null);
  const height = usePointerIsCoarse() ? 44 : 32;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
    // The active row is always there: it is what the grid says has the focus.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      const isShown = active.row >= rows.length || shown.includes(active.row);
      return isShown ? shown : [...shown, active.row].toSorted((a, b) => a - b);
    },
  });
  const grid = useGrid(options, scroller, (row) => virtual.scrollToIndex(row));
  const { text, typed } = grid;
  const template = `3rem repeat(${columns.length}, minmax(11rem, 1fr))`;
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Rows"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      aria-readonly={isReadOnly}
      aria-activedescendant={text !== undefined && typed === undefined ? cellId(active) : undefined}
      tabIndex={0}
      onKeyDown={grid.press}
      onCopy={(event) => {
        if (typed !== undefined || text === undefined) return;
        event.preventDefault();
        event.clipboardData.setData('text/plain', text);
      }}
      onPaste={(event) => {
        if (typed !== undefined || isReadOnly) return;
        event.preventDefault();
        onPaste(event.clipboardData.getData('text/plain'), active);
      }}
      className="min-h-0 flex-1 overflow-auto bg-panel -outline-offset-2"
    >
      <div className="w-max min-w-full" role="presentation">
        <GridHead columns={columns} template={template} />
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => (
            <GridLine
              key={(rows[index] as Row).key}
              row={rows[index] as Row}
              index={index}
              columns={columns}
              active={active}
              grid={grid}
              onActivate={onActivate}
              style={{
                gridTemplateColumns: template,
                height,
                transform: `translateY(${start}px)`,
              }}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function GridHead({
  columns,
  template,
}: {
  readonly columns: readonly Column[];
  readonly template: string;
}) {
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="sticky top-0 z-20 grid h-8 items-center border-b border-line bg-sunken text-2xs font-medium text-fg-3"
      style={{ gridTemplateColumns: template }}
    >
      <span role="columnheader" className="px-2 text-right">
        <span className="sr-only">Number</span>
      </span>
      {columns.map((column) => (
        <span
          key={keyOf(column)}
          role="columnheader"
          className="truncate border-l border-line px-2 leading-8"
          title={labelOf(column)}
        >
          {labelOf(column)}
        </span>
      ))}
    </div>
  );
}
