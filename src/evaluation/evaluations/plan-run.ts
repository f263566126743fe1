import type { EvaluationRunRequest } from '../../contract/evaluation-run.ts';
import type { Workspace } from '../../database/workspace.ts';
import { versionNotFound } from '../../files/errors.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { datasetKind } from '../../files/kinds/dataset.ts';
import { getFile, hasVersion } from '../../files/read-files.ts';
import { invalid } from '../../kernel/errors.ts';
import { evaluatedKinds } from './evaluated-kinds.ts';
import { findReferredVersion } from './references.ts';

const datasets = new Set([datasetKind.type]);

/** What a request for a Run names. */
export interface PlannedRun {
  readonly request: EvaluationRunRequest;
  readonly dataset: FileVersion<'dataset'> | undefined;
  readonly version: FileVersion | undefined;
  /** True: the server makes the logs. */
  readonly orchestrated: boolean;
}

/**
 * Finds what a request for a Run names.
 *
 * @throws `invalid` for fields that do not go together; what `findReferredVersion` throws.
 */
export async function planRun(
  workspace: Workspace,
  request: EvaluationRunRequest,
): Promise<PlannedRun> {
  const hasBoth = Boolean(request.dataset && request.version);
  const orchestrated = request.orchestrated ?? hasBoth;
  if (orchestrated || request.use_existing_logs) requireBoth(request);
  refuseWithoutDataset(request);
  const dataset = request.dataset
    ? await findReferredVersion(workspace, datasets, request.dataset, ['body', 'dataset'])
    : undefined;
  const version = request.version
    ? await findReferredVersion(workspace, evaluatedKinds, request.version, ['body', 'version'])
    : undefined;
  if (request.logs) await requireLogged(workspace, request.logs);
  return { request, dataset, version, orchestrated };
}

/** @throws `file_not_found`, `version_not_found` for logs of an unknown file or version. */
export async function requireLogged(
  workspace: Workspace,
  logs: Pick<NonNullable<EvaluationRunRequest['logs']>, 'file_id' | 'version_id'>,
): Promise<void> {
  const file = await getFile(workspace, logs.file_id);
  if (logs.version_id && !(await hasVersion(workspace, file, logs.version_id))) {
    throw versionNotFound(logs.version_id);
  }
}

/** @throws `invalid` for a request that lacks a dataset or a version. */
function requireBoth(request: EvaluationRunRequest): void {
  const field = request.orchestrated ? 'orchestrated' : 'use_existing_logs';
  for (const needed of ['dataset', 'version'] as const) {
    if (request[needed]) continue;
    throw invalid(['body', needed], `Field required with \`${field}: true\``, 'missing');
  }
}

/** @throws `invalid` for options that choose datapoints, and for logs beside a dataset or version. */
function refuseWithoutDataset(request: EvaluationRunRequest): void {
  for (const field of ['trials', 'sample', 'datapoints'] as const) {
    if (request[field] != null && !request.dataset) {
      throw invalid(['body', field], `Give a \`dataset\` for \`${field}\`.`);
    }
  }
  if (request.logs && (request.dataset || request.version)) {
    throw invalid(['body', 'logs'], 'Give `logs`, or a `dataset` and a `version`, not both.');
  }
}
