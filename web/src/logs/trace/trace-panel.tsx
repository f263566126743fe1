import { useCallback, useMemo, useState } from 'react';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import { Button } from '../../ui/button.tsx';
import { rowsOf } from './rows.ts';
import type { Span } from './span.ts';
import { titleOf } from './span-words.ts';
import { TotalsBar } from './totals-bar.tsx';
import { idleShare, type Stretch, type TimedSpan, type Trace } from './trace.ts';
import { TraceGrid } from './trace-grid.tsx';
import { TraceTools } from './trace-tools.tsx';

/** The share of idle time above which the reader is asked whether to fold it. */
const mostIdle = 0.9;

/** The trace of a log: its totals, what is done with it, and the grid. */
export function TracePanel({
  trace,
  spans,
  selected,
  onSelect,
  zoom,
  onZoom,
}: {
  readonly trace: Trace;
  readonly spans: ReadonlyMap<string, Span>;
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
  readonly zoom: Stretch | undefined;
  readonly onZoom: (zoom: Stretch | undefined) => void;
}) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [sought, setSought] = useState('');
  const found = useMemo(() => finder(sought), [sought]);
  const rows = useMemo(() => rowsOf(trace, toggled, found), [trace, toggled, found]);
  const errors = useMemo(
    () => [...trace.byId.values()].filter(({ span }) => span.status === 'error'),
    [trace],
  );
  const [foldsGaps, setFoldsGaps] = useState(false);
  const folds = useMemo(
    () => (foldsGaps ? [...trace.folds, ...trace.gaps].sort((a, b) => a[0] - b[0]) : trace.folds),
    [trace, foldsGaps],
  );
  const isMostlyIdle = idleShare(trace) > mostIdle;
  const toggle = useCallback(
    (id: string) => setToggled((before) => new Set(before).symmetricDifference(new Set([id]))),
    [],
  );
  const foldable = useMemo(
    () =>
      [...trace.children.keys()].filter((id) => id !== '' && trace.byId.get(id)?.span.parent_id),
    [trace],
  );
  const isFolded = foldable.some((id) => toggled.has(id));
  const showNextError = () => {
    const place = errors.findIndex(({ span }) => span.id === selected);
    const next = errors[(place + 1) % errors.length];
    if (!next) return;
    setSought('');
    setToggled((before) => withoutAbove(before, next, trace));
    onSelect(next.span.id);
  };
  return (
    <section
      aria-label="Trace of the run"
      className="relative flex min-h-0 min-w-0 flex-1 flex-col bg-panel"
    >
      <TotalsBar trace={trace} spans={spans} />
      <TraceTools
        sought={sought}
        onSeek={setSought}
        errors={errors.length}
        onError={showNextError}
        isFolded={isFolded}
        onFold={
          foldable.length === 0
            ? undefined
            : () => setToggled(isFolded ? new Set() : new Set(foldable))
        }
        onZoomOut={zoom && (() => onZoom(undefined))}
      />
      {isMostlyIdle && (
        <p className="flex min-h-8 shrink-0 items-center gap-2 border-b border-line px-3 text-xs text-fg-2">
          {foldsGaps ? 'Idle time is folded.' : 'Nothing happened most of the time.'}
          <Button size="small" onClick={() => setFoldsGaps(!foldsGaps)}>
            {foldsGaps ? 'Show it' : 'Fold it'}
          </Button>
        </p>
      )}
      <TraceGrid {...{ trace, rows, folds, selected, onSelect, zoom, onZoom }} onToggle={toggle} />
      {rows.length === 0 && (
        <div className="absolute inset-x-0 top-1/3 text-center text-fg-3">
          {sought === '' ? <SkeletonRows rows={4} /> : 'No span has this name.'}
        </div>
      )}
    </section>
  );
}

function finder(sought: string): ((timed: TimedSpan) => boolean) | undefined {
  const words = sought.trim().toLowerCase();
  if (words === '') return undefined;
  return ({ span }) =>
    [titleOf(span), span.name, span.model, span.error, span.id].some((text) =>
      text?.toLowerCase().includes(words),
    );
}

/** What is folded, but nothing above a span. */
function withoutAbove(
  folded: ReadonlySet<string>,
  { span }: TimedSpan,
  { byId }: Trace,
): ReadonlySet<string> {
  const rest = new Set(folded);
  for (
    let above = byId.get(span.parent_id ?? '');
    above;
    above = byId.get(above.span.parent_id ?? '')
  ) {
    rest.delete(above.span.id);
  }
  return rest;
}
