import { type RawBuilder, sql } from 'kysely';

/**
 * The inputs and messages of a log or datapoint as one jsonb, for comparisons: null and empty are the
 * same, and fields that are null are left out.
 */
export function comparableContent(
  inputs: RawBuilder<unknown>,
  messages: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`jsonb_strip_nulls(jsonb_build_array(
    coalesce(${inputs}::jsonb, '{}'), coalesce(${messages}::jsonb, '[]')))`;
}

/** A hash of a jsonb, as a bigint. Equal contents have equal hashes, whatever the order of keys. */
export function contentHash(content: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`jsonb_hash_extended(${content}, 0)`;
}
