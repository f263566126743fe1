import { sql } from 'kysely';
import type { Queries } from './database.ts';

/**
 * The advisory locks of a database, all in one place: two uses of one number would make servers wait
 * for each other for no reason. The numbers are arbitrary and the same in every server, also of
 * other releases.
 */
export const advisoryLocks = {
  /** One server migrates the tables. */
  migrate: 5_005_005,
  /** One server passes the feed of logs to its consumers. */
  moveFeed: 5_005_006,
  /** One starting server creates the first organization. */
  firstStart: 5_005_007,
  /** One server adds texts to the index. */
  indexTexts: 5_005_008,
  /** Servers on our own Postgres hold it shared; one that leaves takes it alone. */
  leavePostgres: 5_005_009,
  /** One request reserves or gives a review. The second key is the review. */
  reserveReview: 5_005_010,
  /** One server looks for logs that the feed did not pass to evaluations. */
  takeInMissed: 5_005_011,
} as const;

/**
 * Takes a lock until the transaction ends, without waiting.
 *
 * @param db in a transaction.
 * @returns false when another process holds the lock.
 */
export async function tryAdvisoryLock(
  db: Queries,
  name: keyof typeof advisoryLocks,
): Promise<boolean> {
  const { rows } = await sql<{ isOurs: boolean }>`
    SELECT pg_try_advisory_xact_lock(${advisoryLocks[name]}) AS "isOurs"`.execute(db);
  return rows[0]?.isOurs ?? false;
}
