import { useMemo, useRef, useState } from 'react';
import { pressInGrid } from '../../keyboard/grid-keys.ts';
import { cx } from '../../ui/cx.ts';
import { useRowTrim } from '../../ui/use-density.ts';
import { useElementWidth } from '../../ui/use-element-width.ts';
import { usePointerIsCoarse } from '../../ui/use-pointer.ts';
import { useCellMenu } from './cell-menu.tsx';
import { GridHead } from './grid-head.tsx';
import type { LogStats, LogRow as Row } from './list-queries.ts';
import type { ChangeSearch, ListSearch } from './list-search.ts';
import { LogGridRow, logRowId } from './log-grid-row.tsx';
import { NewLogs } from './new-logs.tsx';
import { possibleColumns, shownColumns } from './shown-columns.ts';
import { useGridRows } from './use-grid-rows.ts';
import type { Selection } from './use-selection.ts';

interface GridProps {
  readonly rows: readonly Row[];
  readonly total: number;
  /** All logs are of one file. */
  readonly hasFile: boolean;
  /** The rows are of the filters before. */
  readonly isOld: boolean;
  readonly stats: LogStats | undefined;
  readonly search: ListSearch;
  readonly selection: Selection;
  readonly onChange: ChangeSearch;
  readonly onOpen: (logId: string) => void;
  /** Called when the last row is near. */
  readonly onEnd: () => void;
  /** How many logs came while the reader was further down. */
  readonly newLogs: number;
  readonly onShowNew: () => Promise<void>;
  /** Called when the reader comes to the top, or leaves it. */
  readonly onTop: (isAtTop: boolean) => void;
}

/** The rows of a list of logs. Only those in sight are in the page. */
export function LogGrid(props: GridProps) {
  const { rows, total, hasFile, isOld, search, selection, newLogs } = props;
  const { onChange, onOpen, onEnd, onShowNew, onTop } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const width = useElementWidth(scroller);
  const isCoarse = usePointerIsCoarse();
  const isNarrow = width < 720;
  const trim = useRowTrim();
  const rowHeight = isNarrow ? 76 : isCoarse ? 44 : 36 - trim;
  const { cols } = search;
  const columns = useMemo(
    () => shownColumns(rows, { cols, hasFile, width }),
    [rows, cols, hasFile, width],
  );
  const [active, setActive] = useState<string>();
  const activeId = active ?? search.peek;
  const ids = useMemo(() => rows.map(({ id }) => id), [rows]);
  const activate = (id: string) => {
    setActive(id);
    if (search.peek !== undefined) onChange({ peek: id });
  };
  const menu = useCellMenu({
    activeId,
    onActivate: setActive,
    rows,
    columns: isNarrow ? possibleColumns(rows) : columns,
    onChange,
    onClose: () => scroller.current?.focus(),
  });
  const grid = { scroller, ids, activeId, rowHeight, onActivate: activate, onEnd };
  const { items, height, moves } = useGridRows(grid);
  const shared = { height: rowHeight, isNarrow, columns, stats: props.stats, onOpen };
  return (
    <div className={cx('relative flex min-h-0 flex-1 flex-col bg-panel', isOld && 'opacity-50')}>
      {!isNarrow && <GridHead {...{ columns, rows, ids, search, selection, onChange }} />}
      <NewLogs
        count={newLogs}
        onShow={() => {
          scroller.current?.scrollTo({ top: 0 });
          void onShowNew();
        }}
      />
      <div
        ref={scroller}
        role="grid"
        aria-label="Logs"
        aria-multiselectable
        aria-rowcount={total}
        aria-activedescendant={
          activeId !== undefined && ids.includes(activeId) ? logRowId(activeId) : undefined
        }
        tabIndex={0}
        onScroll={({ currentTarget }) => onTop(currentTarget.scrollTop < rowHeight)}
        onKeyDown={(event) =>
          pressInGrid(event, {
            ...moves,
            open: () => activeId !== undefined && onOpen(activeId),
            choose: () => activeId !== undefined && selection.toggle(activeId),
            peek: () => onChange({ peek: search.peek === activeId ? undefined : activeId }),
          })
        }
        onContextMenu={menu.open}
        className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto -outline-offset-2"
      >
        <div role="presentation" className="relative" style={{ height }}>
          {width > 0 &&
            items.map(({ index, key, start }) => {
              const row = rows[index] as Row;
              return (
                <LogGridRow
                  key={key}
                  {...shared}
                  {...{ row, index }}
                  top={start}
                  isActive={row.id === activeId}
                  isChosen={selection.isAll || selection.ids.has(row.id)}
                  onActivate={setActive}
                  onToggle={selection.toggle}
                />
              );
            })}
        </div>
      </div>
      {menu.shown}
    </div>
  );
}
