import { Link } from '@tanstack/react-router';
import { KindIcon } from '../../files/kind-icon.tsx';
import { duration } from '../../format/format.ts';
import { moment, wholeTime } from '../../format/time.ts';
import { StatusPill } from '../status-pill.tsx';
import type { LogRow } from './list-queries.ts';

/** A log in a short list: what was asked, how it stands. */
export function LogLine({ log }: { readonly log: LogRow }) {
  return (
    <Link
      to="/logs/$logId"
      params={{ logId: log.id }}
      className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 border-line px-3 py-1.5 -outline-offset-2 not-first:border-t hover:bg-hover sm:grid-cols-[11rem_minmax(0,1fr)_auto_8rem]"
    >
      <span className="flex min-w-0 items-center gap-1.5">
        <KindIcon kind={log.type} />
        <span className="truncate font-medium">{log.name}</span>
      </span>
      <span className="truncate text-fg-2 max-sm:order-3 max-sm:col-span-2">
        {log.input ?? log.output ?? ''}
      </span>
      <span className="num flex items-center gap-2 text-fg-2 max-sm:justify-end">
        {log.status === 'complete' ? (
          log.latency !== null && duration(log.latency * 1_000)
        ) : (
          <StatusPill status={log.status} />
        )}
      </span>
      <time
        dateTime={log.created_at}
        title={wholeTime(log.created_at)}
        className="num text-right text-xs text-fg-3 max-sm:hidden"
      >
        {moment(log.created_at)}
      </time>
    </Link>
  );
}
