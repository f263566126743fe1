import { type RawBuilder, sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import type { Evaluation } from './evaluation.ts';

/** An Evaluation as it is stored. */
export type EvaluationRow = Omit<Evaluation, 'evaluators' | 'status'>;

/** Evaluations of files that were not deleted; the deleted ones are left out. */
function selectEvaluations(
  { organizationId, db }: Workspace,
  chosen: RawBuilder<unknown>,
): Promise<{ rows: EvaluationRow[] }> {
  return sql<EvaluationRow>`
    SELECT e.id, e.file_id AS "fileId", e.name, e.created_at AS "createdAt",
      e.updated_at AS "updatedAt",
      (SELECT to_json(m) FROM (SELECT id, email_address, full_name FROM member
        WHERE organization_id = ${organizationId} AND id = e.created_by) m) AS "createdBy",
      (SELECT count(*) FROM evaluation_member
        WHERE organization_id = ${organizationId} AND evaluation_id = e.id) AS "runsCount"
    FROM evaluation e ${withLivingFile(organizationId)}
    WHERE e.organization_id = ${organizationId} AND ${isThere} AND ${chosen}`.execute(db);
}

const withLivingFile = (organizationId: string) =>
  sql`LEFT JOIN file f ON f.organization_id = ${organizationId} AND f.id = e.file_id`;
const isThere = sql`e.deleted_at IS NULL AND f.deleted_at IS NULL`;

/** An Evaluation; undefined when it does not exist, or it or its file was deleted. */
export async function findEvaluation(
  workspace: Workspace,
  id: string,
): Promise<EvaluationRow | undefined> {
  const { rows } = await selectEvaluations(workspace, sql`e.id = ${id}`);
  return rows[0];
}

/** One page of the Evaluations of a file, newest first. */
export async function listEvaluationRows(
  workspace: Workspace,
  fileId: string,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<readonly EvaluationRow[]> {
  const { rows } = await selectEvaluations(
    workspace,
    sql`e.file_id = ${fileId} ORDER BY e.created_at DESC, e.id DESC
      LIMIT ${size} OFFSET ${(page - 1) * size}`,
  );
  return rows;
}

/** How many Evaluations a file has. */
export async function countEvaluations(
  { organizationId, db }: Workspace,
  fileId: string,
): Promise<number> {
  const { rows } = await sql<{ total: number }>`SELECT count(*) AS total FROM evaluation
    WHERE organization_id = ${organizationId} AND file_id = ${fileId} AND deleted_at IS NULL`.execute(
    db,
  );
  return rows[0]?.total ?? 0;
}

/** The columns that locking an Evaluation reads. */
export interface LockedEvaluation {
  readonly id: string;
  readonly fileId: string | null;
}

/**
 * Locks an Evaluation until the transaction ends: nobody else changes its evaluators and Runs. Lock
 * it before logs and Runs.
 *
 * @returns undefined when it does not exist, or it or its file was deleted.
 */
export async function lockEvaluation(
  { organizationId, db }: Workspace,
  id: string,
): Promise<LockedEvaluation | undefined> {
  const { rows } = await sql<LockedEvaluation>`SELECT e.id, e.file_id AS "fileId"
    FROM evaluation e ${withLivingFile(organizationId)}
    WHERE e.organization_id = ${organizationId} AND e.id = ${id} AND ${isThere}
    FOR NO KEY UPDATE OF e`.execute(db);
  return rows[0];
}

/** Adds an Evaluation. Throws a duplicate of `evaluation_name_key` when its name is taken. */
export async function insertEvaluation(
  { organizationId, memberId, db }: Workspace,
  { id, fileId, name }: Pick<EvaluationRow, 'id' | 'fileId' | 'name'>,
): Promise<void> {
  await db
    .insertInto('evaluation')
    .values({
      organization_id: organizationId,
      id,
      file_id: fileId,
      name,
      created_by: memberId,
      deleted_at: null,
    })
    .execute();
}

/** The Evaluation of a file that has a name. */
export async function findEvaluationNamed(
  { organizationId, db }: Workspace,
  fileId: string,
  name: string,
): Promise<{ readonly id: string } | undefined> {
  return db
    .selectFrom('evaluation')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('file_id', '=', fileId)
    .where('name', '=', name)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
}

/** Notes that the evaluators or Runs of an Evaluation have changed. */
export async function touchEvaluation(
  { organizationId, db }: Workspace,
  id: string,
): Promise<void> {
  await db
    .updateTable('evaluation')
    .set({ updated_at: sql<string>`now()` })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .execute();
}

/**
 * Gives an Evaluation its file. Throws a duplicate of `evaluation_name_key` when another Evaluation
 * of the file has its name.
 */
export async function setFile(
  { organizationId, db }: Workspace,
  id: string,
  fileId: string,
): Promise<void> {
  await db
    .updateTable('evaluation')
    .set({ file_id: fileId })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .execute();
}

/** Removes an Evaluation and its Runs from everywhere. Its name can be used again. */
export async function markEvaluationDeleted(
  { organizationId, db }: Workspace,
  id: string,
): Promise<void> {
  await sql`WITH gone AS (DELETE FROM evaluation_member
      WHERE organization_id = ${organizationId} AND evaluation_id = ${id})
    UPDATE evaluation SET deleted_at = now()
    WHERE organization_id = ${organizationId} AND id = ${id}`.execute(db);
}
