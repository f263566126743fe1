import { sql } from 'kysely';
import type { Database, Queries } from '../../database/database.ts';
import type { Timestamp } from '../../kernel/clock.ts';
import type { FedLog } from './feed-consumer.ts';

/** The most rows of each organization that one transaction moves. A row has at most 200 logs. */
export const rowsAtOnce = 1_000;

/** The most rows that one transaction moves, however many organizations have some. */
export const mostRows = 20_000;

/** What one statement did to logs of one version. */
export interface FeedRow extends Omit<FedLog, 'id'> {
  readonly number: number;
  readonly logIds: readonly string[];
  /** How often a consumer has failed at the row. */
  readonly tries: number;
  /**
   * When an earlier row of one of these logs is tried again; null when no earlier row is postponed.
   */
  readonly behindUntil: Timestamp | null;
}

/**
 * Whether the feed has rows, postponed or not. It spans organizations, as all statements of the feed
 * do: one server moves the rows of all.
 */
export async function hasFeedRows(db: Queries): Promise<boolean> {
  const { rows } = await sql`SELECT FROM log_feed LIMIT 1`.execute(db);
  return rows.length > 0;
}

/**
 * The oldest rows that are due, in order: at most {@link rowsAtOnce} of each organization, so that
 * an organization with a million rows does not delay the others.
 *
 * Send this after the lock was taken, as a statement of its own. The snapshot of the statement that
 * takes the lock may still contain rows that the last holder has moved.
 */
export async function listDueRows(db: Queries): Promise<readonly FeedRow[]> {
  const { rows } = await sql<FeedRow>`
    WITH RECURSIVE waiting AS (
      (SELECT organization_id FROM log_feed ORDER BY organization_id LIMIT 1)
      UNION ALL
      SELECT (SELECT organization_id FROM log_feed
        WHERE organization_id > waiting.organization_id ORDER BY organization_id LIMIT 1)
      FROM waiting WHERE waiting.organization_id IS NOT NULL),
    due AS MATERIALIZED (
      SELECT row.* FROM waiting CROSS JOIN LATERAL (
        SELECT * FROM log_feed
        WHERE organization_id = waiting.organization_id AND (retry_at IS NULL OR retry_at <= now())
        ORDER BY number LIMIT ${rowsAtOnce}) AS row
      ORDER BY number LIMIT ${mostRows}),
    postponed AS MATERIALIZED (
      SELECT organization_id, log_id, min(number) AS number, max(retry_at) AS retry_at
      FROM log_feed CROSS JOIN LATERAL unnest(log_ids) AS log_id
      WHERE retry_at > now() GROUP BY organization_id, log_id),
    behind AS MATERIALIZED (
      SELECT due.organization_id, due.number, max(postponed.retry_at) AS until
      FROM due CROSS JOIN LATERAL unnest(due.log_ids) AS id
      JOIN postponed ON postponed.organization_id = due.organization_id
        AND postponed.log_id = id AND postponed.number < due.number
      GROUP BY due.organization_id, due.number)
    SELECT due.organization_id AS "organizationId", due.number, file_id AS "fileId",
      version_id AS "versionId", type, change, was_complete AS "wasComplete",
      is_complete AS "isComplete", content_changed AS "contentChanged", log_ids AS "logIds", used_at AS "usedAt", tries,
      until AS "behindUntil"
    FROM due LEFT JOIN behind
      ON behind.organization_id = due.organization_id AND behind.number = due.number
    ORDER BY due.number`.execute(db);
  return rows;
}

/** Rows were deleted while they were moved: with their organization. */
export class FeedRowsGone extends Error {
  override readonly name = 'FeedRowsGone';
}

/** @throws FeedRowsGone when a row does not exist any more. */
export async function deleteRows(db: Queries, moved: readonly FeedRow[]): Promise<void> {
  const { numAffectedRows } = await sql`DELETE FROM log_feed USING unnest(
      ${moved.map(({ organizationId }) => organizationId)}::text[],
      ${moved.map(({ number }) => number)}::bigint[]) AS moved (organization_id, number)
    WHERE log_feed.organization_id = moved.organization_id
      AND log_feed.number = moved.number`.execute(db);
  if (Number(numAffectedRows) !== moved.length) {
    throw new FeedRowsGone('Rows of the feed are gone that were being moved.');
  }
}

/**
 * Postpones a row at which a consumer failed: by one second, then twice as long each time, up to an
 * hour.
 *
 * @returns when the row is tried again.
 */
export async function postponeFailed(
  db: Queries,
  { organizationId, number }: FeedRow,
): Promise<Timestamp> {
  const { rows } = await sql<{ retryAt: Timestamp }>`UPDATE log_feed SET tries = tries + 1,
      retry_at = now() + least(interval '1 h', interval '1 s' * 2 ^ least(tries, 20))
    WHERE organization_id = ${organizationId} AND number = ${number}
    RETURNING retry_at AS "retryAt"`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('A row of the feed is gone.');
  return row.retryAt;
}

/** Postpones a row that must wait for an earlier one. */
export async function postponeUntil(
  db: Queries,
  { organizationId, number }: FeedRow,
  retryAt: Timestamp,
): Promise<void> {
  await sql`UPDATE log_feed SET retry_at = ${retryAt}
    WHERE organization_id = ${organizationId} AND number = ${number}`.execute(db);
}

/** Updates the statistics of the tables of logs. */
export async function analyzeLogs({ db }: Database): Promise<void> {
  await sql`ANALYZE log, turn, run`.execute(db);
}
