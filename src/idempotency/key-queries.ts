import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Workspace } from '../database/workspace.ts';

/** Hours that a key and its answer are stored. */
const keptHours = 24;

/** A key that a request has taken. */
export interface KeyRow {
  readonly key: string;
  /**
   * The encrypted fingerprint of the request. Encryption is random, so it also tells this request's
   * claim from any other.
   */
  readonly sealedRequest: Buffer;
  /** The id that was chosen for the request's log; null when it makes none. */
  readonly logId: string | null;
  /** The number of events that the run had when the request continued it; null before that. */
  readonly eventsBefore: number | null;
}

/**
 * Takes a key for a request. When several requests try at once, one succeeds, and the others wait
 * until it is committed. A key whose request was refused is free, and keeps the id of its log.
 *
 * @returns the row as it is now; undefined when another request of the last 24 hours holds the key.
 */
export async function takeKey(
  { db, organizationId }: Workspace,
  { key, sealedRequest, logId }: Omit<KeyRow, 'eventsBefore'>,
): Promise<KeyRow | undefined> {
  const isOld = sql`old.created_at < now() - make_interval(hours => ${keptHours})`;
  const { rows } = await sql<Pick<KeyRow, 'logId'>>`
    INSERT INTO idempotency_key AS old (organization_id, key, sealed_request, log_id)
    VALUES (${organizationId}, ${key}, ${sealedRequest}, ${logId})
    ON CONFLICT (organization_id, key) DO UPDATE SET
      sealed_request = excluded.sealed_request, sealed_answer = NULL, events_before = NULL,
      created_at = now(),
      log_id = CASE WHEN ${isOld} THEN excluded.log_id
        ELSE coalesce(old.log_id, excluded.log_id) END
    WHERE old.sealed_request IS NULL OR ${isOld}
    RETURNING log_id AS "logId"`.execute(db);
  return rows[0] && { key, sealedRequest, ...rows[0], eventsBefore: null };
}

/** A key that was taken before, with the answer to its request if there is one. */
export interface FoundKey extends KeyRow {
  readonly sealedAnswer: Buffer | null;
}

/** The request that holds a key; undefined when the key is free. */
export async function findKey(
  { db, organizationId }: Workspace,
  key: string,
): Promise<FoundKey | undefined> {
  const row = await db
    .selectFrom('idempotency_key')
    .select([
      'sealed_request as sealedRequest',
      'log_id as logId',
      'events_before as eventsBefore',
      'sealed_answer as sealedAnswer',
    ])
    .where('organization_id', '=', organizationId)
    .where('key', '=', key)
    .executeTakeFirst();
  const { sealedRequest } = row ?? {};
  return row && sealedRequest ? { key, ...row, sealedRequest } : undefined;
}

/**
 * Stores the answer to a request.
 *
 * @returns false when it has an answer already, or no longer holds the key.
 */
export async function putAnswer(
  workspace: Workspace,
  row: KeyRow,
  sealedAnswer: Buffer,
): Promise<boolean> {
  const update = updateKey(workspace, row).set({ sealed_answer: sealedAnswer });
  return (await update.executeTakeFirst()).numUpdatedRows === 1n;
}

/** Records that a request has continued its run. Later calls change nothing. */
export async function putEventsBefore(
  workspace: Workspace,
  row: KeyRow,
  eventsBefore: number,
): Promise<void> {
  await updateKey(workspace, row)
    .set({ events_before: eventsBefore })
    .where('events_before', 'is', null)
    .execute();
}

/** Frees a key, unless its request has an answer or has continued its run. */
export async function freeKey(workspace: Workspace, row: KeyRow): Promise<void> {
  await updateKey(workspace, row)
    .set({ sealed_request: null })
    .where('events_before', 'is', null)
    .execute();
}

function updateKey({ db, organizationId }: Workspace, { key, sealedRequest }: KeyRow) {
  return db
    .updateTable('idempotency_key')
    .where('organization_id', '=', organizationId)
    .where('key', '=', key)
    .where('sealed_request', '=', sealedRequest)
    .where('sealed_answer', 'is', null);
}

/**
 * Deletes the keys that are older than 24 hours. Looks across organizations, because the limit is
 * the same for all.
 */
export async function expireKeys({ db }: Database): Promise<void> {
  await sql`DELETE FROM idempotency_key
    WHERE created_at < now() - make_interval(hours => ${keptHours})`.execute(db);
}
