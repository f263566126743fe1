import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';

/**
 * Serializes the requests that start or continue runs of an organization, until the transaction
 * ends.
 */
export async function lockOpenings({ organizationId, db }: Workspace): Promise<void> {
  await sql`SELECT FROM organization WHERE id = ${organizationId} FOR NO KEY UPDATE`.execute(db);
}

/**
 * How many runs of an organization are in progress, without child runs. A run whose lease has
 * expired does not count until a process takes it over.
 *
 * @param most the count stops here.
 */
export async function countRunning(
  { organizationId, db }: Workspace,
  most: number,
): Promise<number> {
  const { rows } = await sql<{ running: number }>`SELECT count(*)::integer AS running FROM (
    SELECT FROM run WHERE organization_id = ${organizationId} AND state = 'running'
      AND lease_expires_at > now() AND parent_log_id IS NULL LIMIT ${most}) AS counted`.execute(db);
  return rows[0]?.running ?? 0;
}
