import { sql } from 'kysely';
import type { Database } from '../database/database.ts';

/** How many stored values the given keys cannot open, not counting short-lived ones. */
export interface LostValues {
  readonly providerKeys: number;
  /** Custom endpoints with a key or headers. */
  readonly endpoints: number;
  readonly toolVariables: number;
  /** Agents that have a version with such a value in the headers of an MCP server. */
  readonly agents: number;
  /** Suspended runs whose payloads are not stored. */
  readonly conversations: number;
}

/**
 * Counts the values that none of the given keys can open; reads them all. Looks across
 * organizations, as all queries of this file do, because the keys belong to the server.
 *
 * @param ids the ids of the given keys.
 */
export async function countLostValues(
  { db }: Database,
  ids: readonly Buffer[],
): Promise<LostValues> {
  // Without any key even a null would be unlike all of them.
  const isLost = (sealed: string) =>
    sql`(${sql.raw(sealed)} IS NOT NULL AND substring(${sql.raw(sealed)} FROM 1 FOR 4) <> ALL(${ids}))`;
  const { rows } = await sql<LostValues>`SELECT
    (SELECT count(*) FROM provider_key WHERE ${isLost('sealed_key')}) AS "providerKeys",
    (SELECT count(*) FROM custom_endpoint WHERE ${isLost('sealed_secrets')}) AS endpoints,
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

/** The ids of all keys that servers of this database are known to have encrypted with. */
export async function findUsedKeys({ db }: Database): Promise<readonly Buffer[]> {
  const rows = await db.selectFrom('secret_key').select('id').execute();
  return rows.map(({ id }) => id);
}

/**
 * Records the keys that a server has.
 *
 * @param areOthersLost true: forget every other key. False: keep the others, since another server
 *   may still encrypt with them.
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
