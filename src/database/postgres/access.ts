import { randomUUID } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { syncFolder } from '../../kernel/system/make-whole.ts';
import { advisoryLocks } from '../advisory-locks.ts';
import { busyOrSilent } from './busy-or-silent.ts';
import { asSuperuser, type EmbeddedConnection, serverRole, superuser } from './connection.ts';
import type { PostgresFolder } from './folder.ts';

/**
 * Lets only those who have the password into a Postgres that runs, and makes the role of servers the
 * owner of the database. Does nothing when that was done before.
 *
 * Databases of earlier releases let in every role without a password, and their tables belong to
 * the superuser. They are changed where they stand: owners are a matter of the catalog, so no row is
 * touched. The rules are written last, so what a crash cut short is done again.
 *
 * @returns `busy` and `silent` as `announcePresence` does.
 */
export async function secureAccess(
  folder: PostgresFolder,
  connection: EmbeddedConnection,
): Promise<'secured' | 'busy' | 'silent'> {
  if (await isSecured(folder)) return 'secured';
  const client = new pg.Client({
    ...asSuperuser(connection),
    ssl: false,
    application_name: 'loopwright access',
    connectionTimeoutMillis: 5_000,
  });
  // The error also rejects the promises below. Without this listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(ownership(connection));
    await writeRules(folder);
    await client.query('SELECT pg_reload_conf()');
    return 'secured';
  } catch (error) {
    return busyOrSilent(error);
  } finally {
    client.end().catch(() => undefined);
  }
}

/**
 * The last lines of `pg_hba.conf`. Operators may write rules of their own above them, for a role of
 * theirs.
 */
const rules = `# Loopwright: everybody needs the password, which is in the file "password" beside this folder.
local all all          scram-sha-256
host  all all samehost scram-sha-256
`;

const rulesFile = ({ data }: PostgresFolder) => join(data, 'pg_hba.conf');

async function isSecured(folder: PostgresFolder): Promise<boolean> {
  const text = await readFile(rulesFile(folder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text.endsWith(rules);
}

async function writeRules(folder: PostgresFolder): Promise<void> {
  const { data, account } = folder;
  const temporary = `${rulesFile(folder)}.new-${randomUUID().slice(0, 8)}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(rules);
    if (account) await file.chown(account.uid, account.gid);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, rulesFile(folder));
  await syncFolder(data);
}

/** One transaction: several statements in one query are one. */
function ownership({ database, password }: EmbeddedConnection): string {
  return `
    SELECT pg_advisory_xact_lock(${advisoryLocks.migrate});
    -- Iterations slow down who guesses, and nobody guesses 192 random bits. Each connection pays for them.
    SET LOCAL scram_iterations = 1;
    ALTER ROLE ${superuser} PASSWORD '${password}';
    DO $do$
      DECLARE statement text;
      BEGIN
        IF to_regrole('${serverRole}') IS NULL THEN CREATE ROLE ${serverRole}; END IF;
        FOR statement IN
          SELECT format('ALTER TABLE %s OWNER TO ${serverRole}', oid::regclass) FROM pg_class thing
          WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
            -- A sequence of a column goes with its table, and what is an extension's stays its.
            AND NOT EXISTS (
              SELECT FROM pg_depend
              WHERE classid = 'pg_class'::regclass AND objid = thing.oid
                AND (deptype = 'e' OR relkind = 'S' AND deptype IN ('a', 'i'))
            )
          UNION ALL
          SELECT format('ALTER ROUTINE %s OWNER TO ${serverRole}', oid::regprocedure) FROM pg_proc thing
          WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS (
              SELECT FROM pg_depend
              WHERE classid = 'pg_proc'::regclass AND objid = thing.oid AND deptype = 'e'
            )
        LOOP
          EXECUTE statement;
        END LOOP;
      END $do$;
    ALTER ROLE ${serverRole} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '${password}';
    -- A server that leaves asks who else is connected, superusers too.
    GRANT pg_read_all_stats TO ${serverRole};
    ALTER DATABASE ${database} OWNER TO ${serverRole};`;
}
