import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { axisTime } from '../../format/format.ts';
import { pressInGrid } from '../../keyboard/grid-keys.ts';
import { useRowTrim } from '../../ui/use-density.ts';
import { useElementWidth } from '../../ui/use-element-width.ts';
import { usePointerIsCoarse } from '../../ui/use-pointer.ts';
import { layoutOf, type TraceLayout } from './layout.ts';
import type { TraceRow as Row } from './rows.ts';
import { marksOf, type Scale, scaleOf } from './scale.ts';
import type { Stretch, Trace } from './trace.ts';
import { rowId, TraceRow } from './trace-row.tsx';
import { useWheelZoom } from './use-wheel-zoom.ts';

interface GridProps {
  readonly trace: Trace;
  readonly rows: readonly Row[];
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
  readonly onToggle: (id: string) => void;
  /** From and until, in milliseconds; all of the trace if undefined. */
  readonly zoom: Stretch | undefined;
  readonly onZoom: (zoom: Stretch | undefined) => void;
  /** Time that is drawn folded, in order. */
  readonly folds: readonly Stretch[];
}

/** The tree of spans and the lane of their times, in one grid. Only rows in sight are in the page. */
export function TraceGrid(props: GridProps) {
  const { trace, rows, selected, zoom, onZoom, folds } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const width = useElementWidth(scroller);
  const isCoarse = usePointerIsCoarse();
  const trim = useRowTrim();
  const layout = useMemo(() => layoutOf(width, isCoarse, trim), [width, isCoarse, trim]);
  const [from, until] = zoom ?? [0, Math.max(trace.end, 1)];
  const scale = useMemo(
    () => scaleOf([from, until], layout.lane, folds),
    [from, until, layout.lane, folds],
  );
  const marks = useMemo(
    () => marksOf(scale, [from, until], { width: layout.lane, apart: 76 }),
    [scale, from, until, layout.lane],
  );
  useWheelZoom(scroller, { scale, layout, view: [from, until], end: trace.end, onZoom });
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Axis layout={layout} scale={scale} marks={marks} />
      <Rows
        {...props}
        {...{ scroller, layout, scale, marks }}
        index={rows.findIndex(({ id }) => id === selected)}
        isMeasured={width > 0}
      />
    </div>
  );
}

interface LaneProps {
  readonly layout: TraceLayout;
  readonly scale: Scale;
  readonly marks: readonly number[];
}

function Axis({ layout: { isStacked, gutter, lane }, scale, marks }: LaneProps) {
  return (
    <div
      aria-hidden
      className="relative h-6 shrink-0 overflow-hidden border-b border-line bg-sunken text-2xs text-fg-3"
    >
      {!isStacked && <span className="absolute inset-y-0 left-3 flex items-center">Span</span>}
      <div className="absolute inset-y-0" style={{ left: gutter, width: lane }}>
        {marks.map((ms) => (
          <span
            key={ms}
            className="num absolute top-1 whitespace-nowrap"
            style={{ left: scale.x(ms) + 4 }}
          >
            {axisTime(ms)}
          </span>
        ))}
        {scale.folds.map((fold) => (
          <i
            key={fold.x}
            className="hatch absolute inset-y-0 opacity-30"
            style={{ left: fold.x, width: fold.width }}
          />
        ))}
      </div>
    </div>
  );
}

function Rows({
  rows,
  trace,
  selected,
  onSelect,
  onToggle,
  onZoom,
  scroller,
  layout,
  scale,
  marks,
  index,
  isMeasured,
}: GridProps &
  LaneProps & {
    readonly scroller: RefObject<HTMLDivElement | null>;
    /** Of the selected row; -1: none. */
    readonly index: number;
    readonly isMeasured: boolean;
  }) {
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => layout.rowHeight,
    overscan: 8,
    getItemKey: (place) => rows[place]?.id ?? place,
    // The active row stays in the page wherever one scrolls: the grid's focus is on it.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return index < 0 || shown.includes(index) ? shown : [...shown, index].sort((a, b) => a - b);
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows have another height now
  useEffect(() => virtual.measure(), [layout.rowHeight]);
  const [hasScrolled, setScrolled] = useState(false);
  useEffect(() => {
    // A link to a span shows it.
    if (hasScrolled || index < 0) return;
    setScrolled(true);
    virtual.scrollToIndex(index, { align: 'auto' });
  }, [hasScrolled, index, virtual]);

  const go = (to: number) => {
    const place = Math.min(rows.length - 1, Math.max(0, to));
    const row = rows[place];
    if (!row) return;
    onSelect(row.id);
    virtual.scrollToIndex(place, { align: 'auto' });
  };
  const row = rows[index];
  const page = Math.max(
    1,
    Math.floor((scroller.current?.clientHeight ?? 0) / layout.rowHeight) - 1,
  );
  return (
    <div
      ref={scroller}
      role="treegrid"
      aria-label="Trace"
      aria-rowcount={rows.length}
      aria-activedescendant={row ? rowId(row.id) : undefined}
      tabIndex={0}
      onKeyDown={(event) =>
        pressInGrid(event, {
          down: () => go(index + 1),
          up: () => go(index - 1),
          first: () => go(0),
          last: () => go(rows.length - 1),
          pageDown: () => go(index + page),
          pageUp: () => go(index - page),
          unfold: () => row && (row.hasBelow && !row.isOpen ? onToggle(row.id) : go(index + 1)),
          fold: () =>
            row &&
            (row.isOpen ? onToggle(row.id) : go(rows.findIndex(({ id }) => id === row.parentId))),
          open: () => row?.hasBelow && onToggle(row.id),
          zoom: () => row && onZoom(aroundRow(row, trace.end)),
          zoomOut: () => onZoom(undefined),
        })
      }
      className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto -outline-offset-2"
    >
      <div
        role="presentation"
        className="relative min-h-full"
        style={{ height: virtual.getTotalSize() }}
      >
        <Lines layout={layout} scale={scale} marks={marks} />
        {isMeasured &&
          virtual.getVirtualItems().map(({ index: place, key, start }) => {
            const shown = rows[place] as Row;
            return (
              <TraceRow
                key={key}
                index={place}
                row={shown}
                top={start}
                now={trace.end}
                isSelected={shown.id === selected}
                {...{ layout, scale, onSelect, onToggle }}
              />
            );
          })}
      </div>
    </div>
  );
}

/**
 * The lines of the axis, and the folded time, behind all rows. Where names stand over the bars, the axis
 * alone shows what is folded: no text is read on hatching.
 */
function Lines({ layout: { isStacked, gutter, lane }, scale, marks }: LaneProps) {
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute inset-y-0"
      style={{ left: gutter, width: lane }}
    >
      {marks.map((ms) => (
        <i key={ms} className="absolute inset-y-0 w-px bg-line/60" style={{ left: scale.x(ms) }} />
      ))}
      {!isStacked &&
        scale.folds.map((fold) => (
          <i
            key={fold.x}
            className="hatch absolute inset-y-0 opacity-25"
            style={{ left: fold.x, width: fold.width }}
          />
        ))}
    </div>
  );
}

/** The time of a row, with a little of what is around it. */
function aroundRow({ members }: Row, end: number): Stretch {
  const start = members[0]?.start ?? 0;
  const ends = Math.max(...members.map((member) => member.end ?? end), start + 0.5);
  const margin = (ends - start) * 0.03;
  return [Math.max(0, start - margin), Math.min(end, ends + margin)];
}
