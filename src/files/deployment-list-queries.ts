import { sql } from 'kysely';
import type { Workspace } from '../database/workspace.ts';
import type { Timestamp } from '../kernel/clock.ts';

/** A file, and the versions that are deployed. */
export interface DeployedFile {
  readonly id: string;
  readonly type: string;
  readonly path: string;
  readonly deployments: readonly {
    readonly environment_id: string;
    readonly version_id: string;
    readonly version_name: string | null;
    readonly deployed_at: Timestamp;
  }[];
}

/**
 * The files of which something is deployed, by path.
 *
 * @param differs only those of which an environment has another version than the default one has.
 */
export async function selectDeployedFiles(
  { db, organizationId }: Workspace,
  {
    differs,
    page,
    size,
  }: { readonly differs: boolean; readonly page: number; readonly size: number },
): Promise<{ readonly records: readonly DeployedFile[]; readonly total: number }> {
  const deployed = sql`
    FROM deployment d
    JOIN environment e ON e.organization_id = d.organization_id AND e.id = d.environment_id
    JOIN file f ON f.organization_id = d.organization_id AND f.id = d.file_id
    JOIN version v ON v.organization_id = d.organization_id AND v.id = d.version_id
    WHERE d.organization_id = ${organizationId} AND f.deleted_at IS NULL
    GROUP BY f.id, f.type, f.path
    HAVING ${differs} = false OR bool_or(d.version_id IS DISTINCT FROM
      (SELECT v.version_id FROM deployment v
        JOIN environment t ON t.organization_id = v.organization_id AND t.id = v.environment_id
        WHERE v.organization_id = ${organizationId} AND v.file_id = f.id AND t.tag = 'default'))`;
  const { rows } = await sql<DeployedFile>`
    SELECT f.id, f.type, f.path, json_agg(json_build_object('environment_id', d.environment_id,
      'version_id', d.version_id, 'version_name', v.name, 'deployed_at',
      to_char(d.deployed_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
      ORDER BY d.environment_id) AS deployments
    ${deployed} ORDER BY f.path, f.id LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(db);
  const counted = await sql<{ total: number }>`
    SELECT count(*)::int AS total FROM (SELECT f.id ${deployed}) each_file`.execute(db);
  return { records: rows, total: counted.rows[0]?.total ?? 0 };
}
