import { CompiledQuery } from 'kysely';
import type { Database, Queries } from './database.ts';
import { isSerializationFailure } from './violations.ts';

/**
 * One organization's part of the database. Whoever reads or writes rows is handed one, so no
 * query can forget whose rows it is about.
 */
export interface Workspace {
  readonly organizationId: string;
  /** The pool, or one transaction of it. */
  readonly db: Queries;
  /** Who acts; null for the server itself. */
  readonly memberId: string | null;
}

/** A workspace over a database's pool. */
export function openWorkspace(
  database: Database,
  organizationId: string,
  memberId: string | null = null,
): Workspace {
  return { organizationId, memberId, db: database.db };
}

const attempts = 3;

/**
 * Runs `work` in one transaction: all of its writes are kept, or none.
 *
 * `work` may run again, up to three times, when two transactions deadlock.
 */
export async function inTransaction<T>(
  workspace: Workspace,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  if (workspace.db.isTransaction) return work(workspace);
  for (let attempt = 1; ; attempt++) {
    try {
      return await workspace.db.transaction().execute((db) => work({ ...workspace, db }));
    } catch (error) {
      if (!isSerializationFailure(error) || attempt === attempts) throw error;
    }
  }
}

/** Runs a statement of the hot path: SQL text that is prepared once per connection. */
export async function hot<Row>(
  { db }: Pick<Workspace, 'db'>,
  text: `/* hot */${string}`,
  values: readonly unknown[],
): Promise<Row[]> {
  const { rows } = await db.executeQuery<Row>(CompiledQuery.raw(text, [...values]));
  return rows;
}

/** A json or jsonb parameter: text, since the driver would take an array for a Postgres array. */
export function json(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

/** A json parameter: the list of values that are JSON texts already. */
export function jsonList(texts: readonly string[]): string {
  return `[${texts.join(',')}]`;
}
