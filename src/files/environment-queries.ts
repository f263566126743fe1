import { sql } from 'kysely';
import { isDuplicate } from '../database/violations.ts';
import type { Workspace } from '../database/workspace.ts';
import type { Environment } from './file-version.ts';

export type Deployers = 'editors' | 'admins';

/** An environment, and how it is used. */
export interface UsedEnvironment extends Environment {
  readonly deployers: Deployers;
  readonly deployments_count: number;
}

/** The environments of the organization, oldest first. @param id only this one. */
export async function selectEnvironments(
  { db, organizationId }: Workspace,
  id?: string,
): Promise<readonly UsedEnvironment[]> {
  const { rows } = await sql<UsedEnvironment>`
    SELECT e.id, e.name, e.tag, e.created_at, e.deployers,
      (SELECT count(*)::int FROM deployment d
        JOIN file f ON f.organization_id = d.organization_id AND f.id = d.file_id
        WHERE d.organization_id = e.organization_id AND d.environment_id = e.id
          AND f.deleted_at IS NULL) AS deployments_count
    FROM environment e
    WHERE e.organization_id = ${organizationId} AND (${id ?? null}::text IS NULL OR e.id = ${id ?? null})
    ORDER BY e.id`.execute(db);
  return rows;
}

/**
 * Keeps an environment from being deleted until the transaction ends.
 *
 * @returns undefined when it is gone.
 */
export async function holdEnvironment(
  { db, organizationId }: Workspace,
  id: string,
): Promise<{ readonly deployers: Deployers } | undefined> {
  return db
    .selectFrom('environment')
    .select('deployers')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .forKeyShare()
    .executeTakeFirst();
}

/** Locks all environments for a change, in the order of their ids. */
export async function lockEnvironments({ db, organizationId }: Workspace): Promise<void> {
  await db
    .selectFrom('environment')
    .select('id')
    .where('organization_id', '=', organizationId)
    .orderBy('id')
    .forUpdate()
    .execute();
}

/** @returns false when another environment has the name. */
export async function insertEnvironment(
  { db, organizationId }: Workspace,
  environment: { readonly id: string; readonly name: string; readonly deployers: Deployers },
): Promise<boolean> {
  return isNamed(async () => {
    await db
      .insertInto('environment')
      .values({ ...environment, organization_id: organizationId, tag: 'other' })
      .execute();
  });
}

/** @returns false when another environment has the name. */
export async function updateEnvironment(
  { db, organizationId }: Workspace,
  id: string,
  changes: { readonly name?: string; readonly deployers?: Deployers },
): Promise<boolean> {
  if (Object.keys(changes).length === 0) return true;
  return isNamed(async () => {
    await db
      .updateTable('environment')
      .set(changes)
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .execute();
  });
}

/** Makes an environment the default one. The environments are locked. */
export async function makeDefault({ db, organizationId }: Workspace, id: string): Promise<void> {
  const tagged = (tag: 'default' | 'other') =>
    db.updateTable('environment').set({ tag }).where('organization_id', '=', organizationId);
  // First: there is never more than one.
  await tagged('other').where('tag', '=', 'default').where('id', '<>', id).execute();
  await tagged('default').where('id', '=', id).execute();
}

/** Deletes an environment, with what is deployed to it and what follows it. */
export async function deleteEnvironmentRow(
  { db, organizationId }: Workspace,
  id: string,
): Promise<void> {
  for (const table of ['deployment', 'monitoring_evaluator'] as const) {
    await db
      .deleteFrom(table)
      .where('organization_id', '=', organizationId)
      .where('environment_id', '=', id)
      .execute();
  }
  await db
    .deleteFrom('environment')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .execute();
}

async function isNamed(write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    const names = ['environment_name_key', 'environment_any_case_key'];
    if (names.some((name) => isDuplicate(error, name))) return false;
    throw error;
  }
}
