import { lazy, Suspense, useMemo } from 'react';
import { Failure } from '../../loading/failure.tsx';
import { Split } from '../../ui/split.tsx';
import type { LogView } from '../live/log-view.ts';
import type { Trace } from '../trace/trace.ts';
import { TracePanel } from '../trace/trace-panel.tsx';
import { readZoom, writeZoom } from './log-search.ts';

/** Loaded with the first span that is opened. */
const Inspector = lazy(async () => ({
  default: (await import('../inspector/inspector.tsx')).Inspector,
}));

/** The trace, and below it all that is known of the span that is selected. */
export function TraceSide({
  view,
  trace,
  error,
  onRetry,
  selected,
  onSelect,
  zoom,
  onZoom,
}: {
  readonly view: LogView;
  readonly trace: Trace;
  /** Why the spans could not be read. */
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly selected: string | undefined;
  readonly onSelect: (spanId: string | undefined) => void;
  /** As the address has it. */
  readonly zoom: string | undefined;
  readonly onZoom: (zoom: string | undefined) => void;
}) {
  const shownTime = useMemo(() => readZoom(zoom), [zoom]);
  const timed = selected === undefined ? undefined : trace.byId.get(selected);
  const failure = error !== undefined && (
    <div className="p-3">
      <Failure error={error} onRetry={onRetry} />
    </div>
  );
  // Without any span there is no trace, only why.
  if (failure && view.spans.size === 0) return failure;
  return (
    <>
      {failure}
      <Split name="inspector" direction="column" standard={0.56} label="Height of the trace">
        <TracePanel
          trace={trace}
          spans={view.spans}
          selected={selected}
          onSelect={onSelect}
          zoom={shownTime}
          onZoom={(next) => onZoom(writeZoom(next))}
        />
        {timed && (
          <div className="@container flex min-h-0 flex-1 flex-col bg-panel">
            <Suspense>
              <Inspector
                log={view.log}
                timed={timed}
                trace={trace}
                onClose={() => onSelect(undefined)}
              />
            </Suspense>
          </div>
        )}
      </Split>
    </>
  );
}
