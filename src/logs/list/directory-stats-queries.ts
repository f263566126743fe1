import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import type { Timestamp } from '../../kernel/clock.ts';
import { isFailed } from './condition-queries.ts';

/** The logs of a file in a stretch of time. */
export interface FileBucket {
  readonly file_id: string;
  /** When the stretch begins. */
  readonly from: Timestamp;
  readonly count: number;
  readonly errors: number;
}

/**
 * Counts the logs of all files that are directly in a directory, in stretches of time since a moment.
 * Stretches without logs are left out.
 *
 * @param seconds how long a stretch is.
 */
export async function countInDirectory(
  { organizationId, db }: Workspace,
  directoryId: string,
  { from, seconds }: { readonly from: Timestamp; readonly seconds: number },
): Promise<readonly FileBucket[]> {
  const logs = sql`log l WHERE l.organization_id = ${organizationId} AND l.created_at >= ${from}`;
  const bucket = sql`date_bin(make_interval(secs => ${seconds}), l.created_at,
    ${from}::timestamptz) AS "from"`;
  // The logs of each file are a stretch of the index `log_list`, which is all that is read of them.
  // Those that failed are few, and have an index of their own.
  const { rows } = await sql<FileBucket>`
    WITH member AS MATERIALIZED (SELECT id FROM file WHERE organization_id = ${organizationId}
        AND directory_id = ${directoryId} AND deleted_at IS NULL),
      failed AS MATERIALIZED (SELECT l.file_id, ${bucket}, count(*) AS errors FROM ${logs}
        AND ${isFailed} AND l.file_id IN (SELECT id FROM member) GROUP BY 1, 2)
    SELECT member.id AS file_id, made."from", made.count, coalesce(failed.errors, 0) AS errors
    FROM member
    CROSS JOIN LATERAL (SELECT ${bucket}, count(*) AS count FROM ${logs}
      AND l.file_id = member.id GROUP BY 1) made
    LEFT JOIN failed ON failed.file_id = member.id AND failed."from" = made."from"
    ORDER BY member.id, made."from"`.execute(db);
  return rows;
}
