import { sql } from 'kysely';
import { json, type Workspace } from '../../database/workspace.ts';
import type { EvaluationRun } from './evaluation-run.ts';

/** A Run in an Evaluation, as it is stored. */
export interface MemberRow
  extends Omit<EvaluationRun, 'dataset' | 'version' | 'progress' | 'cost'> {
  readonly versionId: string | null;
  readonly datasetVersionId: string | null;
}

/** The Runs of an Evaluation, newest first; only those with these ids, if any are given. */
export async function listMemberRows(
  { organizationId, db }: Workspace,
  evaluationId: string,
  runIds?: readonly string[],
): Promise<readonly MemberRow[]> {
  const { rows } = await sql<MemberRow>`
    SELECT r.id, r.version_id AS "versionId", r.dataset_version_id AS "datasetVersionId",
      r.orchestrated, r.status, r.name, r.metadata, r.options, r.error,
      r.created_at AS "createdAt", m.added_at AS "addedAt", m.is_control AS "isControl",
      (SELECT to_json(c) FROM (SELECT id, email_address, full_name FROM member
        WHERE organization_id = ${organizationId} AND id = r.created_by) c) AS "createdBy"
    FROM evaluation_member m
    JOIN evaluation_run r ON r.organization_id = ${organizationId} AND r.id = m.run_id
    WHERE m.organization_id = ${organizationId} AND m.evaluation_id = ${evaluationId}
      AND ${runIds ? sql`m.run_id = ANY(${[...runIds]}::text[])` : sql`true`}
    ORDER BY m.number DESC`.execute(db);
  return rows;
}

/** The fields of a new Run. */
export interface NewRun {
  readonly id: string;
  readonly file_id: string | null;
  readonly version_id: string | null;
  readonly dataset_version_id: string | null;
  readonly orchestrated: boolean;
  readonly name: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly options: Readonly<Record<string, unknown>>;
  readonly api_key_id: string | null;
}

/** Adds a Run that is pending, and in no Evaluation yet. */
export async function insertRun(
  { organizationId, memberId, db }: Workspace,
  { metadata, options, ...run }: NewRun,
): Promise<void> {
  await db
    .insertInto('evaluation_run')
    .values({
      ...run,
      organization_id: organizationId,
      status: 'pending',
      metadata: json(metadata),
      options: JSON.stringify(options),
      error: null,
      created_by: memberId,
      ended_at: null,
    })
    .execute();
}

/** Gives a Run its file. */
export async function setRunFile(
  { organizationId, db }: Workspace,
  runId: string,
  fileId: string,
): Promise<void> {
  await db
    .updateTable('evaluation_run')
    .set({ file_id: fileId })
    .where('organization_id', '=', organizationId)
    .where('id', '=', runId)
    .execute();
}
