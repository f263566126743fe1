import type { ProvidedContext } from 'vitest';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/database/database.ts';
import { setup as startPostgres } from '../support/postgres-for-tests.ts';

/** The variable of the environment with what the lane's Postgres provides, as JSON. */
const variable = 'MUTANTS_POSTGRES';

interface KeptPostgres {
  /** Where the tests find it. */
  readonly env: Readonly<Record<string, string>>;
  /** Drops the databases of the tests that are over. */
  readonly clear: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Gives tests the lane's Postgres, or one of their own when it has none. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const kept = process.env[variable];
  if (kept === undefined) return startPostgres(project);
  const { postgres, dataFolder } = JSON.parse(kept) as ProvidedContext;
  project.provide('postgres', postgres);
  project.provide('dataFolder', dataFolder);
  return undefined;
}

/** Starts one Postgres for all mutants: that takes longer than most of their tests. */
export async function keepPostgres(): Promise<KeptPostgres> {
  const provided: Partial<ProvidedContext> = {};
  const provide: TestProject['provide'] = (name, value) =>
    Object.assign(provided, { [name]: value });
  const stop = await startPostgres({ provide });
  const { postgres } = provided;
  if (!postgres) throw new Error('No Postgres was started.');
  return {
    env: { [variable]: JSON.stringify(provided) },
    clear: async () => {
      const admin = openDatabase(postgres, { max: 1 });
      const { rows } = await admin.pool.query<{ name: string }>(
        "SELECT datname AS name FROM pg_database WHERE datname LIKE 'test\\_%'",
      );
      for (const { name } of rows) {
        // One that a process which was killed still has open is dropped the next time.
        await admin.pool.query(`DROP DATABASE ${name} WITH (FORCE)`).catch(() => undefined);
      }
      await admin.close();
    },
    stop,
  };
}
