import { sql } from 'kysely';
import type { Workspace } from '../database/workspace.ts';
import type { Timestamp } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';

/** An evaluator: one version of it, or the one deployed to an environment. */
export interface EvaluatorReference {
  readonly evaluatorId: string;
  readonly versionId: string | undefined;
  readonly environmentId: string | undefined;
}

/** A stored reference from a file to an evaluator that monitors its logs. */
export interface MonitoringRow extends EvaluatorReference {
  readonly fileId: string;
  readonly state: 'active' | 'inactive';
  readonly sampleRate: number;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
}

/** The evaluators that monitor some files, active or not, in the order in which they were added. */
export async function listMonitoring(
  workspace: Workspace,
  fileIds: readonly string[],
): Promise<readonly MonitoringRow[]> {
  if (fileIds.length === 0) return [];
  const rows = await workspace.db
    .selectFrom('monitoring_evaluator')
    .selectAll()
    .where('organization_id', '=', workspace.organizationId)
    .where('file_id', 'in', [...fileIds])
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    fileId: row.file_id,
    evaluatorId: row.evaluator_id,
    versionId: row.version_id ?? undefined,
    environmentId: row.environment_id ?? undefined,
    state: row.state,
    sampleRate: row.sample_rate,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
}

/**
 * Makes an evaluator monitor a file. No effect if it already does, at this rate.
 *
 * @param sampleRate the share of logs that it judges. Undefined: it keeps its rate; a new one judges
 *   all logs.
 */
export async function activateEvaluator(
  workspace: Workspace,
  fileId: string,
  { evaluatorId, versionId, environmentId }: EvaluatorReference,
  sampleRate: number | undefined,
): Promise<void> {
  const rate = sampleRate === undefined ? {} : { sample_rate: sampleRate };
  await workspace.db
    .insertInto('monitoring_evaluator')
    .values({
      organization_id: workspace.organizationId,
      id: newId('mon'),
      file_id: fileId,
      evaluator_id: evaluatorId,
      version_id: versionId ?? null,
      environment_id: environmentId ?? null,
      state: 'active',
      ...rate,
    })
    .onConflict((conflict) =>
      conflict
        .constraint('monitoring_evaluator_key')
        .doUpdateSet({ state: 'active', ...rate, updated_at: sql<string>`now()` })
        .where(({ eb, or }) =>
          or([
            eb('monitoring_evaluator.state', '=', 'inactive'),
            eb(
              'monitoring_evaluator.sample_rate',
              '<>',
              sampleRate ?? sql.ref<number>('monitoring_evaluator.sample_rate'),
            ),
          ]),
        ),
    )
    .execute();
}

/** Stops an evaluator from monitoring a file. No effect if it does not. */
export async function deactivateEvaluator(
  workspace: Workspace,
  fileId: string,
  { evaluatorId, versionId, environmentId }: EvaluatorReference,
): Promise<void> {
  await workspace.db
    .updateTable('monitoring_evaluator')
    .set({ state: 'inactive', updated_at: sql<string>`now()` })
    .where('organization_id', '=', workspace.organizationId)
    .where('file_id', '=', fileId)
    .where('evaluator_id', '=', evaluatorId)
    .where('version_id', 'is not distinct from', versionId ?? null)
    .where('environment_id', 'is not distinct from', environmentId ?? null)
    .where('state', '=', 'active')
    .execute();
}
