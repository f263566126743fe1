import { CompiledQuery, sql } from 'kysely';
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
    const then: (() => void)[] = [];
    try {
      const result = await workspace.db.transaction().execute((db) => {
        afterCommits.set(db, then);
        return work({ ...workspace, db });
      });
      for (const effect of then) effect();
      return result;
    } catch (error) {
      if (!isSerializationFailure(error) || attempt === attempts) throw error;
    }
  }
}

/** What is to be done when a transaction has been committed. */
const afterCommits = new WeakMap<Queries, (() => void)[]>();

/** Does something when what was written is committed: at once, unless a transaction is under way. */
export function afterCommit({ db }: Workspace, effect: () => void): void {
  if (db.isTransaction) afterCommits.get(db)?.push(effect);
  else effect();
}

/**
 * Runs `work`. When it fails in a transaction, its writes alone are undone, and the transaction can
 * go on: Postgres would take no further statement.
 */
export async function undoneIfFailed<T>({ db }: Workspace, work: () => Promise<T>): Promise<T> {
  if (!db.isTransaction) return work();
  await sql`SAVEPOINT before_work`.execute(db);
  try {
    const result = await work();
    await sql`RELEASE SAVEPOINT before_work`.execute(db);
    return result;
  } catch (error) {
    await sql`ROLLBACK TO SAVEPOINT before_work`.execute(db);
    throw error;
  }
}

/** Reads as everything was at one moment, whatever is written meanwhile. */
export function inSnapshot<T>(
  workspace: Workspace,
  read: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  if (workspace.db.isTransaction) return read(workspace);
  return workspace.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute((db) => read({ ...workspace, db }));
}

/**
 * Runs a statement of the hot path: SQL text that is prepared once per connection. One that had to
 * give way to another transaction is run again, up to three times, unless it is part of one itself.
 */
export async function hot<Row>(
  { db }: Pick<Workspace, 'db'>,
  text: `/* hot */${string}`,
  values: readonly unknown[],
): Promise<Row[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { rows } = await db.executeQuery<Row>(CompiledQuery.raw(text, [...values]));
      return rows;
    } catch (error) {
      const isLast = attempt === attempts || db.isTransaction;
      if (isLast || !isSerializationFailure(error)) throw error;
    }
  }
}

/** A json or jsonb parameter: text, since the driver would take an array for a Postgres array. */
export function json(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

/** A json parameter: the list of values that are JSON texts already. */
export function jsonList(texts: readonly string[]): string {
  return `[${texts.join(',')}]`;
}
