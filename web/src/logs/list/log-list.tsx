import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useMemo } from 'react';
import type { ApiRequest } from '../../copy-as/api-request.ts';
import { CopyAsMenu } from '../../copy-as/copy-as-menu.tsx';
import { Failure } from '../../loading/failure.tsx';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import { sessionQuery } from '../../session/session.ts';
import { ExportMenu } from './export-menu.tsx';
import { FilterBar } from './filter-bar.tsx';
import { FirstCall } from './first-call.tsx';
import { Histogram } from './histogram.tsx';
import { ListFoot } from './list-foot.tsx';
import { type ChangeSearch, isFiltered, type ListSearch, listQuery } from './list-search.ts';
import { LogGrid } from './log-grid.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { useLiveLogs } from './use-live-logs.ts';
import { useSelection } from './use-selection.ts';

/** Loaded with the first log that is peeked at. */
const Peek = lazy(async () => ({ default: (await import('./peek.tsx')).Peek }));

/** Logs in a table, of one file or of all: filters, how they are spread over time, the rows, their numbers. */
export function LogList({
  search,
  fileId,
}: {
  readonly search: ListSearch;
  readonly fileId?: string;
}) {
  const { pages, stats, newLogs, showNew, setAtTop } = useLiveLogs(search, fileId);
  const mayDelete = useQuery(sessionQuery).data?.caller.scopes.includes('write') ?? false;
  const { change, choose } = useListAddress();
  const navigate = useNavigate();
  const query = () => listQuery(search, fileId, Date.now());
  const open = useCallback(
    (logId: string) => {
      const within = listQuery(search, fileId, Date.now()).toString();
      void navigate({ to: '/logs/$logId', params: { logId }, search: { within } });
    },
    [navigate, search, fileId],
  );
  const rows = useMemo(
    () => pages.data?.pages.flatMap(({ records }) => records) ?? [],
    [pages.data],
  );
  const total = pages.data?.pages[0]?.total ?? rows.length;
  // What is peeked at changes no choice.
  const selection = useSelection(listQuery(search, fileId, 0).toString());
  return (
    <>
      <FilterBar
        search={search}
        onChange={change}
        onChoose={choose}
        tools={
          <span className="flex items-center gap-1.5 max-md:hidden">
            <ExportMenu count={total} query={query} />
            <CopyAsMenu size="small" request={() => listRequest(query())} />
          </span>
        }
      />
      {stats && stats.buckets.length > 0 && <Histogram stats={stats} onChange={change} />}
      {pages.isError && (
        <div className="p-3">
          <Failure error={pages.error} onRetry={() => void pages.refetch()} />
        </div>
      )}
      {pages.isPending && <SkeletonRows rows={12} className="flex-1" />}
      {pages.data && rows.length === 0 && (
        <div className="min-h-0 flex-1 overflow-y-auto bg-panel">
          {isFiltered(search) ? (
            <p className="p-8 text-center text-fg-3">No log matches these filters.</p>
          ) : (
            <FirstCall fileId={fileId} />
          )}
        </div>
      )}
      {rows.length > 0 && (
        <LogGrid
          rows={rows}
          total={total}
          hasFile={fileId !== undefined}
          isOld={pages.isPlaceholderData}
          stats={stats}
          newLogs={newLogs}
          onShowNew={showNew}
          onTop={setAtTop}
          search={search}
          selection={selection}
          onChange={change}
          onOpen={open}
          onEnd={() => pages.hasNextPage && !pages.isFetchingNextPage && void pages.fetchNextPage()}
        />
      )}
      <SelectionBar {...{ selection, total, query, mayDelete }} loaded={rows.length} />
      <ListFoot stats={stats} />
      {search.peek !== undefined && (
        <Suspense>
          <Peek
            logId={search.peek}
            onClose={() => change({ peek: undefined })}
            onOpen={() => open(search.peek ?? '')}
          />
        </Suspense>
      )}
    </>
  );
}

/** Changes what the address says of the list, or all of it. Back undoes the last look, but for peeks. */
function useListAddress(): {
  readonly change: ChangeSearch;
  readonly choose: (search: ListSearch) => void;
} {
  const navigate = useNavigate();
  const change: ChangeSearch = useCallback(
    (next) => {
      void navigate({
        to: '.',
        search: ((before: ListSearch) => ({ ...before, ...next })) as never,
        replace: Object.keys(next).includes('peek'),
      });
    },
    [navigate],
  );
  const choose = useCallback(
    (search: ListSearch) => {
      void navigate({ to: '.', search: search as never });
    },
    [navigate],
  );
  return { change, choose };
}

/** The request of the list, as the page sends it. */
function listRequest(query: URLSearchParams): ApiRequest {
  query.set('view', 'summary');
  return { method: 'GET', path: '/v5/logs', query };
}
