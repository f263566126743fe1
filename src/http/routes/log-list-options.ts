import type { LogFilterQuery } from '../../contract/log-filter.ts';
import type { LogListQuery } from '../../contract/log-list.ts';
import { invalid } from '../../kernel/errors.ts';
import { readTime } from '../../kernel/moment.ts';
import { readCursor } from '../../logs/list/list-cursor.ts';
import type { ListOptions } from '../../logs/list/list-logs.ts';
import type { JudgmentFilter, LogFilter, Range } from '../../logs/list/log-filter.ts';

/**
 * The page and filters of a list of logs, as a query gives them.
 *
 * @throws `invalid` for a cursor that no list has returned, or one beside a page; for a summary with
 *   options that need whole logs; what {@link readLogFilter} throws.
 */
export function readListOptions(query: LogListQuery): ListOptions {
  const { cursor, page, size, sample } = query;
  if (cursor !== undefined && page > 1) {
    throw invalid(['query', 'page'], 'Give a `cursor` or a `page`, not both.');
  }
  refuseInSummary(query, 'include_parent');
  refuseInSummary(query, 'include_trace_children');
  const sort = { by: query.sort_by, order: query.order };
  return {
    filter: readLogFilter(query),
    sort,
    sample,
    page,
    size,
    after: cursor === undefined ? undefined : readCursor(cursor, sort),
  };
}

/**
 * The filters of a request about logs.
 *
 * @param place where the request has them.
 * @throws `invalid` for an end before the start, or a largest value below the smallest.
 */
export function readLogFilter(
  query: LogFilterQuery,
  place: readonly string[] = ['query'],
): LogFilter {
  const createdFrom = readTime(query.start_date ?? '')?.first;
  const createdUntil = readTime(query.end_date ?? '')?.last;
  if (createdFrom !== undefined && createdUntil !== undefined && createdUntil < createdFrom) {
    throw invalid([...place, 'end_date'], 'The end date is before the start date.');
  }
  const places = new Set(query.in_trace_filter);
  return {
    fileId: query.file_id,
    versionId: query.version_id,
    createdFrom,
    createdUntil,
    isInTrace: places.size === 1 ? places.has(true) : undefined,
    idParts: query.id ?? [],
    // `||` and not `??`: clients send an empty text if there is nothing to search for.
    said: query.search || undefined,
    metadata: query.metadata_search || undefined,
    types: query.type ?? [],
    states: query.status ?? [],
    environments: query.environment ?? [],
    user: query.user,
    source: query.source,
    cost: readRange(query, 'cost', place),
    latency: readRange(query, 'latency', place),
    tokens: readRange(query, 'tokens', place),
    judgments: (query.judgment ?? []).map((text, index) =>
      readJudgment(text, [...place, 'judgment', index]),
    ),
    among: undefined,
  };
}

function readRange(
  query: LogFilterQuery,
  of: 'cost' | 'latency' | 'tokens',
  place: readonly string[],
): Range {
  const [min, max] = [query[`min_${of}`], query[`max_${of}`]];
  if (min !== undefined && max !== undefined && max < min) {
    throw invalid(
      [...place, `max_${of}`],
      `The value of \`max_${of}\` is smaller than that of \`min_${of}\`.`,
    );
  }
  return { min, max };
}

/** `ev_1:true`, `ev_1:>=0.5`, `ev_1:=polite`. */
const judgmentForm =
  /^([^:]+):(?:(true|false|null|error|any|none)|(>=|<=)(-?\d{1,15}(?:\.\d{1,15})?)|=(.+))$/s;

function readJudgment(text: string, place: readonly (string | number)[]): JudgmentFilter {
  const [, evaluatorId, word, sign, value, option] = judgmentForm.exec(text) ?? [];
  if (evaluatorId === undefined) {
    throw invalid(
      place,
      'Give the id of an evaluator, a colon, and `true`, `false`, `null`, `error`, `any`, `none`, `>=0.5`, `<=0.5` or `=` and an option.',
    );
  }
  type Word = Extract<JudgmentFilter['says'], { readonly word: unknown }>['word'];
  if (word !== undefined) return { evaluatorId, says: { word: word as Word } };
  if (sign !== undefined) {
    return { evaluatorId, says: { sign: sign as '>=' | '<=', value: Number(value) } };
  }
  return { evaluatorId, says: { option: option ?? '' } };
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
