import { type RawBuilder, sql } from 'kysely';
import type { DatapointContent } from '../../contract/kinds/dataset.ts';
import type { SpecOf } from '../../contract/kinds/index.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { FileVersion } from '../file-version.ts';

/** A datapoint as answers show it: absent parts are null. */
export type Datapoint = { readonly id: string } & {
  readonly [Part in keyof DatapointContent]-?: NonNullable<DatapointContent[Part]> | null;
};

/**
 * Stores datapoints of a dataset in one statement and skips those that exist. Rows are sorted by
 * id, the order in which the index grows fastest.
 */
export async function insertDatapoints(
  workspace: Workspace,
  fileId: string,
  datapoints: readonly (readonly [id: string, content: DatapointContent])[],
): Promise<void> {
  const rows = datapoints.map(([id, content]) => ({ id, ...content }));
  await sql`INSERT INTO datapoint (organization_id, id, file_id, inputs, messages, target)
    SELECT ${workspace.organizationId}, id, ${fileId}, inputs, messages, target
    FROM json_populate_recordset(NULL::datapoint, ${JSON.stringify(rows)}::json) ORDER BY id
    ON CONFLICT DO NOTHING`.execute(workspace.db);
}

/** Links datapoints to a version, in this order. */
export async function linkDatapoints(
  workspace: Workspace,
  versionId: string,
  datapointIds: readonly string[],
): Promise<void> {
  await sql`INSERT INTO version_datapoint (organization_id, version_id, position, datapoint_id)
    SELECT ${workspace.organizationId}, ${versionId}, number - 1, id
    FROM unnest(${datapointIds}::text[]) WITH ORDINALITY AS given (id, number)`.execute(
    workspace.db,
  );
}

/** The ids of a version's datapoints, in order. */
export async function listDatapointIds(workspace: Workspace, versionId: string): Promise<string[]> {
  const rows = await workspace.db
    .selectFrom('version_datapoint')
    .select('datapoint_id')
    .where('organization_id', '=', workspace.organizationId)
    .where('version_id', '=', versionId)
    .orderBy('position')
    .execute();
  return rows.map((row) => row.datapoint_id);
}

/** The datapoints of each version, in order; an empty list for a version without any. */
export async function loadDatapoints(
  workspace: Workspace,
  versionIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Datapoint[]>> {
  const found = new Map(versionIds.map((id) => [id, [] as Datapoint[]]));
  const { rows } = await selectDatapoints(
    workspace,
    sql`l.version_id = ANY(${versionIds}::text[]) ORDER BY l.version_id, l.position`,
  ).execute(workspace.db);
  for (const { version_id: versionId, ...datapoint } of rows) found.get(versionId)?.push(datapoint);
  return found;
}

/**
 * One page of a version's datapoints. The cost depends on the size of the page, not on its number.
 */
export async function datapointsOnPage(
  workspace: Workspace,
  versionId: string,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<readonly Datapoint[]> {
  const start = (page - 1) * size;
  const { rows } = await selectDatapoints(
    workspace,
    sql`l.version_id = ${versionId}
      AND l.position >= ${start}::bigint AND l.position < ${start + size}::bigint
    ORDER BY l.position`,
  ).execute(workspace.db);
  return rows.map(({ version_id: _, ...datapoint }) => datapoint);
}

/** Datapoints by id. Ids without a datapoint are left out. */
export async function findDatapoints(
  { organizationId, db }: Workspace,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Datapoint>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Datapoint>`SELECT id, inputs, messages, target FROM datapoint
    WHERE organization_id = ${organizationId} AND id = ANY(${[...new Set(ids)]}::text[])`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** @param chosen the condition on the links `l` of versions to datapoints, and the order. */
function selectDatapoints(
  { organizationId }: Workspace,
  chosen: RawBuilder<unknown>,
): RawBuilder<Datapoint & { readonly version_id: string }> {
  return sql`SELECT l.version_id, d.id, d.inputs, d.messages, d.target FROM version_datapoint l
    JOIN datapoint d ON d.organization_id = ${organizationId} AND d.id = l.datapoint_id
    WHERE l.organization_id = ${organizationId} AND ${chosen}`;
}

/** The newest version of a dataset; undefined if it has none. */
export async function findNewestVersion(
  workspace: Workspace,
  datasetId: string,
): Promise<Pick<FileVersion<'dataset'>, 'versionId' | 'spec'> | undefined> {
  const row = await workspace.db
    .selectFrom('version')
    .select(['id', 'spec'])
    .where('organization_id', '=', workspace.organizationId)
    .where('file_id', '=', datasetId)
    .where('deleted_at', 'is', null)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { versionId: row.id, spec: row.spec as SpecOf<'dataset'> };
}
