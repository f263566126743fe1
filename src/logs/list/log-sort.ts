import type { logSorts } from '../../contract/log-filter.ts';

/** The order of a list. Logs whose value is unknown come last. */
export interface LogSort {
  readonly by: (typeof logSorts)[number];
  readonly order: 'asc' | 'desc';
}

/** The order of lists when a request names none. */
export const newestFirst: LogSort = { by: 'created_at', order: 'desc' };
