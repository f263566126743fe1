import { sql } from 'kysely';
import { json, type Workspace } from '../../database/workspace.ts';

/** The stored statistics of a Run in an Evaluation. */
export interface KeptRow {
  readonly runId: string;
  readonly stats: unknown;
}

/** The statistics that are stored for an Evaluation; none that are being computed. */
export async function listKept(
  { organizationId, db }: Workspace,
  evaluationId: string,
  runIds: readonly string[],
): Promise<readonly KeptRow[]> {
  if (runIds.length === 0) return [];
  const { rows } = await sql<KeptRow>`SELECT run_id AS "runId", stats FROM evaluation_run_stats
    WHERE organization_id = ${organizationId} AND run_id = ANY(${[...runIds]}::text[])
      AND evaluation_id = ${evaluationId} AND stats IS NOT NULL`.execute(db);
  return rows;
}

/**
 * Reserves the place of a Run's statistics. The reservation is gone as soon as what they are
 * computed from changes.
 *
 * @param workspace in a transaction that has locked the Run for a change.
 */
export async function reserveKept(
  { organizationId, db }: Workspace,
  row: { readonly evaluationId: string; readonly runId: string; readonly reservation: string },
): Promise<void> {
  await sql`INSERT INTO evaluation_run_stats (organization_id, run_id, evaluation_id, reservation)
    VALUES (${organizationId}, ${row.runId}, ${row.evaluationId}, ${row.reservation})
    ON CONFLICT (organization_id, run_id, evaluation_id)
      DO UPDATE SET reservation = excluded.reservation, stats = NULL`.execute(db);
}

/** Stores statistics, unless their reservation is gone. */
export async function fillKept(
  { organizationId, db }: Workspace,
  row: {
    readonly evaluationId: string;
    readonly runId: string;
    readonly reservation: string;
    readonly stats: unknown;
  },
): Promise<void> {
  await sql`UPDATE evaluation_run_stats SET stats = ${json(row.stats)}
    WHERE organization_id = ${organizationId} AND run_id = ${row.runId}
      AND evaluation_id = ${row.evaluationId} AND reservation = ${row.reservation}`.execute(db);
}
