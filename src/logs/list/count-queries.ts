import { sql } from 'kysely';
import type { Queries } from '../../database/database.ts';
import type { Timestamp } from '../../kernel/clock.ts';

/** What to add to the counts of a version. */
export interface VersionCounts {
  readonly organizationId: string;
  readonly fileId: string;
  readonly versionId: string;
  readonly made: number;
  readonly deleted: number;
  /** Null when no log was created. */
  readonly lastUsedAt: Timestamp | null;
}

/** Adds to the counts of versions. Each version may occur only once. */
export async function addCounts(db: Queries, counts: readonly VersionCounts[]): Promise<void> {
  if (counts.length === 0) return;
  // This never stores `-infinity`: it is the value only when no log was created, and the version of
  // a deleted log has a row already.
  await sql`INSERT INTO log_count
      (organization_id, file_id, version_id, logs_count, logs_made, last_used_at)
    SELECT organization_id, file_id, version_id, made - deleted, made,
      coalesce(last_used_at, '-infinity')
    FROM unnest(
      ${counts.map(({ organizationId }) => organizationId)}::text[],
      ${counts.map(({ fileId }) => fileId)}::text[],
      ${counts.map(({ versionId }) => versionId)}::text[],
      ${counts.map(({ made }) => made)}::bigint[],
      ${counts.map(({ deleted }) => deleted)}::bigint[],
      ${counts.map(({ lastUsedAt }) => lastUsedAt)}::timestamptz[])
      AS given (organization_id, file_id, version_id, made, deleted, last_used_at)
    ON CONFLICT (organization_id, file_id, version_id) DO UPDATE SET
      logs_count = log_count.logs_count + excluded.logs_count,
      logs_made = log_count.logs_made + excluded.logs_made,
      last_used_at = greatest(log_count.last_used_at, excluded.last_used_at)`.execute(db);
}
