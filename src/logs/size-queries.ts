import { sql } from 'kysely';
import { exactSize, mostBytes } from '../database/json-size.ts';
import type { Workspace } from '../database/workspace.ts';
import type { Sized } from '../kernel/readable-batches.ts';

/**
 * How many bytes logs have at the most, with their judgments and versions, in the order of the ids;
 * ids without a log are left out.
 *
 * @param withTrace whether the logs below count too.
 */
export async function logSizes(
  { organizationId, db }: Workspace,
  ids: readonly string[],
  { withTrace = false }: { readonly withTrace?: boolean } = {},
): Promise<readonly Sized[]> {
  if (ids.length === 0) return [];
  const below = sql`UNION
    SELECT shown.place, l.id FROM shown
    JOIN log l ON l.organization_id = ${organizationId} AND l.trace_parent_id = shown.id`;
  const { rows } = await sql<Sized>`
    WITH RECURSIVE shown AS (
      SELECT asked.place, l.id FROM unnest(${[...ids]}::text[]) WITH ORDINALITY AS asked (id, place)
      JOIN log l ON l.organization_id = ${organizationId} AND l.id = asked.id
      ${withTrace ? below : sql``}),
    counted AS (
      SELECT place, id FROM shown
      UNION ALL
      SELECT shown.place, l.id FROM shown
      JOIN log l ON l.organization_id = ${organizationId} AND l.parent_id = shown.id),
    sizes AS (
      SELECT c.place, sum(${mostBytes('l', logPayloads)} + coalesce(t.bytes, 0)) AS bytes
      FROM counted c
      JOIN log l ON l.organization_id = ${organizationId} AND l.id = c.id
      LEFT JOIN LATERAL (SELECT sum(${mostBytes('t', turnPayloads)}) AS bytes FROM turn t
        WHERE t.organization_id = ${organizationId} AND t.log_id = c.id) t ON true
      GROUP BY c.place)
    SELECT l.id, sizes.bytes::bigint AS bytes,
      json_build_object('id', v.id, 'bytes', ${mostBytes('v', ['spec'])}) AS shared
    FROM unnest(${[...ids]}::text[]) WITH ORDINALITY AS asked (id, place)
    JOIN sizes ON sizes.place = asked.place
    JOIN log l ON l.organization_id = ${organizationId} AND l.id = asked.id
    JOIN version v ON v.organization_id = ${organizationId} AND v.id = l.version_id
    ORDER BY asked.place`.execute(db);
  return rows;
}

/** How many bytes logs have exactly, without their judgments and versions. It reads all of them. */
export async function exactBytes(
  { organizationId, db }: Workspace,
  ids: readonly string[],
): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    SELECT (coalesce(sum(${exactSize('l', logPayloads)}), 0)
      + (SELECT coalesce(sum(${exactSize('t', turnPayloads)}), 0) FROM turn t
        WHERE t.organization_id = ${organizationId} AND t.log_id = ANY(${[...ids]}::text[])))::bigint
      AS bytes
    FROM log l WHERE l.organization_id = ${organizationId} AND l.id = ANY(${[...ids]}::text[])`.execute(
    db,
  );
  return rows[0]?.bytes ?? 0;
}

/** The columns that clients fill at will. */
const logPayloads = [
  'inputs',
  'messages',
  'output',
  'output_message',
  'error',
  'stdout',
  'metadata',
  'provider_request',
  'provider_response',
  'judgment',
];
const turnPayloads = [
  'message',
  'parts',
  'results',
  'continuation',
  'provider_request',
  'provider_response',
  'error',
];
