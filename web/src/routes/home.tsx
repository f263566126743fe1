import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Failure } from '../loading/failure.tsx';
import { SkeletonRows } from '../loading/skeleton.tsx';
import { NeedsYou } from '../logs/home/needs-you.tsx';
import { Today } from '../logs/home/today.tsx';
import { FirstCall } from '../logs/list/first-call.tsx';
import { newestLogs } from '../logs/list/list-queries.ts';
import { LogLine } from '../logs/list/log-line.tsx';
import { LastPages } from '../shell/last-pages.tsx';
import { Page } from '../shell/page.tsx';

/** Runs that wait for a result, or for the keys that they lost. */
const waitingLogs = { status: ['suspended', 'interrupted'], nested: true } as const;

/** What wants the reader first: runs that wait for somebody, where they were, and what happened today. */
export function HomePage() {
  const waiting = useQuery(newestLogs(waitingLogs));
  const latest = useQuery(newestLogs({}));
  const isNew = latest.data?.records.length === 0;
  const more = (waiting.data?.total ?? 0) - (waiting.data?.records.length ?? 0);
  return (
    <Page title="Home">
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto grid max-w-4xl gap-6 p-4">
          {isNew && <FirstCall />}
          {waiting.data && !isNew && (
            <Group
              title="Needs you"
              more={
                <Link to="/logs" search={waitingLogs}>
                  {more > 0 ? `All ${waiting.data.total} that wait` : 'All that wait'}
                </Link>
              }
            >
              {waiting.data.records.length === 0 && (
                <p className="px-3 py-2 text-fg-3">No run waits for anybody.</p>
              )}
              <NeedsYou waiting={waiting.data.records} />
            </Group>
          )}
          <LastPages />
          {!isNew && (
            <section className="grid gap-2">
              <h2 className="text-base font-medium">Today</h2>
              <Today />
            </section>
          )}
          {!isNew && (
            <Group title="Latest logs" more={<Link to="/logs">All logs</Link>}>
              {latest.isPending && <SkeletonRows rows={5} />}
              {latest.isError && (
                <div className="p-3">
                  <Failure error={latest.error} onRetry={() => void latest.refetch()} />
                </div>
              )}
              {latest.data?.records.map((log) => (
                <LogLine key={log.id} log={log} />
              ))}
            </Group>
          )}
        </div>
      </div>
    </Page>
  );
}

function Group({
  title,
  more,
  children,
}: {
  readonly title: string;
  readonly more: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="grid gap-2">
      <div className="flex items-baseline justify-between">
        <h2 className="text-base font-medium">{title}</h2>
        <span className="text-xs text-accent hover:underline">{more}</span>
      </div>
      <div className="overflow-hidden rounded-lg border border-line bg-panel">{children}</div>
    </section>
  );
}
