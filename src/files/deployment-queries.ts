import { sql } from 'kysely';
import type { Workspace } from '../database/workspace.ts';
import type { Timestamp } from '../kernel/clock.ts';
import type { Environment, Member } from './file-version.ts';

/** All environments of the organization, oldest first. */
export async function listEnvironments(workspace: Workspace): Promise<readonly Environment[]> {
  return workspace.db
    .selectFrom('environment')
    .select(['id', 'name', 'tag', 'created_at'])
    .where('organization_id', '=', workspace.organizationId)
    .orderBy('id')
    .execute();
}

/** A version that is deployed, by whom and since when. */
export interface CurrentDeployment {
  readonly version_id: string;
  readonly deployed_at: Timestamp;
  /** Null for the server itself, and when it is not known. */
  readonly deployed_by: Member | null;
}

/** What is deployed of a file, by the id of the environment. */
export async function currentDeployments(
  { db, organizationId }: Workspace,
  fileId: string,
): Promise<ReadonlyMap<string, CurrentDeployment>> {
  const { rows } = await sql<CurrentDeployment & { readonly environment_id: string }>`
    SELECT environment_id, version_id, deployed_at, (
      SELECT to_json(m) FROM (SELECT id, email_address, full_name FROM member
        WHERE organization_id = ${organizationId} AND id = d.deployed_by
          AND status <> 'system') m) AS deployed_by
    FROM deployment d WHERE organization_id = ${organizationId} AND file_id = ${fileId}`.execute(
    db,
  );
  return new Map(rows.map(({ environment_id: id, ...deployment }) => [id, deployment]));
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

/** An environment, for one file. */
interface DeploymentPlace {
  readonly fileId: string;
  readonly environmentId: string;
}

/** The version that must be deployed for something to be done; null: none may be; undefined: any. */
export type ExpectedVersion = string | null | undefined;

/**
 * Deploys a version to an environment and replaces the one that was there.
 *
 * @returns false if another version was there than was expected. That this one is there already is
 *   always right.
 */
export async function putDeployment(
  { db, organizationId, memberId }: Workspace,
  { fileId, environmentId }: DeploymentPlace,
  versionId: string,
  expected: ExpectedVersion,
): Promise<boolean> {
  const isRight = sql`${expected === undefined} OR d.version_id IN (${versionId}, ${expected ?? null})`;
  const place = sql`organization_id = ${organizationId} AND file_id = ${fileId}
    AND environment_id = ${environmentId}`;
  const { rows } = await (expected
    ? sql`UPDATE deployment d SET version_id = ${versionId}, deployed_at = now(),
        deployed_by = ${memberId} WHERE ${place} AND (${isRight}) RETURNING 1`
    : sql`INSERT INTO deployment AS d
        (organization_id, file_id, environment_id, version_id, deployed_by)
      VALUES (${organizationId}, ${fileId}, ${environmentId}, ${versionId}, ${memberId})
      ON CONFLICT (organization_id, file_id, environment_id) DO UPDATE
        SET version_id = excluded.version_id, deployed_at = now(), deployed_by = excluded.deployed_by
        WHERE ${isRight} RETURNING 1`
  ).execute(db);
  return rows.length > 0;
}

/** @returns false if no version of the file was deployed to the environment, or not the expected one. */
export async function dropDeployment(
  { db, organizationId }: Workspace,
  { fileId, environmentId }: DeploymentPlace,
  expected: ExpectedVersion,
): Promise<boolean> {
  const { rows } = await sql`DELETE FROM deployment
    WHERE organization_id = ${organizationId} AND file_id = ${fileId}
      AND environment_id = ${environmentId}
      AND (${expected === undefined} OR version_id = ${expected ?? null}) RETURNING 1`.execute(db);
  return rows.length > 0;
}
