import type { Database } from '../../src/database/database.ts';

/** Every row of every table of ours, as text: to look for what must not be there. */
export async function dumpOf({ pool }: Database): Promise<string> {
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
