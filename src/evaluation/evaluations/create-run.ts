import type { EvaluationRunRequest } from '../../contract/evaluation-run.ts';
import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { newId } from '../../kernel/ids.ts';
import type { RuntimeParts } from '../../runtime/kinds/runtime-parts.ts';
import { evaluationNotFound } from '../errors.ts';
import { completeRuns } from '../runs/run-status.ts';
import { beginRuns } from '../runs/status-queries.ts';
import { addTasks } from '../tasks/task-queries.ts';
import { lockEvaluation, touchEvaluation } from './evaluation-queries.ts';
import type { EvaluationRun } from './evaluation-run.ts';
import { requireFileOf, takeFile } from './file-of-evaluation.ts';
import { insertMember } from './member-queries.ts';
import { requireServerWork } from './orchestratable.ts';
import { planRun } from './plan-run.ts';
import { getEvaluation } from './read-evaluations.ts';
import { getRun } from './read-runs.ts';
import { insertRun } from './run-queries.ts';
import { fillSlots, planSlots } from './slots.ts';

/**
 * Creates a Run of an Evaluation, with a slot for each log that it will have. The rest happens by
 * itself. Everything is checked before anything is written.
 *
 * @param keyId the API key of the request. A log of an SDK that names no Run belongs to one of the
 *   same key.
 * @throws `evaluation_not_found`, `version_not_found`, `file_not_found`, `environment_not_found`,
 *   `nothing_deployed` (all not_found); `not_orchestratable`, `missing_provider_key`, `invalid`.
 */
export async function createRun(
  parts: RuntimeParts,
  workspace: Workspace,
  evaluationId: string,
  { request, keyId }: { readonly request: EvaluationRunRequest; readonly keyId: string | null },
): Promise<EvaluationRun> {
  const evaluation = await getEvaluation(workspace, evaluationId);
  const planned = await planRun(workspace, request);
  const { version, dataset, orchestrated } = planned;
  const fileId = version?.id ?? request.logs?.file_id ?? null;
  if (fileId !== null) requireFileOf(evaluation, fileId, ['body', version ? 'version' : 'logs']);
  await requireServerWork(
    parts,
    workspace,
    orchestrated ? (version ?? null) : null,
    evaluation.evaluators,
  );
  const slots = await planSlots(workspace, planned);
  const runId = newId('run');
  await inTransaction(workspace, async (workspace) => {
    const locked = await lockEvaluation(workspace, evaluationId);
    if (!locked) throw evaluationNotFound(evaluationId);
    if (fileId !== null) await takeFile(workspace, evaluation, fileId);
    await insertRun(workspace, {
      id: runId,
      file_id: fileId ?? locked.fileId,
      version_id: version?.versionId ?? null,
      dataset_version_id: dataset?.versionId ?? null,
      orchestrated,
      name: request.name ?? null,
      metadata: request.metadata ?? null,
      options: readOptions(request),
      api_key_id: keyId,
    });
    await insertMember(workspace, evaluationId, runId);
    await touchEvaluation(workspace, evaluationId);
    if (await fillSlots(workspace, runId, slots)) {
      await beginRuns(workspace, [runId]);
      await addTasks(workspace, [runId]);
    }
  });
  await completeRuns(workspace, [runId]);
  return getRun(workspace, evaluationId, runId);
}

/** The options of a Run that are stored and shown: those that the request gives. */
function readOptions({
  dataset,
  version,
  orchestrated,
  name,
  metadata,
  ...options
}: EvaluationRunRequest): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value != null));
}
