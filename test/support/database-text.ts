import type { Database } from '../../src/database/database.ts';

/** Every row of every table, as text: a test looks in it for what must not be stored. */
export async function databaseText({ pool }: Database): Promise<string> {
  const { rows: tables } = await pool.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await pool.query<{ text: string }>(`SELECT t::text AS text FROM "${name}" t`);
    texts.push(`# ${name}`, ...rows.map(({ text }) => text));
  }
  return texts.join('\n');
}
