import { type RawBuilder, sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import { comparableContent, contentHash } from '../content-queries.ts';
import { isReady } from '../ready-queries.ts';

/** Chooses datapoints of a version of a dataset. */
export interface DatapointChoice {
  readonly datasetVersionId: string;
  /** Only these; undefined: all. */
  readonly ids: readonly string[] | undefined;
  /** Only datapoints whose inputs have these values. */
  readonly inputs: Readonly<Record<string, unknown>> | undefined;
}

/** How many datapoints match. */
export async function countDatapoints(
  workspace: Workspace,
  choice: DatapointChoice,
): Promise<number> {
  const { rows } = await sql<{ total: number }>`SELECT count(*) AS total
    ${chosenDatapoints(workspace, choice)}`.execute(workspace.db);
  return rows[0]?.total ?? 0;
}

/** Those of some ids that are no datapoints of a version. */
export async function findForeignDatapoints(
  { organizationId, db }: Workspace,
  datasetVersionId: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`SELECT id FROM unnest(${[...ids]}::text[]) given (id)
    WHERE id NOT IN (SELECT datapoint_id FROM version_datapoint
      WHERE organization_id = ${organizationId} AND version_id = ${datasetVersionId})`.execute(db);
  return rows.map(({ id }) => id);
}

/**
 * Adds the slots of a new Run, whose row is there: for each datapoint, in the order of the dataset, one for each trial.
 *
 * @param size how many datapoints to draw. The draw depends on the ids of the Run and of the
 *   datapoints alone.
 */
export async function insertDatapointSlots(
  workspace: Workspace,
  runId: string,
  choice: DatapointChoice,
  { size, trials }: { readonly size: number; readonly trials: number },
): Promise<void> {
  const { organizationId, db } = workspace;
  const hash = contentHash(comparableContent(sql`p.inputs`, sql`p.messages`));
  await sql`
    INSERT INTO evaluation_slot (organization_id, run_id, position, trial, datapoint_id,
      content_hash)
    SELECT ${organizationId}, ${runId},
      row_number() OVER (ORDER BY drawn.position, trial) - 1, trial, drawn.datapoint_id,
      CASE WHEN NOT r.orchestrated THEN (SELECT ${hash} FROM datapoint p
        WHERE p.organization_id = ${organizationId} AND p.id = drawn.datapoint_id) END
    FROM evaluation_run r CROSS JOIN (SELECT d.position, d.datapoint_id ${chosenDatapoints(workspace, choice)}
        ORDER BY hashtextextended(d.datapoint_id, hashtextextended(${runId}, 0)), d.position
        LIMIT ${size}) drawn
      CROSS JOIN generate_series(0, ${trials}::int - 1) trial
    WHERE r.organization_id = ${organizationId} AND r.id = ${runId}`.execute(db);
}

function chosenDatapoints(
  { organizationId }: Workspace,
  { datasetVersionId, ids, inputs }: DatapointChoice,
): RawBuilder<unknown> {
  const hasIds = ids ? sql`d.datapoint_id = ANY(${[...ids]}::text[])` : sql`true`;
  const hasInputs = inputs
    ? sql`EXISTS (SELECT FROM datapoint p WHERE p.organization_id = ${organizationId}
        AND p.id = d.datapoint_id AND NOT EXISTS (
          SELECT FROM jsonb_each(${JSON.stringify(inputs)}::jsonb) wanted
          WHERE p.inputs::jsonb -> wanted.key IS DISTINCT FROM wanted.value))`
    : sql`true`;
  return sql`FROM version_datapoint d WHERE d.organization_id = ${organizationId}
    AND d.version_id = ${datasetVersionId} AND ${hasIds} AND ${hasInputs}`;
}

/**
 * The newest logs of a version that fit the empty slots of a Run: ready, without an error, and made
 * from the datapoints. As many for a datapoint as it has slots.
 *
 * @returns the ids of the logs.
 */
export async function findLogsToReuse(
  workspace: Workspace,
  runId: string,
  versionId: string,
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`SELECT reused.id
    FROM (${reusedLogs(workspace, { runId, versionId }, sql`true`)}) reused`.execute(workspace.db);
  return rows.map(({ id }) => id);
}

/**
 * Puts logs that {@link findLogsToReuse} found into slots.
 *
 * @param workspace in a transaction that has locked these logs.
 */
export async function reuseLogs(
  workspace: Workspace,
  run: { readonly runId: string; readonly versionId: string },
  logIds: readonly string[],
): Promise<void> {
  const { organizationId, db } = workspace;
  const isHeld = sql`l.id = ANY(${[...logIds]}::text[])`;
  await sql`UPDATE evaluation_slot s SET log_id = reused.id, state = 'ready', origin = 'existing',
      filled_at = now()
    FROM (${reusedLogs(workspace, run, isHeld)}) reused
    WHERE s.organization_id = ${organizationId} AND s.run_id = ${run.runId}
      AND s.position = reused.position AND s.state = 'empty'`.execute(db);
}

/**
 * Pairs of a slot's position and the id of a log. Lists of logs are joined, not numbered rows:
 * Postgres would expect one row of such a join, and compare each slot with each log.
 *
 * @param which a further condition on the logs `l`.
 */
function reusedLogs(
  { organizationId }: Workspace,
  { runId, versionId }: { readonly runId: string; readonly versionId: string },
  which: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`SELECT position, id FROM (
      SELECT slot.position, found.ids[slot.number] AS id
      FROM (SELECT position, datapoint_id,
          row_number() OVER (PARTITION BY datapoint_id ORDER BY position) AS number
        FROM evaluation_slot WHERE organization_id = ${organizationId} AND run_id = ${runId}
          AND state = 'empty' AND datapoint_id IS NOT NULL) slot
      JOIN (SELECT l.source_datapoint_id,
          array_agg(l.id ORDER BY l.created_at DESC, l.id DESC) AS ids
        FROM log l
        WHERE l.organization_id = ${organizationId} AND l.version_id = ${versionId}
          AND l.source_datapoint_id IS NOT NULL AND l.error IS NULL AND l.save AND ${isReady()}
          AND ${which}
        GROUP BY l.source_datapoint_id) found ON found.source_datapoint_id = slot.datapoint_id
    ) pair WHERE id IS NOT NULL`;
}

/** Draws some of these logs, and leaves them in their order. The draw depends on the ids alone. */
export async function drawLogs(
  { db }: Workspace,
  runId: string,
  logIds: readonly string[],
  size: number,
): Promise<readonly string[]> {
  if (size === logIds.length) return logIds;
  const { rows } = await sql<{ id: string }>`SELECT id FROM (
      SELECT id, number FROM unnest(${[...logIds]}::text[]) WITH ORDINALITY given (id, number)
      ORDER BY hashtextextended(id, hashtextextended(${runId}, 0)), number LIMIT ${size}) drawn
    ORDER BY number`.execute(db);
  return rows.map(({ id }) => id);
}

/** Locks logs until the transaction ends, so that they are neither changed nor deleted. */
export async function holdLogs(
  { organizationId, db }: Workspace,
  ids: readonly string[],
): Promise<readonly HeldLog[]> {
  const { rows } = await sql<HeldLog>`SELECT l.id, l.file_id AS "fileId" FROM log l
    WHERE l.organization_id = ${organizationId} AND l.id = ANY(${[...ids]}::text[])
    ORDER BY l.id FOR SHARE`.execute(db);
  return rows;
}

/** A log that is locked. */
export interface HeldLog {
  readonly id: string;
  readonly fileId: string;
}

/**
 * Adds a slot for each log, in the order of the ids.
 *
 * @param workspace in a transaction that has locked these logs.
 */
export async function insertLogSlots(
  { organizationId, db }: Workspace,
  runId: string,
  logIds: readonly string[],
): Promise<void> {
  await sql`
    INSERT INTO evaluation_slot (organization_id, run_id, position, state, log_id, origin, filled_at)
    SELECT ${organizationId}, ${runId}, row_number() OVER (ORDER BY given.number) - 1,
      ${stateOfLog}, l.id, 'existing', now()
    FROM unnest(${[...logIds]}::text[]) WITH ORDINALITY given (id, number)
    JOIN log l ON l.organization_id = ${organizationId} AND l.id = given.id`.execute(db);
}

/**
 * Adds logs to a Run. A log that was made from a datapoint takes the datapoint's first empty slot;
 * the others get slots of their own at the end. Logs that have a slot already are passed over.
 *
 * @param workspace in a transaction that has locked these logs, and the Run for a change.
 * @returns how many were added.
 */
export async function addLogsToSlots(
  { organizationId, db }: Workspace,
  runId: string,
  logIds: readonly string[],
): Promise<number> {
  const { rows } = await sql<{ added: number }>`
    WITH slots AS MATERIALIZED (SELECT position, datapoint_id, state, log_id FROM evaluation_slot
        WHERE organization_id = ${organizationId} AND run_id = ${runId}),
      added AS MATERIALIZED (
        SELECT l.id, given.number, ${stateOfLog} AS state, l.source_datapoint_id,
          row_number() OVER (PARTITION BY l.source_datapoint_id ORDER BY given.number) AS turn
        FROM unnest(${[...logIds]}::text[]) WITH ORDINALITY given (id, number)
        JOIN log l ON l.organization_id = ${organizationId} AND l.id = given.id
        WHERE l.id NOT IN (SELECT log_id FROM slots WHERE log_id IS NOT NULL)),
      empty AS MATERIALIZED (SELECT datapoint_id, array_agg(position ORDER BY position) AS positions
        FROM slots WHERE state = 'empty' AND datapoint_id IS NOT NULL GROUP BY datapoint_id),
      filling AS MATERIALIZED (SELECT added.id, added.state, empty.positions[added.turn] AS position
        FROM added JOIN empty ON empty.datapoint_id = added.source_datapoint_id),
      filled AS (UPDATE evaluation_slot s
        SET log_id = filling.id, state = filling.state, origin = 'added', filled_at = now()
        FROM filling
        WHERE s.organization_id = ${organizationId} AND s.run_id = ${runId}
          AND s.position = filling.position),
      appended AS (
        INSERT INTO evaluation_slot
          (organization_id, run_id, position, state, log_id, origin, filled_at)
        SELECT ${organizationId}, ${runId},
          (SELECT coalesce(max(position), -1) FROM slots) + row_number() OVER (ORDER BY number),
          state, id, 'added', now()
        FROM added
        WHERE id NOT IN (SELECT id FROM filling WHERE position IS NOT NULL))
    SELECT count(*) AS added FROM added`.execute(db);
  return rows[0]?.added ?? 0;
}

const stateOfLog = sql`CASE WHEN ${isReady()} THEN 'ready' ELSE 'started' END`;
