import { type RawBuilder, sql } from 'kysely';

/**
 * How many people are to judge a log with a human evaluator: `reviews_per_log` in the attributes of
 * its version, from 1 to 99; 1 for anything else.
 *
 * @param version the alias of a row of `version`.
 */
export function reviewsPerLog(version: string): RawBuilder<number> {
  const given = sql`${sql.ref(`${version}.spec`)} -> 'spec' -> 'attributes' ->> 'reviews_per_log'`;
  return sql<number>`CASE WHEN ${given} ~ '^[1-9][0-9]?$' THEN (${given})::int ELSE 1 END`;
}
