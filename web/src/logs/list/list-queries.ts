import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { readJson } from '../../api/client.ts';
import type { LogSummary } from '../../api/types.ts';
import type { SpanStatus } from '../trace/span.ts';
import { type ListSearch, listQuery } from './list-search.ts';

/** A row of the list: `GET /v5/logs?view=summary`. */
export type LogRow = LogSummary & {
  readonly type: 'agent' | 'prompt' | 'tool' | 'flow' | 'evaluator';
  readonly status: SpanStatus;
  /** The first words of what was asked. */
  readonly input: string | null;
  /** Seconds. */
  readonly latency: number | null;
  readonly cost: number | null;
  readonly tokens: number | null;
  readonly version_name: string | null;
  readonly judgments?: readonly RowJudgment[];
};

/** What an evaluator says of a log. */
export interface RowJudgment {
  readonly evaluator_id: string;
  readonly evaluator_name: string;
  /** The `user` of the judgment. */
  readonly judge: string | null;
  readonly outcome: 'judged' | 'null' | 'error';
  /** A number, or 1 and 0 for true and false. */
  readonly value: number | null;
  readonly options: readonly string[] | null;
}

export interface LogPage {
  readonly records: readonly LogRow[];
  readonly total: number;
  readonly total_is_exact: boolean;
  readonly next_cursor: string | null;
}

/** Numbers of the logs that match: `GET /v5/log-stats`. */
export interface LogStats {
  readonly total: number;
  readonly errors: number;
  /** Seconds. */
  readonly latency: Readonly<Record<'p50' | 'p95' | 'p99', number | null>>;
  readonly cost: number;
  readonly cost_p95: number | null;
  readonly cost_p99: number | null;
  readonly tokens: number;
  readonly logs_without_cost: number;
  readonly from: string | null;
  readonly until: string | null;
  readonly bucket_seconds: number | null;
  readonly buckets: readonly {
    readonly from: string;
    readonly count: number;
    readonly errors: number;
  }[];
}

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
