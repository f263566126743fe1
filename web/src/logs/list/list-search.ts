import type { operations } from '../../api/schema.gen.ts';
import type { FileKind } from '../../api/types.ts';
import type { SpanStatus } from '../trace/span.ts';

/** The filters of a list of logs, by the names that the API has for them, and how the list is looked at. */
export interface ListSearch {
  /** Part of the inputs or the output. */
  readonly search?: string;
  readonly status?: readonly SpanStatus[];
  readonly type?: readonly Exclude<FileKind, 'dataset'>[];
  readonly environment?: readonly string[];
  readonly version_id?: string;
  readonly user?: string;
  readonly source?: string;
  /** Part of the metadata. */
  readonly metadata_search?: string;
  /** `1h`, `24h`, `7d`, `30d`: until now. */
  readonly last?: keyof typeof spans;
  readonly start_date?: string;
  readonly end_date?: string;
  /** Seconds. */
  readonly min_latency?: number;
  readonly max_latency?: number;
  /** US dollars. */
  readonly min_cost?: number;
  readonly max_cost?: number;
  readonly min_tokens?: number;
  readonly max_tokens?: number;
  /** What evaluators say: `ev_1:true`. All must hold. */
  readonly judgment?: readonly string[];
  readonly sort_by?: 'created_at' | 'latency' | 'cost' | 'tokens';
  readonly order?: 'asc' | 'desc';
  /** Logs below others, too. */
  readonly nested?: boolean;
  /** The columns that are shown, in their order; undefined: those that say something. */
  readonly cols?: readonly string[];
  /** The log that is looked at in the panel. */
  readonly peek?: string;
}

/** What changes in the address of a list; undefined takes it away. */
export type SearchChange = { readonly [name in keyof ListSearch]?: ListSearch[name] | undefined };

/** Changes what the address says of the list. */
export type ChangeSearch = (change: SearchChange) => void;

/** What of the address is no filter. */
export const looks = ['peek', 'cols', 'sort_by', 'order'] as const;

/** Whether a search leaves logs out. */
export function isFiltered(search: ListSearch): boolean {
  return Object.keys(search).some((name) => !looks.some((look) => look === name));
}

export const statuses: readonly SpanStatus[] = [
  'running',
  'suspended',
  'interrupted',
  'incomplete',
  'complete',
  'error',
];

export const logKinds = ['agent', 'prompt', 'tool', 'flow', 'evaluator'] as const;

/** Milliseconds. */
export const spans = {
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 7 * 86_400_000,
  '30d': 30 * 86_400_000,
} as const;

const sortable = ['created_at', 'latency', 'cost', 'tokens'] as const;

/** Reads the address. What it does not know it leaves out. */
export function readListSearch(given: Readonly<Record<string, unknown>>): ListSearch {
  const found: { [name in keyof ListSearch]: ListSearch[name] | undefined } = {
    search: text(given['search']),
    status: some(statuses, given['status']),
    type: some(logKinds, given['type']),
    environment: texts(given['environment']),
    version_id: text(given['version_id']),
    user: text(given['user']),
    source: text(given['source']),
    metadata_search: text(given['metadata_search']),
    last: some(Object.keys(spans) as (keyof typeof spans)[], given['last'])?.[0],
    start_date: text(given['start_date']),
    end_date: text(given['end_date']),
    min_latency: number(given['min_latency']),
    max_latency: number(given['max_latency']),
    min_cost: number(given['min_cost']),
    max_cost: number(given['max_cost']),
    min_tokens: number(given['min_tokens']),
    max_tokens: number(given['max_tokens']),
    judgment: texts(given['judgment']),
    sort_by: some(sortable, given['sort_by'])?.[0],
    order: some(['asc', 'desc'] as const, given['order'])?.[0],
    nested: given['nested'] === true || given['nested'] === 'true' || undefined,
    cols: texts(given['cols']),
    peek: text(given['peek']),
  };
  return Object.fromEntries(
    Object.entries(found).filter(([, value]) => value !== undefined),
  ) as ListSearch;
}

/**
 * The query of the API for a search, without its page: the same for the list, the numbers of it, its
 * export and the way from log to log.
 *
 * @param now milliseconds since 1970, for what is said as "the last hour".
 */
export function listQuery(
  { last, nested, peek, cols, ...filters }: ListSearch,
  fileId: string | undefined,
  now: number,
): URLSearchParams {
  const query = new URLSearchParams();
  if (fileId !== undefined) query.set('file_id', fileId);
  // Minutes: the same query for a while, so that what was read is found again.
  const from = last && new Date(Math.floor((now - spans[last]) / 60_000) * 60_000);
  if (from) query.set('start_date', from.toISOString());
  if (!nested) query.set('in_trace_filter', 'false');
  for (const [name, value] of Object.entries(filters)) {
    for (const one of [value].flat()) query.append(name, String(one));
  }
  return query;
}

type LogFilter =
  operations['logs_delete_matching']['requestBody']['content']['application/json']['filter'];

/** The filters of a query as the body of a request has them: lists where there may be several. */
export function filterBody(query: URLSearchParams): LogFilter {
  const names = [...new Set(query.keys())].filter((name) => name !== 'sort_by' && name !== 'order');
  return Object.fromEntries(
    names.map((name) => {
      const values = query.getAll(name);
      if (name === 'in_trace_filter') return [name, values.map((value) => value === 'true')];
      if (repeatable.has(name)) return [name, values];
      return [name, /^(min|max)_/.test(name) ? Number(values[0]) : values[0]];
    }),
  ) as LogFilter;
}

const repeatable = new Set(['status', 'type', 'environment', 'judgment']);

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function texts(value: unknown): readonly string[] | undefined {
  const found = [value].flat().filter((one) => typeof one === 'string' && one !== '') as string[];
  return found.length > 0 ? found : undefined;
}

function some<T extends string>(known: readonly T[], value: unknown): readonly T[] | undefined {
  const found = known.filter((one) => [value].flat().includes(one));
  return found.length > 0 ? found : undefined;
}

function number(value: unknown): number | undefined {
  const found = Number(value);
  return value !== undefined && value !== '' && found >= 0 ? found : undefined;
}
