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

/** A version that is deployed to an environment. */
export interface DeployedVersion {
  readonly file_id: string;
  readonly environment: Environment;
  readonly version_id: string;
  readonly version_name: string | null;
}

/** Where the files in a directory are deployed, for each file the oldest environment first. */
export async function deploymentsIn(
  { db, organizationId }: Workspace,
  directoryId: string,
): Promise<readonly DeployedVersion[]> {
  const rows = await db
    .selectFrom('file as f')
    .innerJoin('deployment as d', (join) =>
      join.onRef('d.organization_id', '=', 'f.organization_id').onRef('d.file_id', '=', 'f.id'),
    )
    .innerJoin('environment as e', (join) =>
      join
        .onRef('e.organization_id', '=', 'd.organization_id')
        .onRef('e.id', '=', 'd.environment_id'),
    )
    .innerJoin('version as v', (join) =>
      join.onRef('v.organization_id', '=', 'd.organization_id').onRef('v.id', '=', 'd.version_id'),
    )
    .select(['d.file_id', 'd.version_id', 'v.name as version_name'])
    .select(['e.id', 'e.name', 'e.tag', 'e.created_at'])
    .where('f.organization_id', '=', organizationId)
    .where('f.directory_id', '=', directoryId)
    .where('f.deleted_at', 'is', null)
    .orderBy('d.file_id')
    .orderBy('e.id')
    .execute();
  return rows.map(({ file_id, version_id, version_name, ...environment }) => ({
    file_id,
    environment,
    version_id,
    version_name,
  }));
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
