import { type RawBuilder, sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';

/** A slot whose log exists. */
export interface FilledSlot {
  readonly runId: string;
  readonly logId: string;
  readonly datapointId: string | null;
}

/** How many slots of an Evaluation have a log; only those of some Runs, if any are given. */
export async function countFilledSlots(
  workspace: Workspace,
  evaluationId: string,
  runIds: readonly string[] | undefined,
): Promise<number> {
  const { rows } = await sql<{ total: number }>`SELECT count(*) AS total
    ${filledSlots(workspace, evaluationId, runIds)}`.execute(workspace.db);
  return rows[0]?.total ?? 0;
}

/**
 * One page of the slots of an Evaluation that have a log: newest Runs first, in a Run in the order
 * of the dataset, trial after trial. Logs that came for a datapoint later stand with the others.
 */
export async function listFilledSlots(
  workspace: Workspace,
  evaluationId: string,
  {
    runIds,
    page,
    size,
  }: {
    readonly runIds: readonly string[] | undefined;
    readonly page: number;
    readonly size: number;
  },
): Promise<readonly FilledSlot[]> {
  const { rows } = await sql<FilledSlot>`
    SELECT s.run_id AS "runId", s.log_id AS "logId", s.datapoint_id AS "datapointId"
    ${filledSlots(workspace, evaluationId, runIds)}
    ORDER BY m.number DESC,
      min(s.position) OVER (PARTITION BY s.run_id, coalesce(s.datapoint_id, s.log_id)),
      s.trial, s.position
    LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(workspace.db);
  return rows;
}

function filledSlots(
  { organizationId }: Workspace,
  evaluationId: string,
  runIds: readonly string[] | undefined,
): RawBuilder<unknown> {
  return sql`FROM evaluation_member m
    JOIN evaluation_slot s ON s.organization_id = ${organizationId} AND s.run_id = m.run_id
    JOIN log l ON l.organization_id = ${organizationId} AND l.id = s.log_id
    WHERE m.organization_id = ${organizationId} AND m.evaluation_id = ${evaluationId}
      AND ${runIds ? sql`m.run_id = ANY(${[...runIds]}::text[])` : sql`true`}`;
}
