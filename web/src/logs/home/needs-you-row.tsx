import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useId } from 'react';
import { KindIcon } from '../../files/kind-icon.tsx';
import { moment, wholeTime } from '../../format/time.ts';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import { Twist } from '../../ui/twist.tsx';
import type { LogRow } from '../list/list-queries.ts';
import { StatusPill } from '../status-pill.tsx';

/** Loaded with the first run that is opened. */
const WaitingRun = lazy(async () => ({
  default: (await import('./waiting-run.tsx')).WaitingRun,
}));

/** A run that waits; opened, it is answered, and then goes on in sight. */
export function NeedsYouRow({
  row,
  isWaiting,
  isOpen,
  onToggle,
}: {
  readonly row: LogRow;
  readonly isWaiting: boolean;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}) {
  const id = useId();
  return (
    <article
      aria-label={`${row.name}: ${row.input ?? row.id}`}
      className="border-line not-first:border-t"
    >
      <div className="flex items-center gap-2 pr-3 hover:bg-hover">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={onToggle}
          className="flex min-h-9 min-w-0 flex-1 items-center gap-2 py-1 pl-2.5 text-left -outline-offset-2 coarse:min-h-11"
        >
          <Twist isOpen={isOpen} />
          <KindIcon kind={row.type} />
          <span className="max-w-44 shrink-0 truncate font-medium">{row.name}</span>
          <span className="min-w-0 flex-1 truncate text-fg-2 max-sm:hidden">{row.input}</span>
          <span className="flex-1 sm:hidden" />
          {isWaiting ? (
            <StatusPill status={row.status} />
          ) : (
            <span className="text-xs text-fg-3">Answered</span>
          )}
        </button>
        <time
          dateTime={row.created_at}
          title={wholeTime(row.created_at)}
          className="num w-26 text-right text-xs text-fg-3 max-sm:hidden"
        >
          {moment(row.created_at)}
        </time>
        <Link
          to="/logs/$logId"
          params={{ logId: row.id }}
          aria-label={`Open the log of ${row.name}`}
          className="inline-flex min-h-6 items-center text-xs text-accent hover:underline"
        >
          Log
        </Link>
      </div>
      <div id={id}>
        {isOpen && (
          <Suspense fallback={<SkeletonRows rows={4} />}>
            <WaitingRun row={row} />
          </Suspense>
        )}
      </div>
    </article>
  );
}
