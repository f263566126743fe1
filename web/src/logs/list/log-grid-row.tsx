import { memo } from 'react';
import { KindIcon } from '../../files/kind-icon.tsx';
import { counted, dollars, duration } from '../../format/format.ts';
import { moment } from '../../format/time.ts';
import { cx } from '../../ui/cx.ts';
import { StatusPill } from '../status-pill.tsx';
import type { Column } from './columns.tsx';
import type { LogRow, LogStats } from './list-queries.ts';
import { RowCheckbox } from './row-checkbox.tsx';
import { templateOf } from './shown-columns.ts';

interface RowProps {
  readonly row: LogRow;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly isNarrow: boolean;
  readonly isActive: boolean;
  readonly isChosen: boolean;
  readonly columns: readonly Column[];
  readonly stats: LogStats | undefined;
  readonly onOpen: (logId: string) => void;
  readonly onActivate: (logId: string) => void;
  readonly onToggle: (logId: string) => void;
}

/** A row of the table of logs; on a narrow screen its parts stand below each other. */
export const LogGridRow = memo(function LogGridRow(props: RowProps) {
  const { row, index, top, height, isNarrow, isActive, isChosen, columns } = props;
  const { onOpen, onActivate } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the grid, which has the focus
    <div
      id={logRowId(row.id)}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={isChosen}
      data-log={row.id}
      onPointerDown={() => onActivate(row.id)}
      onClick={() => onOpen(row.id)}
      className={cx(
        'absolute inset-x-0 top-0 cursor-pointer border-b border-line px-3',
        isNarrow
          ? 'grid grid-cols-[1.5rem_minmax(0,1fr)] items-center gap-x-3'
          : 'grid items-center gap-3',
        isActive ? 'bg-accent-soft' : isChosen ? 'bg-active' : 'hover:bg-hover',
        // Where the keys are is seen on a row that is chosen, too.
        isActive && isChosen && 'shadow-[inset_2px_0_0_var(--accent)]',
      )}
      style={{
        height,
        transform: `translateY(${top}px)`,
        ...(!isNarrow && { gridTemplateColumns: templateOf(columns) }),
      }}
    >
      <div role="gridcell">
        <RowCheckbox
          label={`Choose the log ${row.id}`}
          checked={isChosen}
          onToggle={() => props.onToggle(row.id)}
        />
      </div>
      {isNarrow ? <StackedCells {...props} /> : <Cells {...props} />}
    </div>
  );
});

/** The id of a row's element. */
export function logRowId(logId: string): string {
  return `log-${logId}`;
}

function Cells({ row, columns, stats }: RowProps) {
  return columns.map(({ id, cell, isNumber }) => (
    <div
      key={id}
      role="gridcell"
      data-column={id}
      className={cx('min-w-0', isNumber && 'num text-right')}
    >
      {cell(row, stats)}
    </div>
  ));
}

function StackedCells({ row }: RowProps) {
  const { type, name, status, created_at: at, input, output, error, latency, cost, tokens } = row;
  return (
    <div role="presentation" className="grid min-w-0 gap-0.5">
      <div role="gridcell" className="flex items-center gap-1.5">
        <KindIcon kind={type} />
        <span className="truncate font-medium">{name}</span>
        {status !== 'complete' && <StatusPill status={status} />}
        <span className="num ml-auto shrink-0 text-2xs text-fg-3">{moment(at)}</span>
      </div>
      <div role="gridcell" className={cx('truncate', error ? 'text-err' : 'text-fg-2')}>
        {error ?? input ?? output}
      </div>
      <div role="gridcell" className="num flex h-4 gap-3 text-2xs text-fg-3">
        {latency !== null && <span>{duration(latency * 1_000)}</span>}
        {cost !== null && <span>{dollars(cost)}</span>}
        {tokens !== null && <span>{counted(tokens, 'token')}</span>}
      </div>
    </div>
  );
}
