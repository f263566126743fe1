import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import type pg from 'pg';
import { advisoryLocks } from './advisory-locks.ts';
import type { Database } from './database.ts';

const folder = fileURLToPath(new URL('./migrations/', import.meta.url));

/**
 * Brings the tables up to date: runs each file of `migrations/` that has not run yet, in order,
 * each in its own transaction. Safe to run twice, and by two servers at once.
 *
 * @returns the names of the migrations that this call ran.
 */
export async function migrate({ pool }: Database): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const ran: string[] = [];
  const client = await pool.connect();
  try {
    const before = await migrationsRun(client);
    for (const name of files) {
      if (!before.has(name) && (await runMigration(client, name))) ran.push(name);
    }
    return ran;
  } finally {
    // Destroy the connection, so that a failed migration leaves no open transaction behind.
    client.release(true);
  }
}

async function migrationsRun(client: pg.PoolClient): Promise<ReadonlySet<string>> {
  const { rows: tables } = await client.query("SELECT to_regclass('migration') AS found");
  if (tables[0].found === null) return new Set();
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migration');
  return new Set(rows.map(({ name }) => name));
}

/** @returns false when another server ran it in the meantime. */
async function runMigration(client: pg.PoolClient, name: string): Promise<boolean> {
  const text = await readFile(`${folder}${name}`, 'utf8');
  await client.query('BEGIN');
  // Not a session lock: behind a pooler, a session lock would remain after we disconnect.
  await client.query('SELECT pg_advisory_xact_lock($1)', [advisoryLocks.migrate]);
  await client.query(
    'CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, ran_at timestamptz NOT NULL DEFAULT now())',
  );
  const isFirst = !(await migrationsRun(client)).has(name);
  if (isFirst) await client.query(`${text};\nINSERT INTO migration (name) VALUES ('${name}')`);
  await client.query('COMMIT');
  return isFirst;
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
