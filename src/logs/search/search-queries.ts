import { type RawBuilder, sql } from 'kysely';
import type { Database, Queries } from '../../database/database.ts';
import type { FedLog } from '../feed/feed-consumer.ts';

/** Any number that nothing else takes: one process at a time indexes. */
const advisoryLock = 5_005_007;

/** Adds logs to the list of incomplete ones. */
export async function saveOpen(db: Queries, logs: readonly FedLog[]): Promise<void> {
  if (logs.length === 0) return;
  await sql`INSERT INTO log_open (organization_id, file_id, log_id)
    SELECT * FROM ${logKeys(logs)} ON CONFLICT DO NOTHING`.execute(db);
}

/** Takes logs from the list of incomplete ones: they were completed or deleted. */
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

/** Adds logs that have to be indexed: one row for each part, whose logs are of one file. */
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
 * Copies the texts of logs to where they are searched, oldest first. Of all organizations: it is
 * the server's own work.
 *
 * @param most how many rows of at most 200 logs.
 * @returns how many rows were indexed; 0 when there is none, or another process is at it.
 */
export async function indexTexts({ db }: Pick<Database, 'db'>, most: number): Promise<number> {
  return db.transaction().execute(async (db) => {
    const { rows: locks } = await sql<{ isOurs: boolean }>`
      SELECT pg_try_advisory_xact_lock(${advisoryLock}) AS "isOurs"`.execute(db);
    if (!locks[0]?.isOurs) return 0;
    // One statement, so that one snapshot has the rows and the texts. A change that the snapshot does not
    // see has a row of its own, here or in the feed, and its log is indexed again.
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
