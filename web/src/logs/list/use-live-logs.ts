import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { logPages, logStats } from './list-queries.ts';
import type { ListSearch } from './list-search.ts';

/** Milliseconds between two looks for new logs. */
const lookMs = 5_000;

/**
 * The logs of a list. It follows what is new while the reader is at its top: rows must not move under the
 * pointer, so otherwise it only counts. Nobody looks in a hidden tab.
 */
export function useLiveLogs(search: ListSearch, fileId: string | undefined) {
  const [isAtTop, setAtTop] = useState(true);
  const cache = useQueryClient();
  const query = logPages(search, fileId);
  const isTail = isNewestFirst(search);
  const pages = useInfiniteQuery({ ...query, refetchInterval: isTail && isAtTop && lookMs });
  const stats = useQuery({ ...logStats(search, fileId), refetchInterval: isTail && lookMs });
  const { queryKey } = query;
  const showNew = useCallback(async () => {
    // Of a long list only the first page is read again.
    cache.setQueryData(queryKey, (data) =>
      data ? { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) } : data,
    );
    await cache.refetchQueries({ queryKey });
  }, [cache, queryKey]);
  const shown = pages.data?.pages[0]?.total ?? 0;
  const newLogs = isTail && !isAtTop ? Math.max(0, (stats.data?.total ?? 0) - shown) : 0;
  return { pages, stats: stats.data, newLogs, showNew, setAtTop };
}

/** One who sorts by cost does not wait for the newest. */
function isNewestFirst({ sort_by: sortBy = 'created_at', order = 'desc' }: ListSearch): boolean {
  return sortBy === 'created_at' && order === 'desc';
}
