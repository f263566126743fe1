import { sql } from 'kysely';
import type { Database } from '../database/database.ts';

/** How many values there are that keys do not open, of those that last. */
export interface LostValues {
  readonly providerKeys: number;
  readonly toolVariables: number;
  /** Agents with a version that has such a header for a server of tools. */
  readonly agents: number;
  /** Suspended runs whose payloads are not stored. */
  readonly conversations: number;
}

/**
 * Counts the values that none of these keys opens. It reads them all.
 *
 * Looks across organizations, as everything here does: the keys are the server's.
 *
 * @param ids of the keys.
 */
export async function countLostValues(
  { db }: Database,
  ids: readonly Buffer[],
): Promise<LostValues> {
  const isLost = (sealed: string) => sql`substring(${sql.raw(sealed)} FROM 1 FOR 4) <> ALL(${ids})`;
  const { rows } = await sql<LostValues>`SELECT
    (SELECT count(*) FROM provider_key WHERE ${isLost('sealed_key')}) AS "providerKeys",
    (SELECT count(*) FROM tool_variable WHERE ${isLost('sealed_value')}) AS "toolVariables",
    (SELECT count(*) FROM run WHERE ${isLost('sealed_conversation')}) AS conversations,
    (SELECT count(DISTINCT (v.organization_id, v.file_id))
      FROM version v
      JOIN file f ON f.organization_id = v.organization_id AND f.id = v.file_id
      WHERE v.deleted_at IS NULL AND f.deleted_at IS NULL AND v.spec::text LIKE '%"sealed"%'
        AND EXISTS (SELECT FROM jsonb_path_query(v.spec::jsonb,
            '$.tools[*] ? (@.type == "mcp").server.headers.*.sealed') AS header
          WHERE ${isLost(`decode(header #>> '{}', 'base64')`)})) AS agents`.execute(db);
  return rows[0] as LostValues;
}

/** The ids of the keys that servers have encrypted with, as far as is known. */
export async function findUsedKeys({ db }: Database): Promise<readonly Buffer[]> {
  const rows = await db.selectFrom('secret_key').select('id').execute();
  return rows.map(({ id }) => id);
}

/**
 * Notes the keys that a server has.
 *
 * @param areOthersLost true: every other key is forgotten. False: it is kept, since another server
 *   may still encrypt with it.
 */
export async function noteKeys(
  { db }: Database,
  ids: readonly Buffer[],
  areOthersLost: boolean,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('secret_key')
      .values(ids.map((id) => ({ id })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    if (!areOthersLost) return;
    await sql`DELETE FROM secret_key WHERE id <> ALL(${ids})`.execute(transaction);
  });
}
