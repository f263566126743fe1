import { Link } from '@tanstack/react-router';
import type { LogView } from '../../logs/live/log-view.ts';
import { SpanIcon } from '../../logs/trace/kind-marks.tsx';
import { statusWords, titleOf, tookOf } from '../../logs/trace/span-words.ts';
import type { TimedSpan, Trace } from '../../logs/trace/trace.ts';
import { useTrace } from '../../logs/trace/use-trace.ts';
import { cx } from '../../ui/cx.ts';

/** What the run did, a line for each turn and each tool. A line leads to the whole trace. */
export function TraceStrip({ view }: { readonly view: LogView }) {
  const trace = useTrace(view.spans);
  const now = Date.now() - trace.startedAt;
  const lines = linesOf(trace, view.log.id);
  if (lines.length === 0) return null;
  return (
    <div
      role="group"
      aria-label="Trace"
      tabIndex={0}
      className="max-h-36 shrink-0 overflow-y-auto border-t border-line bg-panel py-1 -outline-offset-2"
    >
      <ul>
        {lines.map(({ timed, depth }) => (
          <li key={timed.span.id}>
            <Link
              to="/logs/$logId"
              params={{ logId: view.log.id }}
              search={{ view: 'trace', span: timed.span.id }}
              className="flex h-6 items-center gap-1.5 pr-3 text-xs -outline-offset-2 hover:bg-hover coarse:h-10"
              style={{ paddingLeft: 12 + depth * 14 }}
            >
              <SpanIcon kind={timed.span.kind} />
              <span
                className={cx(
                  'w-36 shrink-0 truncate',
                  timed.span.status === 'error' && 'text-err',
                )}
              >
                {titleOf(timed.span)}
              </span>
              <span className="sr-only">{statusWords[timed.span.status]}</span>
              <Bar timed={timed} trace={trace} />
              <span className="num w-20 shrink-0 text-right text-2xs text-fg-2">
                {tookOf(timed, now)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

const looks = {
  running: 'bg-accent bar-live',
  suspended: 'hatch border border-warn-line',
  interrupted: 'hatch border border-warn-line',
  incomplete: 'bg-fg-3',
  complete: 'bg-prompt',
  error: 'bg-err',
} as const;

function Bar({ timed, trace }: { readonly timed: TimedSpan; readonly trace: Trace }) {
  const whole = Math.max(trace.end, 1);
  const left = (timed.start / whole) * 100;
  const width = (((timed.end ?? trace.end) - timed.start) / whole) * 100;
  const { kind, status } = timed.span;
  return (
    <span aria-hidden className="relative h-2 min-w-0 flex-1">
      <i
        className={cx(
          'absolute h-2 min-w-0.5 rounded-[3px]',
          status === 'complete' && !['turn', 'prompt'].includes(kind) ? 'bg-tool' : looks[status],
        )}
        style={{ left: `${left}%`, width: `${width}%` }}
      />
    </span>
  );
}

/** The turns and what they called; of a prompt the prompt itself. */
function linesOf(
  { children, byId }: Trace,
  rootId: string,
): readonly { readonly timed: TimedSpan; readonly depth: number }[] {
  const turns = children.get(rootId) ?? [];
  const root = byId.get(rootId);
  if (turns.length === 0 && root?.span.kind === 'prompt') return [{ timed: root, depth: 0 }];
  return turns.flatMap((turn) => [
    { timed: turn, depth: 0 },
    ...(children.get(turn.span.id) ?? []).map((timed) => ({ timed, depth: 1 })),
  ]);
}
