import type { Workspace } from '../database/workspace.ts';

/** The names of an organization's custom endpoints, sorted. */
export async function listEndpointNames({
  db,
  organizationId,
}: Workspace): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('custom_endpoint')
    .select('name')
    .where('organization_id', '=', organizationId)
    .orderBy('name')
    .execute();
  return rows.map(({ name }) => name);
}
