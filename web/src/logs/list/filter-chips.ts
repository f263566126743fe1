import { kinds } from '../../files/kinds.ts';
import { count, dollars } from '../../format/format.ts';
import { moment } from '../../format/time.ts';
import { statusWords } from '../trace/span-words.ts';
import { filterWords } from './judgment-words.ts';
import type { ListSearch } from './list-search.ts';

interface FilterChip {
  readonly name: string;
  readonly what: string;
  /** The change that takes the filter away. */
  readonly remove: { readonly [name in keyof ListSearch]?: undefined };
}

/** A chip for each filter that is set. The search has a field of its own. */
export function chipsOf(search: ListSearch): readonly FilterChip[] {
  const { status, type, environment, last, start_date: start, end_date: end } = search;
  const chips: readonly (FilterChip | undefined | false)[] = [
    status && {
      name: 'status',
      what: status.map((one) => statusWords[one]).join(' or '),
      remove: { status: undefined },
    },
    type && {
      name: 'kind',
      what: type.map((one) => kinds[one].label).join(' or '),
      remove: { type: undefined },
    },
    environment && {
      name: 'environment',
      what: environment.join(' or '),
      remove: { environment: undefined },
    },
    search.version_id !== undefined && {
      name: 'version',
      what: search.version_id,
      remove: { version_id: undefined },
    },
    search.user !== undefined && { name: 'user', what: search.user, remove: { user: undefined } },
    search.source !== undefined && {
      name: 'source',
      what: search.source,
      remove: { source: undefined },
    },
    search.metadata_search !== undefined && {
      name: 'metadata',
      what: search.metadata_search,
      remove: { metadata_search: undefined },
    },
    last && { name: 'time', what: `last ${last}`, remove: { last: undefined } },
    (start !== undefined || end !== undefined) && {
      name: 'time',
      what: [start && `from ${moment(start)}`, end && `to ${moment(end)}`]
        .filter(Boolean)
        .join(' '),
      remove: { start_date: undefined, end_date: undefined },
    },
    between(search, 'latency', (seconds) => `${seconds}s`),
    between(search, 'cost', dollars),
    between(search, 'tokens', count),
    search.judgment && {
      name: 'judgment',
      what: search.judgment
        .map((one) => filterWords(one.slice(one.indexOf(':') + 1)))
        .join(' and '),
      remove: { judgment: undefined },
    },
    search.nested && {
      name: 'place',
      what: 'also below others',
      remove: { nested: undefined },
    },
  ];
  return chips.filter((chip) => chip !== undefined && chip !== false);
}

/** The chip of an amount that has a least or a most. */
function between(
  search: ListSearch,
  name: 'latency' | 'cost' | 'tokens',
  shown: (amount: number) => string,
): FilterChip | undefined {
  const least = search[`min_${name}`];
  const most = search[`max_${name}`];
  if (least === undefined && most === undefined) return undefined;
  const what = [
    least !== undefined && `at least ${shown(least)}`,
    most !== undefined && `at most ${shown(most)}`,
  ];
  return {
    name,
    what: what.filter(Boolean).join(', '),
    remove: { [`min_${name}`]: undefined, [`max_${name}`]: undefined },
  };
}
