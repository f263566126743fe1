import { sql } from 'kysely';
import type { Tables } from '../../database/tables.ts';
import type { Workspace } from '../../database/workspace.ts';

/** The row of a Run of an Evaluation. */
export type EvaluationRunRow = Omit<Tables['evaluation_run'], 'organization_id'> & {
  options: unknown;
  is_closed: boolean;
  created_at: string;
};

/**
 * Locks Runs until the transaction ends, in the order of their ids.
 *
 * - `judge`: to add judgments of their logs. Many transactions may hold it at once;
 * - `change`: to change their status, slots or tasks. It waits for those, and they for it.
 *
 * Read what you decide by in a statement after this one: a statement that waits for a lock still
 * sees the other tables as they were before.
 *
 * @param workspace in a transaction.
 * @returns the Runs that exist.
 */
export async function lockRuns(
  { db, organizationId }: Workspace,
  runIds: readonly string[],
  strength: 'judge' | 'change',
): Promise<readonly EvaluationRunRow[]> {
  if (runIds.length === 0) return [];
  const { rows } = await sql<EvaluationRunRow>`/* hot */ SELECT * FROM evaluation_run
    WHERE organization_id = ${organizationId} AND id = ANY(${[...runIds]}::text[])
    ORDER BY id ${strength === 'judge' ? sql`FOR SHARE` : sql`FOR NO KEY UPDATE`}`.execute(db);
  return rows;
}
