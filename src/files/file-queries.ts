import { type RawBuilder, sql } from 'kysely';
import type { FileType } from '../contract/kinds/index.ts';
import { batched } from '../database/batched.ts';
import { mostBytes } from '../database/json-size.ts';
import { hot, type Workspace } from '../database/workspace.ts';
import type { Sized } from '../kernel/readable-batches.ts';
import type { Environment, FileVersion } from './file-version.ts';

/**
 * All columns of a file and one version, for a FROM clause that names them `f` and `v`. Counters
 * are summed over the versions of a file, never over its logs.
 */
const columns = `
  f.id, f.type, f.path, f.name, f.directory_id AS "directoryId", f.description, f.tags, f.readme,
  f.created_at AS "createdAt", f.updated_at AS "updatedAt",
  v.id AS "versionId", v.spec, v.name AS "versionName", v.description AS "versionDescription",
  v.created_at AS "versionCreatedAt", v.updated_at AS "versionUpdatedAt",
  (v.deleted_at IS NOT NULL OR f.deleted_at IS NOT NULL) AS "isDeleted",
  f.deleted_at IS NOT NULL AS "isFileDeleted",
  (SELECT to_json(m) FROM (SELECT id, email_address, full_name FROM member
    WHERE organization_id = f.organization_id AND id = f.created_by) m) AS "createdBy",
  (SELECT to_json(m) FROM (SELECT id, email_address, full_name FROM member
    WHERE organization_id = f.organization_id AND id = v.created_by) m) AS "versionCreatedBy",
  (SELECT json_agg(json_build_object('id', e.id, 'name', e.name, 'tag', e.tag,
      'created_at', to_char(e.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) ORDER BY e.id)
    FROM deployment d JOIN environment e
      ON e.organization_id = d.organization_id AND e.id = d.environment_id
    WHERE d.organization_id = f.organization_id AND d.file_id = f.id
      AND d.version_id = v.id) AS environments,
  coalesce(u.of_version, 0) AS "versionLogsCount", coalesce(u.of_file, 0) AS "totalLogsCount",
  u.last_used_at AS "lastUsedAt"`;

const usage = `
  CROSS JOIN LATERAL (
    SELECT sum(logs_made)::bigint AS of_file,
      (sum(logs_made) FILTER (WHERE version_id = v.id))::bigint AS of_version,
      max(last_used_at) AS last_used_at
    FROM log_count WHERE organization_id = f.organization_id AND file_id = f.id) u`;

/** The join of `v` for each way to choose a version; $3 is the value of the choice. */
const choices = {
  version: `JOIN version v ON v.organization_id = $1 AND v.file_id = f.id AND v.id = $3
    AND v.deleted_at IS NULL`,
  fingerprint: `JOIN version v ON v.organization_id = $1 AND v.file_id = f.id
    AND v.fingerprint = $3 AND v.deleted_at IS NULL`,
  environment: `JOIN environment c ON c.organization_id = $1 AND c.name = $3
    JOIN deployment p ON p.organization_id = $1 AND p.file_id = f.id AND p.environment_id = c.id
    JOIN version v ON v.organization_id = $1 AND v.id = p.version_id`,
  environment_id: `JOIN deployment p ON p.organization_id = $1 AND p.file_id = f.id
      AND p.environment_id = $3
    JOIN version v ON v.organization_id = $1 AND v.id = p.version_id`,
  default: `JOIN environment c ON c.organization_id = $1 AND c.tag = 'default'
    JOIN deployment p ON p.organization_id = $1 AND p.file_id = f.id AND p.environment_id = c.id
    JOIN version v ON v.organization_id = $1 AND v.id = p.version_id`,
} as const;

/** How a version of a file is chosen; `default` is the deployment to the default environment. */
export type VersionChoice =
  | {
      readonly by: 'version' | 'fingerprint' | 'environment' | 'environment_id';
      readonly value: string;
    }
  | { readonly by: 'default' };

/** How a file is named. */
export type FileTarget = { readonly by: 'id' | 'path'; readonly value: string };

/** A file, and the choice of one of its versions. */
export interface ChosenVersion {
  readonly target: FileTarget;
  readonly choice: VersionChoice;
}

/** A file in a chosen version; undefined if either does not exist. */
export function findFileVersion(
  workspace: Workspace,
  target: FileTarget,
  choice: VersionChoice,
): Promise<FileVersion | undefined> {
  return findChosenVersion(workspace, { target, choice });
}

/** Many calls at once usually name few files, so equal look-ups share a query. */
const findChosenVersion = batched(
  async (workspace, chosen: readonly ChosenVersion[]) => {
    const { text, values } = chosenVersion(workspace, chosen[0] as ChosenVersion);
    const [row] = await hot<FileVersionRow>(workspace, `/* hot */ ${text}`, values);
    const version = row && fromRow(row);
    return chosen.map(() => version);
  },
  { groupOf: (chosen) => JSON.stringify(chosen) },
);

/** The SQL for at most one {@link FileVersionRow}. Its parameters start at $1. */
export function chosenVersion(
  { organizationId }: Workspace,
  { target, choice }: ChosenVersion,
): { readonly text: string; readonly values: readonly string[] } {
  const values = [organizationId, target.value];
  if (choice.by !== 'default') values.push(choice.value);
  const text = `SELECT ${columns} FROM file f ${choices[choice.by]} ${usage}
    WHERE f.organization_id = $1 AND f.${target.by} = $2 AND f.deleted_at IS NULL`;
  return { text, values };
}

/** The version that a link names: by id, by environment, or by default. */
interface NamedVersion {
  readonly fileId: string;
  readonly versionId: string | undefined;
  readonly environmentId: string | undefined;
}

/**
 * The versions that links name, in the order of the links: by id, deployed to an environment, or
 * deployed to the default environment. Undefined for a file or version that does not exist.
 */
export async function findLinkedVersions(
  workspace: Workspace,
  links: readonly NamedVersion[],
): Promise<readonly (FileVersion | undefined)[]> {
  if (links.length === 0) return [];
  const found = await hot<FileVersionRow & { place: number }>(
    workspace,
    `/* hot */ SELECT link.place, ${columns}
    FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY
      AS link (file_id, version_id, environment_id, place)
    JOIN file f ON f.organization_id = $1 AND f.id = link.file_id AND f.deleted_at IS NULL
    JOIN version v ON v.organization_id = $1 AND v.file_id = f.id AND v.deleted_at IS NULL
      AND v.id = coalesce(link.version_id, (
        SELECT version_id FROM deployment
        WHERE organization_id = $1 AND file_id = f.id AND environment_id = coalesce(
          link.environment_id,
          (SELECT id FROM environment WHERE organization_id = $1 AND tag = 'default')))) ${usage}`,
    [
      workspace.organizationId,
      links.map(({ fileId }) => fileId),
      links.map(({ versionId }) => versionId ?? null),
      links.map(({ environmentId }) => environmentId ?? null),
    ],
  );
  const byPlace = new Map(found.map(({ place, ...row }) => [place, fromRow(row)]));
  return links.map((_, index) => byPlace.get(index + 1));
}

/** The SQL that joins `v`: the version deployed to an environment, or else the newest. */
export function versionShownIn(environmentId: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
  JOIN LATERAL (
    SELECT v.* FROM version v
    LEFT JOIN deployment p ON p.organization_id = v.organization_id AND p.version_id = v.id
      AND p.file_id = f.id AND p.environment_id = ${environmentId}
    WHERE v.organization_id = f.organization_id AND v.file_id = f.id AND v.deleted_at IS NULL
    ORDER BY p.version_id IS NULL, v.id DESC LIMIT 1) v ON true`;
}

/** Like {@link versionShownIn}, for the default environment. */
export const shownVersion = versionShownIn(
  sql`(SELECT id FROM environment WHERE organization_id = f.organization_id AND tag = 'default')`,
);

/** A file in the version deployed to the default environment, or else in its newest. */
export async function findShownVersion(
  workspace: Workspace,
  { by, value }: FileTarget,
): Promise<FileVersion | undefined> {
  const [version] = await selectVersions(
    workspace,
    sql`FROM file f ${shownVersion}`,
    sql`WHERE f.organization_id = ${workspace.organizationId} AND ${sql.ref(`f.${by}`)} = ${value}
      AND f.deleted_at IS NULL`,
  );
  return version;
}

/** All versions of a file, newest first. */
export async function listVersions(
  workspace: Workspace,
  fileId: string,
): Promise<readonly Sized[]> {
  return selectSizes(
    workspace,
    sql`FROM file f JOIN version v ON v.organization_id = f.organization_id AND v.file_id = f.id
      AND v.deleted_at IS NULL`,
    sql`WHERE f.organization_id = ${workspace.organizationId} AND f.id = ${fileId}
    ORDER BY v.id DESC`,
  );
}

/** Versions by id, deleted ones too: a log shows its version even if that was deleted. */
export async function findVersionsById(
  workspace: Workspace,
  versionIds: readonly string[],
): Promise<ReadonlyMap<string, FileVersion>> {
  if (versionIds.length === 0) return new Map();
  const found = await hot<FileVersionRow>(
    workspace,
    `/* hot */ SELECT ${columns} FROM version v
    JOIN file f ON f.organization_id = $1 AND f.id = v.file_id ${usage}
    WHERE v.organization_id = $1 AND v.id = ANY($2)`,
    [workspace.organizationId, [...new Set(versionIds)]],
  );
  return new Map(found.map((row) => [row.versionId, fromRow(row)]));
}

/** What a look-up of a file alone says of it. */
export type FoundFile = Pick<FileVersion, 'id' | 'type' | 'path'>;

/** A file; undefined if it does not exist. */
export async function findFile(
  workspace: Workspace,
  { by, value }: FileTarget,
): Promise<FoundFile | undefined> {
  const row = await workspace.db
    .selectFrom('file')
    .select(['id', 'type', 'path'])
    .where('organization_id', '=', workspace.organizationId)
    .where(by, '=', value)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return row && { ...row, type: row.type as FileType };
}

/** The name of the default environment. */
export async function defaultEnvironmentName(workspace: Workspace): Promise<string> {
  const { name } = await workspace.db
    .selectFrom('environment')
    .select('name')
    .where('organization_id', '=', workspace.organizationId)
    .where('tag', '=', 'default')
    .executeTakeFirstOrThrow();
  return name;
}

/** A row as {@link columns} selects it. */
export interface FileVersionRow extends Omit<FileVersion, 'environments'> {
  readonly environments: readonly Environment[] | null;
}

/**
 * The version of a row. The cast is safe: a version is only stored with a spec of its file's kind.
 */
export function fromRow(row: FileVersionRow): FileVersion {
  return { ...row, environments: row.environments ?? [] } as FileVersion;
}

/**
 * Selects versions with all their columns.
 *
 * @param from the FROM clause, which names the file `f` and the version `v`.
 * @param rest the clauses after it.
 */
export async function selectVersions(
  { db }: Workspace,
  from: RawBuilder<unknown>,
  rest: RawBuilder<unknown>,
): Promise<FileVersion[]> {
  const { rows } = await sql<FileVersionRow>`
    SELECT ${sql.raw(columns)} ${from} ${sql.raw(usage)} ${rest}`.execute(db);
  return rows.map(fromRow);
}

/**
 * Selects the ids of versions, and how many bytes each has with its file. Its parameters are those
 * of {@link selectVersions}.
 */
export async function selectSizes(
  { db }: Workspace,
  from: RawBuilder<unknown>,
  rest: RawBuilder<unknown>,
): Promise<readonly Sized[]> {
  const { rows } = await sql<Sized>`
    SELECT v.id, (${mostBytes('v', ['spec', 'description'])} + ${mostBytes('f', ['readme', 'description'])}) AS bytes
    ${from} ${rest}`.execute(db);
  return rows;
}
