import { type RawBuilder, sql } from 'kysely';
import { cost, latency, tokens } from './condition-queries.ts';
import type { ListPosition } from './list-cursor.ts';
import type { LogSort } from './log-sort.ts';

type Sql = RawBuilder<unknown>;

const values = { latency, cost, tokens };

/** What a log `l` is sorted by, beside the time and the id that every position has. */
export function sortValue({ by }: LogSort): Sql {
  return by === 'created_at' ? sql`NULL::float8` : values[by];
}

/**
 * The ORDER BY of rows of `log l`.
 *
 * @param value the column or expression with the value of the sort.
 */
export function inOrder(sort: LogSort, value: Sql = sortValue(sort), isReversed = false): Sql {
  const down = (sort.order === 'desc') !== isReversed;
  const direction = down ? sql`DESC` : sql`ASC`;
  if (sort.by === 'created_at') return sql`l.created_at ${direction}, l.id ${direction}`;
  const nulls = isReversed ? sql`NULLS FIRST` : sql`NULLS LAST`;
  return sql`${value} ${direction} ${nulls}, l.id ${direction}`;
}

/** Whether a log `l` comes after a position, or before it. */
export function isBeside(
  sort: LogSort,
  position: ListPosition,
  { side, value = sortValue(sort) }: { readonly side: 'after' | 'before'; readonly value?: Sql },
): Sql {
  const isBelow = (sort.order === 'desc') === (side === 'after');
  const beyond = isBelow ? sql`<` : sql`>`;
  const { createdAt, id, value: at } = position;
  if (sort.by === 'created_at') {
    return sql`(l.created_at, l.id) ${beyond} (${createdAt}, ${id})`;
  }
  const isTied = sql`l.id ${beyond} ${id}`;
  if (at === null) {
    return side === 'after'
      ? sql`(${value} IS NULL AND ${isTied})`
      : sql`(${value} IS NOT NULL OR ${isTied})`;
  }
  const isUnknown = side === 'after' ? sql`${value} IS NULL` : sql`false`;
  return sql`(${value} ${beyond} ${at} OR (${value} = ${at} AND ${isTied}) OR ${isUnknown})`;
}
