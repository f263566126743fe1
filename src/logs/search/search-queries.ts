import { type RawBuilder, sql } from 'kysely';
import { tryAdvisoryLock } from '../../database/advisory-locks.ts';
import type { Database, Queries } from '../../database/database.ts';
import type { FedLog } from '../feed/feed-consumer.ts';

/** Adds logs to the list of incomplete logs. */
export async function saveOpen(db: Queries, logs: readonly FedLog[]): Promise<void> {
  if (logs.length === 0) return;
  await sql`INSERT INTO log_open (organization_id, file_id, log_id)
    SELECT * FROM ${logKeys(logs)} ON CONFLICT DO NOTHING`.execute(db);
}

/** Removes logs from the list of incomplete logs, because they were completed or deleted. */
export async function deleteOpen(db: Queries, logs: readonly FedLog[]): Promise<void> {
  if (logs.length === 0) return;
  await sql`DELETE FROM log_open USING ${logKeys(logs)} AS done (organization_id, file_id, log_id)
    WHERE log_open.organization_id = done.organization_id AND log_open.file_id = done.file_id
      AND log_open.log_id = done.log_id`.execute(db);
}

function logKeys(logs: readonly FedLog[]): RawBuilder<unknown> {
  return sql`unnest(${logs.map(({ organizationId }) => organizationId)}::text[],
    ${logs.map(({ fileId }) => fileId)}::text[], ${logs.map(({ id }) => id)}::text[])`;
}

/**
 * Adds logs to the list of logs to index.
 *
 * @param parts one row each; the logs of a part are of one file.
 */
export async function addUnsearched(
  db: Queries,
  parts: readonly (readonly FedLog[])[],
): Promise<void> {
  if (parts.length === 0) return;
  const rows = parts.map((logs) => ({
    organization_id: logs[0]?.organizationId,
    file_id: logs[0]?.fileId,
    log_ids: logs.map(({ id }) => id),
  }));
  await sql`INSERT INTO log_unsearched (organization_id, file_id, log_ids)
    SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS part (organization_id text, file_id text, log_ids text[])`.execute(db);
}

/**
 * Copies the texts of listed logs into the index, oldest first.
 *
 * The statement spans organizations, because one process indexes for all.
 *
 * @param most the most rows to index; a row has at most 200 logs.
 * @returns how many rows were indexed; 0 when there are none, or when another process is indexing.
 */
export async function indexTexts({ db }: Pick<Database, 'db'>, most: number): Promise<number> {
  return db.transaction().execute(async (db) => {
    if (!(await tryAdvisoryLock(db, 'indexTexts'))) return 0;
    // Use one statement, so that the rows and the texts come from one snapshot. A change after the
    // snapshot has another row, here or in the feed, and its log is indexed again.
    const { rows } = await sql<{ indexed: number }>`
      WITH taken AS (
        DELETE FROM log_unsearched USING (
          SELECT organization_id, file_id, number FROM log_unsearched
          ORDER BY number LIMIT ${most}) AS next
        WHERE log_unsearched.organization_id = next.organization_id
          AND log_unsearched.file_id = next.file_id AND log_unsearched.number = next.number
        RETURNING log_unsearched.*),
      found AS MATERIALIZED (
        SELECT l.* FROM (SELECT DISTINCT organization_id, unnest(log_ids) AS id FROM taken) t
        JOIN log l ON l.organization_id = t.organization_id AND l.id = t.id),
      searched AS (
        INSERT INTO log_search (organization_id, log_id, file_id, said, metadata)
        SELECT organization_id, id, file_id,
          folded(coalesce(inputs::text, '') || E'\\x01' ||
            coalesce(output, output_message ->> 'content', '')),
          folded(metadata::text)
        FROM found
        ON CONFLICT (organization_id, log_id)
          DO UPDATE SET said = excluded.said, metadata = excluded.metadata)
      SELECT count(*) AS indexed FROM taken`.execute(db);
    return rows[0]?.indexed ?? 0;
  });
}
