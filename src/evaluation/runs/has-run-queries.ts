import type { Workspace } from '../../database/workspace.ts';

/** Whether a Run exists, whatever its state. */
export async function hasRun({ db, organizationId }: Workspace, id: string): Promise<boolean> {
  const row = await db
    .selectFrom('evaluation_run')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row !== undefined;
}
