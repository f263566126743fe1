import { memo } from 'react';
import { count } from '../../format/format.ts';
import { cx } from '../../ui/cx.ts';
import { Twist } from '../../ui/twist.tsx';
import { piecesOf } from './bars.ts';
import { SpanIcon, spanLooks } from './kind-marks.tsx';
import type { TraceLayout } from './layout.ts';
import type { TraceRow as Row } from './rows.ts';
import type { Scale } from './scale.ts';
import { noteOf, spoken, titleOf, tookOf } from './span-words.ts';

/** Pixels of a level of the tree; levels below this one are not moved further in. */
const step = 16;
const deepest = 7;
/** Pixels of a digit of a label, about. */
const letter = 6.2;

interface RowProps {
  readonly row: Row;
  readonly index: number;
  readonly top: number;
  readonly layout: TraceLayout;
  readonly scale: Scale;
  readonly now: number;
  readonly isSelected: boolean;
  readonly onSelect: (id: string) => void;
  readonly onToggle: (id: string) => void;
}

/** A row of the trace: the name in the tree, and the bar in the lane. On a narrow one the bar is below. */
export const TraceRow = memo(function TraceRow(props: RowProps) {
  const { row, index, top, layout, isSelected, onSelect, now } = props;
  const { isStacked, rowHeight, gutter, lane } = layout;
  const { id, depth, timed } = row;
  const indent = 10 + Math.min(depth, deepest) * step;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the grid, which has the focus
    <div
      id={rowId(id)}
      role="row"
      aria-level={depth + 1}
      aria-rowindex={index + 1}
      aria-posinset={row.place}
      aria-setsize={row.siblings}
      aria-expanded={row.hasBelow ? row.isOpen : undefined}
      aria-selected={isSelected}
      onClick={() => onSelect(id)}
      onDoubleClick={() => props.onToggle(id)}
      className={cx(
        'absolute inset-x-0 top-0 cursor-default select-none',
        isSelected ? 'bg-accent-soft' : 'hover:bg-hover',
      )}
      style={{ transform: `translateY(${top}px)`, height: rowHeight }}
    >
      {isSelected && <i aria-hidden className="absolute inset-y-0 left-0 w-0.5 bg-accent" />}
      {!isStacked && <Guides depth={Math.min(depth, deepest)} />}
      <div
        role="gridcell"
        className={cx(
          'flex items-center gap-1.5 pr-3',
          isStacked ? 'h-6' : 'absolute inset-y-0 left-0',
        )}
        style={{ paddingLeft: indent, width: isStacked ? undefined : gutter }}
      >
        <RowName {...props} />
        {isStacked && <Took row={row} now={now} className="ml-auto" />}
      </div>
      <div
        role="gridcell"
        aria-label={spoken(timed, now)}
        className="absolute inset-y-0"
        style={{ left: gutter, width: lane }}
      >
        {row.members.length > 1 && !row.isOpen ? (
          row.members.map((member) => <Bar key={member.span.id} {...props} timed={member} />)
        ) : (
          <Bar {...props} timed={timed} />
        )}
        {!isStacked && <BesideBar {...props} />}
      </div>
    </div>
  );
});

/** The id of a row's element. */
export function rowId(id: string): string {
  return `span-${id}`;
}

function Guides({ depth }: { readonly depth: number }) {
  return Array.from({ length: depth }, (_, level) => (
    <i
      // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike
      key={level}
      aria-hidden
      className="absolute inset-y-0 w-px bg-line"
      style={{ left: 16 + level * step }}
    />
  ));
}

function RowName({ row, onToggle }: RowProps) {
  const { id, timed, depth, hasBelow, isOpen, hidden, members } = row;
  const { span } = timed;
  const note = noteOf(span);
  const isGroup = members.length > 1;
  return (
    <>
      {hasBelow ? (
        <button
          type="button"
          tabIndex={-1}
          aria-label={isOpen ? 'Fold' : 'Unfold'}
          onClick={(event) => {
            event.stopPropagation();
            onToggle(id);
          }}
          className="-m-1.5 grid size-6 shrink-0 place-items-center rounded-md hover:bg-active"
        >
          <Twist isOpen={isOpen} />
        </button>
      ) : (
        <span className="w-3 shrink-0" />
      )}
      <SpanIcon kind={span.kind} className={span.copied ? 'opacity-50' : ''} />
      <span
        className={cx(
          'min-w-0 truncate',
          depth === 0 && 'font-medium',
          span.status === 'error' && 'text-err',
          span.copied && 'text-fg-3',
        )}
      >
        {titleOf(span)}
      </span>
      {isGroup && <span className="num shrink-0 text-fg-3">× {count(members.length)}</span>}
      {!isGroup && hidden > 0 && (
        <span className="num shrink-0 rounded bg-active px-1 text-2xs text-fg-3">
          +{count(hidden)}
        </span>
      )}
      {!isGroup && note !== '' && (
        <span className="min-w-0 shrink-3 truncate text-2xs text-fg-3">{note}</span>
      )}
    </>
  );
}

function Bar({ timed, layout, scale, now }: RowProps & { readonly timed: Row['timed'] }) {
  const { span } = timed;
  const fill = span.status === 'error' ? 'bg-err' : spanLooks[span.kind].fill;
  if (span.copied) return null;
  const pieces = piecesOf(timed, scale, { width: layout.lane, now });
  return pieces.map(({ look, left, width }, index) => (
    <i
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces are told apart by their place
      key={index}
      aria-hidden
      className={cx(
        'absolute rounded-[3px]',
        look === 'work' && fill,
        look === 'work' && timed.end === null && span.status === 'running' && 'bar-live',
        look === 'head' && 'rounded-r-none bg-panel/55',
        look === 'wait' && 'hatch border border-warn-line',
      )}
      style={{ left, width, top: layout.barTop, height: 10 }}
    />
  ));
}

/** The time that it took, where there is room: behind the bar, or else before it. */
function BesideBar({ row, layout: { lane, rowHeight, spare }, scale, now }: RowProps) {
  const { timed, members, isOpen } = row;
  const room = tookOf(timed, now).length * letter + 8;
  const last = isOpen ? timed : (members.at(-1) ?? timed);
  const left = scale.x(timed.start);
  const right = Math.max(scale.x(last.end ?? now), left + 3);
  if (timed.span.copied || left > lane || right < 0) return null;
  // Folded time is hatched: no text is read on it.
  const isFree = (from: number) =>
    scale.folds.every(({ x, width }) => from >= x + width || from + room <= x);
  const isBehind =
    right + room <= lane + spare && (isFree(right) || left <= room || !isFree(left - room));
  // Of a bar over the whole lane there may be no room before it either; then it stands at the edge.
  const place = isBehind
    ? { left: Math.max(right, 0) + 6 }
    : left > room
      ? { right: lane - left + 6 }
      : { right: 4 - spare };
  return (
    <span className="absolute flex h-4 items-center" style={{ ...place, top: rowHeight / 2 - 8 }}>
      <Took row={row} now={now} />
    </span>
  );
}

function Took({
  row: { timed, members, isOpen },
  now,
  className,
}: {
  readonly row: Row;
  readonly now: number;
  readonly className?: string;
}) {
  const { status } = timed.span;
  const took = members.length > 1 && !isOpen ? '' : tookOf(timed, now);
  return (
    <span
      className={cx(
        'num text-2xs whitespace-nowrap',
        status === 'suspended' || status === 'interrupted' ? 'text-warn' : 'text-fg-2',
        status === 'error' && 'text-err',
        className,
      )}
    >
      {took}
    </span>
  );
}
