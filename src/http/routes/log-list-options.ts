import type { LogListQuery } from '../../contract/log-list.ts';
import { invalid } from '../../kernel/errors.ts';
import { readTime } from '../../kernel/moment.ts';
import { readCursor } from '../../logs/list/list-cursor.ts';
import type { ListOptions } from '../../logs/list/list-logs.ts';

/**
 * The filters of a list of logs, as a query gives them.
 *
 * @throws `invalid` for a cursor that no list has returned, or one beside a page; for an end before
 *   the start; for a summary with options that need whole logs.
 */
export function readListOptions(query: LogListQuery): ListOptions {
  const { cursor, page, size, sample } = query;
  if (cursor !== undefined && page > 1) {
    throw invalid(['query', 'page'], 'Give a `cursor` or a `page`, not both.');
  }
  refuseInSummary(query, 'include_parent');
  refuseInSummary(query, 'include_trace_children');
  const createdFrom = readTime(query.start_date ?? '')?.first;
  const createdUntil = readTime(query.end_date ?? '')?.last;
  if (createdFrom !== undefined && createdUntil !== undefined && createdUntil < createdFrom) {
    throw invalid(['query', 'end_date'], 'The end date is before the start date.');
  }
  const places = new Set(query.in_trace_filter);
  return {
    filter: {
      fileId: query.file_id,
      versionId: query.version_id,
      createdFrom,
      createdUntil,
      isInTrace: places.size === 1 ? places.has(true) : undefined,
      idParts: query.id ?? [],
      // `||` and not `??`: clients send an empty text if there is nothing to search for.
      said: query.search || undefined,
      metadata: query.metadata_search || undefined,
    },
    sample,
    page,
    size,
    after: cursor === undefined ? undefined : readCursor(cursor),
  };
}

function refuseInSummary(
  query: LogListQuery,
  field: 'include_parent' | 'include_trace_children',
): void {
  if (query.view === 'full' || !query[field]) return;
  throw invalid(
    ['query', field],
    'A summary does not show other logs. Leave out this parameter, or leave out `view`.',
  );
}
