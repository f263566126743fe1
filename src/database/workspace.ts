import { CompiledQuery, sql } from 'kysely';
import type { Database, Queries } from './database.ts';
import { isRepeatable } from './violations.ts';

/**
 * One organization's part of the database. Every function that reads or writes rows takes a
 * workspace, so no query can forget the organization.
 */
export interface Workspace {
  readonly organizationId: string;
  /** The pool, or one transaction on it. */
  readonly db: Queries;
  /** The member on whose behalf it acts; null for the server itself. */
  readonly memberId: string | null;
  /** The API key with which it acts: of keys that replaced each other, the first. */
  readonly keyId: string | null;
}

/**
 * A workspace whose queries run on the organization's share of the database's pool, or in a
 * transaction on it.
 */
export function openWorkspace(
  { db, queriesFor }: Pick<Database, 'db'> & Partial<Pick<Database, 'queriesFor'>>,
  organizationId: string,
  memberId: string | null = null,
  keyId: string | null = null,
): Workspace {
  const isShared = queriesFor !== undefined && !db.isTransaction;
  return { organizationId, memberId, keyId, db: isShared ? queriesFor(organizationId) : db };
}

/**
 * A workspace for a request that only reads. When its client has gone, its queries are ended.
 *
 * @param gone fires when the client has disconnected.
 */
export function readingWorkspace(
  database: Pick<Database, 'readingQueriesFor'>,
  { organizationId, memberId, keyId }: Workspace,
  gone: AbortSignal,
): Workspace {
  const db = database.readingQueriesFor(organizationId, gone);
  return { organizationId, memberId, keyId, db };
}

const attempts = 3;

/**
 * Runs `work` in one transaction: either all of its writes are committed, or none.
 *
 * It may run `work` up to three times, because a deadlock with another transaction undoes the
 * writes.
 */
export async function inTransaction<T>(
  workspace: Workspace,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  if (workspace.db.isTransaction) return work(workspace);
  return repeated(() => workspace.db.transaction().execute((db) => work({ ...workspace, db })));
}

async function repeated<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      if (!isRepeatable(error) || attempt === attempts) throw error;
    }
  }
}

/**
 * Runs `work` with a savepoint. When `work` fails inside a transaction, only its own writes are
 * undone, and the transaction can go on. Without the savepoint Postgres would refuse every further
 * statement.
 */
export async function withSavepoint<T>(
  { db }: Pick<Workspace, 'db'>,
  work: () => Promise<T>,
): Promise<T> {
  if (!db.isTransaction) return work();
  await sql`SAVEPOINT before_work`.execute(db);
  try {
    const result = await work();
    await sql`RELEASE SAVEPOINT before_work`.execute(db);
    return result;
  } catch (error) {
    await sql`ROLLBACK TO SAVEPOINT before_work`.execute(db);
    // The savepoint outlives its rollback. A thousand of them in one transaction would slow down
    // every query of the database.
    await sql`RELEASE SAVEPOINT before_work`.execute(db);
    throw error;
  }
}

/** Runs reads that all see the database at one moment, whatever is written meanwhile. */
export function inSnapshot<T>(
  workspace: Workspace,
  read: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  if (workspace.db.isTransaction) return read(workspace);
  return repeated(() =>
    workspace.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((db) => read({ ...workspace, db })),
  );
}

/**
 * Runs a statement of the hot path. Each connection prepares its SQL text once. A statement that a
 * conflict with another transaction undoes is run up to three times, except inside of a
 * transaction.
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
      if (isLast || !isRepeatable(error)) throw error;
    }
  }
}

/** The text of a json or jsonb parameter: the driver would send an array as a Postgres array. */
export function json(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

/** The text of a json parameter: a list whose items are JSON texts. */
export function jsonList(texts: readonly string[]): string {
  return `[${texts.join(',')}]`;
}
