import { type RawBuilder, sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import type { Part, Segment } from './segments.ts';

/** The segments of a version, in order; none for a version from before there were segments. */
export async function listSegments(
  { organizationId, db }: Workspace,
  versionId: string,
): Promise<readonly Segment[]> {
  const { rows } = await sql<Segment>`SELECT segment_id AS id, size FROM version_segment
    WHERE organization_id = ${organizationId} AND version_id = ${versionId} ORDER BY start`.execute(
    db,
  );
  return rows;
}

/** The datapoints of segments, each in its order. */
export async function loadSegments(
  { organizationId, db }: Workspace,
  ids: readonly number[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const { rows } = await sql<{ id: number; datapoints: readonly string[] }>`
    SELECT segment_id AS id, array_agg(datapoint_id ORDER BY position) AS datapoints
    FROM segment_datapoint
    WHERE organization_id = ${organizationId} AND segment_id = ANY(${[...ids]}::bigint[])
    GROUP BY segment_id`.execute(db);
  return new Map(rows.map(({ id, datapoints }) => [id, datapoints]));
}

/** Which of some datapoints a version has, and the segments that have them. */
export async function findInVersion(
  { organizationId, db }: Workspace,
  versionId: string,
  datapointIds: readonly string[],
): Promise<{ readonly found: ReadonlySet<string>; readonly segments: ReadonlySet<number> }> {
  const ids = list(datapointIds);
  const { rows } = await sql<{ id: string; segment: number | null }>`
    SELECT datapoint_id AS id, NULL::bigint AS segment FROM version_link
    WHERE organization_id = ${organizationId} AND version_id = ${versionId}
      AND datapoint_id = ANY(${ids})
    UNION ALL
    SELECT s.datapoint_id, s.segment_id
    FROM version_segment v JOIN segment_datapoint s USING (organization_id, segment_id)
    WHERE v.organization_id = ${organizationId} AND v.version_id = ${versionId}
      AND s.datapoint_id = ANY(${ids})`.execute(db);
  return {
    found: new Set(rows.map(({ id }) => id)),
    segments: new Set(rows.flatMap(({ segment }) => (segment === null ? [] : [segment]))),
  };
}

/**
 * How many datapoints a version would have, and a digest of their ids. The database does this: the
 * ids of a large dataset would keep the event loop busy for seconds.
 *
 * @param change.base the version that is changed; undefined: none.
 * @param change.ids the datapoints that are added or removed.
 * @param change.around the text before and after the sorted ids, of which the digest is made.
 * @returns the digest as 32 lower-case hex digits: the first 128 bits of SHA-256.
 */
export async function digestChange(
  { organizationId, db }: Workspace,
  change: {
    readonly base: string | undefined;
    readonly isRemoval: boolean;
    readonly ids: readonly string[];
    readonly around: readonly [before: string, after: string];
  },
): Promise<{ readonly count: number; readonly digest: string }> {
  const { base = null, isRemoval, ids, around } = change;
  const combined = isRemoval ? sql`EXCEPT` : sql`UNION`;
  const { rows } = await sql<{ count: number; digest: string }>`
    WITH member AS (
      SELECT datapoint_id AS id FROM version_datapoint
      WHERE organization_id = ${organizationId} AND version_id = ${base}
      ${combined}
      SELECT id COLLATE "C" FROM unnest(${list(ids)}) given (id)
    ), listed AS (
      SELECT count(*)::integer AS count,
        coalesce(string_agg('"' || id || '"', ',' ORDER BY id COLLATE "C"), '') AS ids FROM member
    )
    SELECT count, left(encode(sha256(convert_to(
      ${around[0]}::text || ids || ${around[1]}::text, 'UTF8')), 'hex'), 32) AS digest
    FROM listed`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('An aggregate without GROUP BY answers one row.');
  return row;
}

/** Stores the parts of a new version, in this order. */
export async function insertParts(
  { organizationId, db }: Workspace,
  versionId: string,
  parts: readonly Part[],
): Promise<void> {
  const added = parts.flatMap((part) => ('ids' in part ? [part.ids] : []));
  const { rows: named } = await sql<{ id: number }>`SELECT nextval('segment_id') AS id
    FROM generate_series(1, ${added.length}::integer)`.execute(db);
  const segmentOf = (place: number) => named[place]?.id ?? 0;
  for (let start = 0; start < added.length; start += segmentsAtOnce) {
    const some = added.slice(start, start + segmentsAtOnce);
    const segments = some.flatMap((ids, place) => ids.map(() => segmentOf(start + place)));
    const positions = some.flatMap((ids) => ids.map((_, position) => position));
    await sql`INSERT INTO segment_datapoint (organization_id, segment_id, position, datapoint_id)
      SELECT ${organizationId}, segment, position, id
      FROM unnest(${list(segments)}::bigint[], ${list(positions)}::integer[], ${list(some.flat())})
        given (segment, position, id)`.execute(db);
  }
  let place = 0;
  const segments = parts.map(
    (part): Segment =>
      'ids' in part ? { id: segmentOf(place++), size: part.ids.length } : part.shared,
  );
  let next = 0;
  const starts = segments.map(({ size }) => {
    next += size;
    return next - size;
  });
  await sql`INSERT INTO version_segment (organization_id, version_id, start, size, segment_id)
    SELECT ${organizationId}, ${versionId}, start, size, segment
    FROM unnest(${list(starts)}::integer[], ${list(segments.map(({ size }) => size))}::integer[],
      ${list(segments.map(({ id }) => id))}::bigint[]) given (start, size, segment)`.execute(db);
}

/** New segments that one statement stores: others are served between two statements. */
const segmentsAtOnce = 20;

/**
 * An array of ids or numbers. The driver would quote each of its members, which takes hundreds of
 * milliseconds for 400,000.
 */
function list(items: readonly (string | number)[]): RawBuilder<unknown> {
  return sql`string_to_array(${items.join(',')}::text, ',')`;
}
