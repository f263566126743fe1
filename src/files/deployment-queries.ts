import { sql } from 'kysely';
import type { Workspace } from '../database/workspace.ts';
import type { Environment } from './file-version.ts';

/** All environments of the organization, oldest first. */
export async function listEnvironments(workspace: Workspace): Promise<readonly Environment[]> {
  return workspace.db
    .selectFrom('environment')
    .select(['id', 'name', 'tag', 'created_at'])
    .where('organization_id', '=', workspace.organizationId)
    .orderBy('id')
    .execute();
}

/** The deployed versions of a file, by the id of the environment. */
export async function deployedVersions(
  workspace: Workspace,
  fileId: string,
): Promise<ReadonlyMap<string, string>> {
  const rows = await workspace.db
    .selectFrom('deployment')
    .select(['environment_id', 'version_id'])
    .where('organization_id', '=', workspace.organizationId)
    .where('file_id', '=', fileId)
    .execute();
  return new Map(rows.map((row) => [row.environment_id, row.version_id]));
}

/** Deploys a version to an environment and replaces the one that was there. */
export async function putDeployment(
  workspace: Workspace,
  fileId: string,
  environmentId: string,
  versionId: string,
): Promise<void> {
  await workspace.db
    .insertInto('deployment')
    .values({
      organization_id: workspace.organizationId,
      file_id: fileId,
      environment_id: environmentId,
      version_id: versionId,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'file_id', 'environment_id'])
        .doUpdateSet({ version_id: versionId, deployed_at: sql<string>`now()` }),
    )
    .execute();
}

/** @returns false if no version of the file was deployed to the environment. */
export async function dropDeployment(
  workspace: Workspace,
  fileId: string,
  environmentId: string,
): Promise<boolean> {
  const { numDeletedRows } = await workspace.db
    .deleteFrom('deployment')
    .where('organization_id', '=', workspace.organizationId)
    .where('file_id', '=', fileId)
    .where('environment_id', '=', environmentId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
