import { type RawBuilder, sql } from 'kysely';
import type { RunTable } from '../../database/tables.ts';
import type { Workspace } from '../../database/workspace.ts';
import { fileKinds } from '../../files/kinds/index.ts';
import type { Timestamp } from '../../kernel/clock.ts';
import type { LogRecord } from '../log-record.ts';
import { deepest } from '../trace-tree.ts';

/** The place of a span in the order of spans: by their start. */
export interface SpanPosition {
  readonly at: Timestamp;
  readonly logId: string;
  /** The number of a turn; 0 for the log itself. */
  readonly number: number;
}

/** Whether a log is below another, however deep. */
export async function isBelow(
  { organizationId, db }: Workspace,
  id: string,
  rootId: string,
): Promise<boolean> {
  const { rows } = await sql`WITH RECURSIVE above AS (
      SELECT id, trace_parent_id FROM log WHERE organization_id = ${organizationId} AND id = ${id}
      UNION
      SELECT log.id, log.trace_parent_id FROM log
        JOIN above ON log.organization_id = ${organizationId} AND log.id = above.trace_parent_id)
    SELECT FROM above WHERE trace_parent_id = ${rootId}`.execute(db);
  return rows.length > 0;
}

/** The part of a trace to list. */
export interface SpanWindow {
  readonly rootId: string;
  readonly after: SpanPosition | undefined;
  /** What an earlier answer had as its `changes`; undefined: all spans. */
  readonly since: string | undefined;
  readonly limit: number;
}

/** The log at the top of a trace. */
export interface SpanRoot {
  readonly log_status: LogRecord['log_status'];
  readonly run_state: RunTable['state'] | null;
  readonly isFileDeleted: boolean;
  /** Every change of a row is of this transaction or a later one, or seen by the same snapshot. */
  readonly changes: string;
}

/** Undefined when there is no such log. */
export async function findSpanRoot(
  { organizationId, db }: Workspace,
  id: string,
): Promise<SpanRoot | undefined> {
  const { rows } = await sql<SpanRoot>`
    SELECT l.log_status, r.state AS run_state, f.deleted_at IS NOT NULL AS "isFileDeleted",
      pg_snapshot_xmin(pg_current_snapshot())::text AS changes
    FROM log l
    JOIN file f ON f.organization_id = ${organizationId} AND f.id = l.file_id
    LEFT JOIN run r ON r.organization_id = ${organizationId} AND r.log_id = l.id
    WHERE l.organization_id = ${organizationId} AND l.id = ${id}`.execute(db);
  return rows[0];
}

/** The logs of a trace, and the turns that are spans of their own, in the order of their start. */
export async function listSpanPositions(
  { organizationId, db }: Workspace,
  { rootId, after, since, limit }: SpanWindow,
): Promise<readonly SpanPosition[]> {
  const changed = (...tables: readonly string[]) =>
    since === undefined ? sql`true` : sql`(${sql.join(tables.map(isNewer(since)), sql` OR `)})`;
  const { rows } = await sql<SpanPosition>`
    WITH RECURSIVE below AS (
      SELECT id, 0 AS depth FROM log WHERE organization_id = ${organizationId} AND id = ${rootId}
      UNION ALL
      SELECT log.id, below.depth + 1 FROM log
        JOIN below ON log.organization_id = ${organizationId} AND log.trace_parent_id = below.id
        WHERE below.depth < ${deepest}),
    shown AS (
      SELECT l.id, l.type, coalesce(l.start_time, l.created_at) AS at, ${changed('l', 'r')} AS changed
      FROM below JOIN log l ON l.organization_id = ${organizationId} AND l.id = below.id
      LEFT JOIN run r ON r.organization_id = ${organizationId} AND r.log_id = l.id),
    spans AS (
      SELECT at, id AS "logId", 0 AS number FROM shown WHERE changed
      UNION ALL
      -- A turn does not come before its log: those of a fork are older than it.
      SELECT greatest(t.started_at, shown.at), t.log_id, t.number
      FROM shown JOIN turn t ON t.organization_id = ${organizationId} AND t.log_id = shown.id
      LEFT JOIN turn next ON next.organization_id = ${organizationId}
        AND next.log_id = t.log_id AND next.number = t.number + 1
      WHERE ${isSpan} AND (${changed('t', 'next')} OR (next.number IS NULL AND shown.changed)))
    SELECT * FROM spans
    WHERE ${after ? sql`(at, "logId", number) > (${after.at}, ${after.logId}, ${after.number})` : sql`true`}
    ORDER BY at, "logId", number LIMIT ${limit}`.execute(db);
  return rows;
}

const conversations = fileKinds.flatMap(({ type, log }) =>
  log?.turns === 'conversation' ? [type] : [],
);

/** Whether a turn is a span of its own: see `hasSamples`. */
const isSpan = sql`(shown.type = ANY(${conversations}::text[]) OR t.error IS NOT NULL
  OR EXISTS (SELECT FROM turn other WHERE other.organization_id = t.organization_id
    AND other.log_id = t.log_id AND other.number <> t.number))`;

/**
 * Whether a row was written by a transaction that had not ended when `since` was read. A row has the
 * lower half of the number of that transaction. The numbers go round, so they are compared as
 * distances; a row that is older than half the round may be taken for a new one, and comes again.
 */
function isNewer(since: string) {
  const low = BigInt(since) % 4_294_967_296n;
  return (table: string): RawBuilder<unknown> =>
    sql`((${sql.ref(`${table}.xmin`)}::text::bigint - ${String(low)}::bigint) & 4294967295) < 2147483648`;
}
