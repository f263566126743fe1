import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { readJson } from '../../api/client.ts';
import type { AnswerOf, FileKind, LogSummary } from '../../api/types.ts';
import { type ListSearch, listQuery } from './list-search.ts';

/** A row of the list. Datasets have no logs. */
export type LogRow = LogSummary & { readonly type: Exclude<FileKind, 'dataset'> };

/** What an evaluator says of a log. */
export type RowJudgment = NonNullable<LogSummary['judgments']>[number];

export type LogPage = Omit<AnswerOf<'/v5/logs'>, 'records'> & {
  readonly records: readonly LogRow[];
};

/** Numbers of the logs that match. */
export type LogStats = AnswerOf<'/v5/log-stats'>;

const pageSize = 200;

/** The list, page after page. While the first page is at hand, the old rows stay. */
export function logPages(search: ListSearch, fileId: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['logs', fileId, filtersOf(search)],
    queryFn: ({ pageParam, signal }) => {
      const query = listQuery(search, fileId, Date.now());
      query.set('view', 'summary');
      query.set('size', String(pageSize));
      if (pageParam !== null) query.set('cursor', pageParam);
      return readJson<LogPage>(`/v5/logs?${query}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    placeholderData: keepPreviousData,
  });
}

export function logStats(search: ListSearch, fileId: string | undefined) {
  return queryOptions({
    queryKey: ['log-stats', fileId, filtersOf(search)],
    queryFn: ({ signal }) => {
      const query = listQuery(search, fileId, Date.now());
      for (const name of ['sort_by', 'order']) query.delete(name);
      query.set('buckets', '72');
      return readJson<LogStats>(`/v5/log-stats?${query}`, { signal });
    },
    placeholderData: keepPreviousData,
  });
}

/** The newest logs that match, for a short list. */
export function newestLogs(search: ListSearch) {
  return queryOptions({
    queryKey: ['newest-logs', search],
    queryFn: ({ signal }) => {
      const query = listQuery(search, undefined, Date.now());
      query.set('view', 'summary');
      query.set('size', '10');
      return readJson<LogPage>(`/v5/logs?${query}`, { signal });
    },
    refetchInterval: 5_000,
  });
}

/** What of a search the server is asked for. */
function filtersOf({ peek, cols, ...filters }: ListSearch): Omit<ListSearch, 'peek' | 'cols'> {
  return filters;
}
