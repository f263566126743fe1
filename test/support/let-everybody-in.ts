import { readFile, writeFile } from 'node:fs/promises';
import { type Connection, openDatabase } from '../../src/database/database.ts';

/**
 * Makes a Postgres as operators have them who ask for no password: many addresses of databases in
 * tests have none, or a wrong one on purpose.
 *
 * @param administrator a superuser of it.
 */
export async function letEverybodyIn(administrator: Connection): Promise<void> {
  const { pool, close } = openDatabase(administrator, { max: 1 });
  const { rows } = await pool.query("SELECT current_setting('hba_file') AS file");
  const { file } = rows[0];
  await writeFile(file, `local all all trust\n${await readFile(file, 'utf8')}`);
  await pool.query('SELECT pg_reload_conf()');
  await close();
}
