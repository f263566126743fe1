import { sql } from 'kysely';
import type { DatapointContent } from '../../contract/kinds/dataset.ts';
import type { SpecOf } from '../../contract/kinds/index.ts';
import { exactSize, mostBytes } from '../../database/json-size.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { Sized } from '../../kernel/readable-batches.ts';
import type { FileVersion } from '../file-version.ts';

/** A datapoint as answers show it: absent parts are null. */
export type Datapoint = { readonly id: string } & {
  readonly [Part in keyof DatapointContent]-?: NonNullable<DatapointContent[Part]> | null;
};

/** Datapoints that one statement stores: others are served between two statements. */
const storedAtOnce = 10_000;

/**
 * Stores datapoints of a dataset and skips those that exist. Rows are sorted by id, the order in
 * which the index grows fastest.
 */
export async function insertDatapoints(
  workspace: Workspace,
  fileId: string,
  datapoints: readonly (readonly [id: string, content: DatapointContent])[],
): Promise<void> {
  for (let start = 0; start < datapoints.length; start += storedAtOnce) {
    const some = datapoints.slice(start, start + storedAtOnce);
    const rows = some.map(([id, content]) => ({ id, ...content }));
    await sql`INSERT INTO datapoint (organization_id, id, file_id, inputs, messages, target)
      SELECT ${workspace.organizationId}, id, ${fileId}, inputs, messages, target
      FROM json_populate_recordset(NULL::datapoint, ${JSON.stringify(rows)}::json) ORDER BY id
      ON CONFLICT DO NOTHING`.execute(workspace.db);
  }
}

/** The ids of the datapoints, in order, of a version from before there were segments. */
export async function listLinkedIds(workspace: Workspace, versionId: string): Promise<string[]> {
  const rows = await workspace.db
    .selectFrom('version_link')
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
  const { organizationId, db } = workspace;
  const { rows } = await sql<Datapoint & { readonly version_id: string }>`
    SELECT l.version_id, d.id, d.inputs, d.messages, d.target FROM version_datapoint l
    JOIN datapoint d ON d.organization_id = ${organizationId} AND d.id = l.datapoint_id
    WHERE l.organization_id = ${organizationId} AND l.version_id = ANY(${[...versionIds]}::text[])
    ORDER BY l.version_id, l.position`.execute(db);
  for (const { version_id: versionId, ...datapoint } of rows) found.get(versionId)?.push(datapoint);
  return found;
}

/**
 * The datapoints on one page of a version, and how large they are. The cost depends on the size of the
 * page, not on its number.
 */
export async function datapointsOnPage(
  { organizationId, db }: Workspace,
  versionId: string,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<readonly Sized[]> {
  const start = (page - 1) * size;
  // Not through the view `version_datapoint`, where no index gives the position.
  const { rows } = await sql<Sized>`SELECT d.id, ${mostBytes('d', contentColumns)} AS bytes FROM (
      SELECT position, datapoint_id FROM version_link
      WHERE organization_id = ${organizationId} AND version_id = ${versionId}
        AND position >= ${start}::bigint AND position < ${start + size}::bigint
      UNION ALL
      SELECT v.start + s.position, s.datapoint_id
      FROM version_segment v JOIN segment_datapoint s USING (organization_id, segment_id)
      WHERE v.organization_id = ${organizationId} AND v.version_id = ${versionId}
        AND v.start < ${start + size}::bigint AND v.start + v.size > ${start}::bigint
        AND s.position >= ${start}::bigint - v.start
        AND s.position < ${start + size}::bigint - v.start
    ) l JOIN datapoint d ON d.organization_id = ${organizationId} AND d.id = l.datapoint_id
    ORDER BY l.position`.execute(db);
  return rows;
}

const contentColumns = ['inputs', 'messages', 'target'];

/** How many bytes the datapoints of versions have together. It reads all of them. */
export async function countDatapointBytes(
  { organizationId, db }: Workspace,
  versionIds: readonly string[],
): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    SELECT coalesce(sum(${exactSize('d', contentColumns)}), 0)::bigint AS bytes
    FROM version_datapoint l
    JOIN datapoint d ON d.organization_id = ${organizationId} AND d.id = l.datapoint_id
    WHERE l.organization_id = ${organizationId} AND l.version_id = ANY(${[...versionIds]}::text[])`.execute(
    db,
  );
  return rows[0]?.bytes ?? 0;
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
