import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import type { Database } from './database.ts';

const folder = fileURLToPath(new URL('./migrations/', import.meta.url));

/** Any number; the same in every server, so that one migrates and the others wait. */
const advisoryLock = 5_005_005;

/**
 * Brings the tables up to date: runs each file of `migrations/` that has not run, in order, in a
 * transaction of its own. Run twice, or by two servers at once, it does no harm.
 *
 * @returns the names of the migrations that ran now.
 */
export async function migrate({ pool }: Database): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLock]);
    await client.query(
      'CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, ran_at timestamptz NOT NULL DEFAULT now())',
    );
    const { rows } = await client.query<{ name: string }>('SELECT name FROM migration');
    const ran = new Set(rows.map(({ name }) => name));
    const missing = files.filter((name) => !ran.has(name));
    for (const name of missing) {
      const text = await readFile(`${folder}${name}`, 'utf8');
      await client.query(
        `BEGIN;\n${text};\nINSERT INTO migration (name) VALUES ('${name}');\nCOMMIT`,
      );
    }
    return missing;
  } finally {
    // Ends the session, and with it the lock and whatever a failed migration left open.
    client.release(true);
  }
}

/**
 * Whether every migration has run.
 *
 * @throws `database_unavailable` when the database does not answer; `database_full`.
 */
export async function isMigrated({ db }: Database): Promise<boolean> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql'));
  const { rows } = await sql<{ name: string }>`SELECT name FROM migration`.execute(db);
  const ran = new Set(rows.map(({ name }) => name));
  return files.every((name) => ran.has(name));
}
