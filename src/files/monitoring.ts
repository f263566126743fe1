import type { EvaluatorChoice, MonitoringUpdate } from '../contract/monitoring.ts';
import { inTransaction, type Workspace } from '../database/workspace.ts';
import type { Timestamp } from '../kernel/clock.ts';
import { invalid } from '../kernel/errors.ts';
import { listEnvironments } from './deployment-queries.ts';
import { requireEnvironment } from './environments.ts';
import { fileNotFound, versionNotFound } from './errors.ts';
import {
  findFile,
  findLinkedVersions,
  findShownVersion,
  findVersionsById,
} from './file-queries.ts';
import { type Environment, type FileVersion, isOfKind } from './file-version.ts';
import type { FileKind } from './kind.ts';
import { evaluatorKind } from './kinds/evaluator.ts';
import {
  activateEvaluator,
  deactivateEvaluator,
  type EvaluatorReference,
  listMonitoring,
  type MonitoringRow,
} from './monitoring-queries.ts';
import { requireFile } from './resolve-version.ts';
import { lockFile } from './version-queries.ts';

/** An evaluator that monitors, or has monitored, the logs of a file. */
export interface MonitoringEvaluator {
  /** The version that monitors. If none is deployed, the version that answers show. */
  readonly evaluator: FileVersion;
  /** False: the evaluator follows an environment to which no version is deployed. */
  readonly isDeployed: boolean;
  /** The environment that the evaluator follows; undefined if it is a fixed version. */
  readonly environment: Environment | undefined;
  readonly state: 'active' | 'inactive';
  /** The share of logs that it judges. */
  readonly sampleRate: number;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
}

/**
 * Activates and deactivates evaluators that monitor the logs of a file. Repeating an update changes
 * nothing.
 *
 * @throws `file_not_found`, `version_not_found`, `environment_not_found` (all not_found); `invalid`
 *   for an evaluator that needs a target, which logs do not have, or that would monitor itself.
 */
export async function updateMonitoring(
  workspace: Workspace,
  kind: FileKind,
  fileId: string,
  { activate, deactivate }: MonitoringUpdate,
): Promise<void> {
  await inTransaction(workspace, async (workspace) => {
    // Lock the file: two updates that name the same evaluators in different orders could deadlock.
    await lockFile(workspace, fileId);
    await requireFile(workspace, kind, fileId);
    for (const choice of deactivate ?? []) {
      const { reference } = await findEvaluator(workspace, choice);
      await deactivateEvaluator(workspace, fileId, reference);
    }
    for (const [index, choice] of (activate ?? []).entries()) {
      const { reference, version } = await findEvaluator(workspace, choice);
      requireTargetFree(version, ['body', 'activate', index]);
      if (reference.evaluatorId === fileId) {
        throw invalid(['body', 'activate', index], 'An evaluator cannot monitor its own logs.');
      }
      await activateEvaluator(workspace, fileId, reference, choice.sample_rate ?? undefined);
    }
  });
}

/** The evaluators of some files, by file id, without those that were deleted. */
export async function loadMonitoring(
  workspace: Workspace,
  fileIds: readonly string[],
): Promise<ReadonlyMap<string, readonly MonitoringEvaluator[]>> {
  const rows = await listMonitoring(workspace, fileIds);
  if (rows.length === 0) return new Map();
  const environments = await listEnvironments(workspace);
  const versions = await findLinkedVersions(
    workspace,
    rows.map(({ evaluatorId: fileId, versionId, environmentId }) => ({
      fileId,
      versionId,
      environmentId,
    })),
  );
  const result = new Map<string, MonitoringEvaluator[]>();
  for (const [index, row] of rows.entries()) {
    const version = versions[index];
    const evaluator = version ?? (await shownEvaluator(workspace, row));
    if (!evaluator) continue;
    const environment = environments.find(({ id }) => id === row.environmentId);
    const { state, sampleRate, createdAt, updatedAt } = row;
    const monitor = { evaluator, isDeployed: version !== undefined, environment };
    const before = result.get(row.fileId) ?? [];
    result.set(row.fileId, [...before, { ...monitor, state, sampleRate, createdAt, updatedAt }]);
  }
  return result;
}

/** The version that answers show if no version is deployed to the environment of a reference. */
async function shownEvaluator(
  workspace: Workspace,
  { evaluatorId, versionId }: MonitoringRow,
): Promise<FileVersion | undefined> {
  if (versionId !== undefined) return undefined;
  return findShownVersion(workspace, { by: 'id', value: evaluatorId });
}

/** The evaluator of a request; `version` is undefined if none is deployed to its environment. */
interface ChosenEvaluator {
  readonly reference: EvaluatorReference;
  readonly version: FileVersion<'evaluator'> | undefined;
}

async function findEvaluator(
  workspace: Workspace,
  choice: EvaluatorChoice,
): Promise<ChosenEvaluator> {
  if ('evaluator_version_id' in choice) {
    const { evaluator_version_id: versionId } = choice;
    const version = (await findVersionsById(workspace, [versionId])).get(versionId);
    if (!isOfKind(version, evaluatorKind) || version.isDeleted) throw versionNotFound(versionId);
    const reference = { evaluatorId: version.id, versionId, environmentId: undefined };
    return { reference, version };
  }
  const { evaluator_id: evaluatorId } = choice;
  const file = await findFile(workspace, { by: 'id', value: evaluatorId });
  if (file?.type !== evaluatorKind.type) throw fileNotFound(evaluatorId);
  const { id: environmentId } = await requireEnvironment(workspace, choice.environment_id);
  const link = { fileId: evaluatorId, versionId: undefined, environmentId };
  const [found] = await findLinkedVersions(workspace, [link]);
  const version = isOfKind(found, evaluatorKind) ? found : undefined;
  return { reference: { evaluatorId, versionId: undefined, environmentId }, version };
}

function requireTargetFree(
  version: FileVersion<'evaluator'> | undefined,
  loc: readonly (string | number)[],
): void {
  if (version?.spec.spec.arguments_type !== 'target_required') return;
  throw invalid(
    loc,
    `Evaluator \`${version.path}\` cannot monitor logs: it needs a target, and logs do not have one.`,
  );
}
