import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';

/** The ids of an Evaluation's Runs. */
export async function listRunIds(
  { organizationId, db }: Workspace,
  evaluationId: string,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('evaluation_member')
    .select('run_id')
    .where('organization_id', '=', organizationId)
    .where('evaluation_id', '=', evaluationId)
    .orderBy('number')
    .execute();
  return rows.map((row) => row.run_id);
}

/** Those of some Runs that are in any Evaluation. */
export async function findRunsInEvaluations(
  { organizationId, db }: Workspace,
  runIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (runIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('evaluation_member')
    .select('run_id')
    .distinct()
    .where('organization_id', '=', organizationId)
    .where('run_id', 'in', [...runIds])
    .execute();
  return new Set(rows.map((row) => row.run_id));
}

/**
 * Puts a Run into an Evaluation.
 *
 * @returns false when it is there already.
 */
export async function insertMember(
  { organizationId, db }: Workspace,
  evaluationId: string,
  runId: string,
): Promise<boolean> {
  const rows = await db
    .insertInto('evaluation_member')
    .values({ organization_id: organizationId, evaluation_id: evaluationId, run_id: runId })
    .onConflict((conflict) => conflict.doNothing())
    .returning('run_id')
    .execute();
  return rows.length > 0;
}

/**
 * Takes a Run out of an Evaluation.
 *
 * @returns false when it is not in it.
 */
export async function deleteMember(
  { organizationId, db }: Workspace,
  evaluationId: string,
  runId: string,
): Promise<boolean> {
  const { rows } = await sql`DELETE FROM evaluation_member
    WHERE organization_id = ${organizationId} AND evaluation_id = ${evaluationId}
      AND run_id = ${runId} RETURNING run_id`.execute(db);
  return rows.length > 0;
}

/**
 * Makes a Run the control of an Evaluation, or makes it no longer the control.
 *
 * @param workspace in a transaction that has locked the Evaluation: two Runs that become the control
 *   at once would violate `evaluation_control`.
 */
export async function setControl(
  { organizationId, db }: Workspace,
  evaluationId: string,
  { runId, isControl }: { readonly runId: string; readonly isControl: boolean },
): Promise<void> {
  const change = (value: boolean) =>
    db
      .updateTable('evaluation_member')
      .set({ is_control: value })
      .where('organization_id', '=', organizationId)
      .where('evaluation_id', '=', evaluationId);
  // Clear the former control first: the unique index is checked row by row.
  const former = change(false).where('is_control', '=', true);
  await (isControl ? former : former.where('run_id', '=', runId)).execute();
  if (isControl) await change(true).where('run_id', '=', runId).execute();
}
