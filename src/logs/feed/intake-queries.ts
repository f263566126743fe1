import { sql } from 'kysely';
import type { Queries } from '../../database/database.ts';

/** Any number that nothing else takes: one process at a time moves rows. */
const advisoryLock = 5_005_006;

/**
 * Moves what was written of logs, oldest first, to the counts and the texts that are searched. Of all
 * organizations: it is the server's own work. A log that is incomplete is left, to be looked at
 * again after a quarter of its age: its text will change when it ends.
 *
 * @param parts how many rows to move, each of at most 200 logs.
 * @returns how many rows were moved; 0 when there is none, or another process is at it.
 */
export async function moveIntake(db: Queries, parts: number): Promise<number> {
  return db.transaction().execute(async (db) => {
    const { rows: locks } = await sql<{ isOurs: boolean }>`
      SELECT pg_try_advisory_xact_lock(${advisoryLock}) AS "isOurs"`.execute(db);
    if (!locks[0]?.isOurs) return 0;
    const { rows } = await sql<{ moved: number }>`
      WITH taken AS (
        DELETE FROM log_intake USING (
          SELECT organization_id, file_id, number FROM log_intake
          WHERE look_at <= now() ORDER BY look_at LIMIT ${parts}) due
        WHERE log_intake.organization_id = due.organization_id
          AND log_intake.file_id = due.file_id AND log_intake.number = due.number
        RETURNING log_intake.*),
      counted AS (
        INSERT INTO log_count (organization_id, file_id, version_id, logs_count)
        SELECT organization_id, file_id, version_id, sum(made) FROM taken
        GROUP BY organization_id, file_id, version_id HAVING sum(made) <> 0
        ON CONFLICT (organization_id, file_id, version_id)
          DO UPDATE SET logs_count = log_count.logs_count + excluded.logs_count),
      found AS MATERIALIZED (
        SELECT l.* FROM (SELECT DISTINCT organization_id, unnest(log_ids) AS id FROM taken) t
        JOIN log l ON l.organization_id = t.organization_id AND l.id = t.id),
      held AS (
        INSERT INTO log_intake (organization_id, file_id, version_id, log_ids, look_at)
        SELECT organization_id, file_id, version_id, array_agg(id),
          now() + greatest(interval '2 s', least(interval '1 h', (now() - max(created_at)) / 4))
        FROM found WHERE log_status = 'incomplete'
        GROUP BY organization_id, file_id, version_id),
      searched AS (
        INSERT INTO log_search (organization_id, log_id, file_id, said, metadata)
        SELECT organization_id, id, file_id,
          folded(coalesce(inputs::text, '') || E'\\x01' ||
            coalesce(output, output_message ->> 'content', '')),
          folded(metadata::text)
        FROM found WHERE log_status IS DISTINCT FROM 'incomplete'
        ON CONFLICT (organization_id, log_id)
          DO UPDATE SET said = excluded.said, metadata = excluded.metadata)
      SELECT count(*) AS moved FROM taken`.execute(db);
    return rows[0]?.moved ?? 0;
  });
}
