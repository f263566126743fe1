import { mostLogs } from '../../contract/evaluation-run.ts';
import { type ReplayRequest, standardReplays } from '../../contract/replays.ts';
import { inTransaction, type Workspace } from '../../database/workspace.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { invalid } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { findLogIds } from '../../logs/list/list-logs.ts';
import type { RuntimeParts } from '../../runtime/kinds/runtime-parts.ts';
import { evaluationNotFound } from '../errors.ts';
import { evaluatedKinds } from '../evaluations/evaluated-kinds.ts';
import { lockEvaluation, touchEvaluation } from '../evaluations/evaluation-queries.ts';
import type { EvaluationRun } from '../evaluations/evaluation-run.ts';
import { requireFileOf, takeFile } from '../evaluations/file-of-evaluation.ts';
import { insertMember } from '../evaluations/member-queries.ts';
import { requireServerWork } from '../evaluations/orchestratable.ts';
import { requireLogged } from '../evaluations/plan-run.ts';
import { getEvaluation } from '../evaluations/read-evaluations.ts';
import { getRun } from '../evaluations/read-runs.ts';
import { findReferredVersion } from '../evaluations/references.ts';
import { insertRun, type NewRun } from '../evaluations/run-queries.ts';
import { drawLogs, holdLogs, insertLogSlots } from '../evaluations/slot-queries.ts';
import { readLogFilter, sizeOfSample } from '../evaluations/slots.ts';
import { completeRuns, reopenRuns } from '../runs/run-status.ts';
import { addTasks } from '../tasks/task-queries.ts';
import type { ReplayOptions } from './ask-again.ts';
import { insertReplaySlots, listReplayable, type ReplayableLog } from './replay-queries.ts';

/** The Runs of a replay. */
export interface Replay {
  /** It calls the version for each of the old logs. */
  readonly run: EvaluationRun;
  /** It has the old logs. */
  readonly baseline: EvaluationRun;
}

/**
 * Calls a version for past logs, with the inputs, messages and user of each: as a Run, beside a Run
 * that has the past logs. The evaluators judge both.
 *
 * @throws what `createRun` throws; `invalid` when no log matches that can be replayed.
 */
export async function createReplay(
  parts: RuntimeParts,
  workspace: Workspace,
  evaluationId: string,
  { request, keyId }: { readonly request: ReplayRequest; readonly keyId: string | null },
): Promise<Replay> {
  const evaluation = await getEvaluation(workspace, evaluationId);
  const loc = ['body', 'version'];
  const version = await findReferredVersion(workspace, evaluatedKinds, request.version, loc);
  requireFileOf(evaluation, version.id, loc);
  await requireServerWork(parts, workspace, version, evaluation.evaluators);
  const found = await findLogs(workspace, version, request.logs ?? {});
  const [runId, baselineId] = [newId('run'), newId('run')];
  await inTransaction(workspace, async (workspace) => {
    if (!(await lockEvaluation(workspace, evaluationId))) throw evaluationNotFound(evaluationId);
    await takeFile(workspace, evaluation, version.id);
    const size = sizeOfSample(found.length, request.logs?.sample, ['body', 'logs', 'sample']);
    const drawn = await drawLogs(
      workspace,
      runId,
      found.map(({ id }) => id),
      size,
    );
    const held = new Set((await holdLogs(workspace, drawn)).map(({ id }) => id));
    const logIds = drawn.filter((id) => held.has(id));
    const common = {
      file_id: version.id,
      dataset_version_id: null,
      metadata: null,
      api_key_id: keyId,
    };
    await insertRun(workspace, {
      ...common,
      ...baselineRun(request, found),
      id: baselineId,
    });
    await insertMember(workspace, evaluationId, baselineId);
    await insertLogSlots(workspace, baselineId, logIds);
    await insertRun(workspace, {
      ...common,
      ...replayRun(request, version, baselineId),
      id: runId,
    });
    await insertMember(workspace, evaluationId, runId);
    await insertReplaySlots(workspace, runId, logIds);
    await touchEvaluation(workspace, evaluationId);
    await reopenRuns(workspace, [baselineId]);
    await addTasks(workspace, [baselineId]);
  });
  await completeRuns(workspace, [baselineId, runId]);
  return {
    run: await getRun(workspace, evaluationId, runId),
    baseline: await getRun(workspace, evaluationId, baselineId),
  };
}

type OwnFields = Pick<NewRun, 'version_id' | 'orchestrated' | 'name' | 'options'>;

function baselineRun({ name, logs }: ReplayRequest, found: readonly ReplayableLog[]): OwnFields {
  const versions = [...new Set(found.map(({ versionId }) => versionId))];
  const given = Object.entries(logs ?? {}).filter(([, value]) => value != null);
  return {
    version_id: versions.length === 1 ? (versions[0] ?? null) : null,
    orchestrated: false,
    name: name ? `${name} (baseline)` : null,
    options: { logs: Object.fromEntries(given) },
  };
}

function replayRun(
  { tools, on_miss, name, concurrency }: ReplayRequest,
  { versionId }: FileVersion,
  baselineId: string,
): OwnFields {
  const replay: ReplayOptions = {
    tools: tools ?? 'recorded',
    on_miss: on_miss ?? 'fail',
    baseline_run_id: baselineId,
  };
  return {
    version_id: versionId,
    orchestrated: true,
    name: name ?? null,
    options: { replay, ...(concurrency == null ? {} : { concurrency }) },
  };
}

/** How far at least to look back for logs that can be replayed, in logs. */
const leastLookedBack = 10_000;

/** The newest logs that match and can be replayed, oldest first. */
async function findLogs(
  workspace: Workspace,
  version: FileVersion,
  { file_id: fileId, last, limit, sample: _, ...filters }: NonNullable<ReplayRequest['logs']>,
): Promise<readonly ReplayableLog[]> {
  await requireLogged(workspace, { ...filters, file_id: fileId ?? version.id });
  if (fileId != null && fileId !== version.id) {
    throw invalid(
      ['body', 'logs', 'file_id'],
      `The version is of file \`${version.id}\`, so only its logs can be replayed.`,
    );
  }
  const filter = readLogFilter({ ...filters, file_id: version.id });
  const wanted = Math.min(last ?? limit ?? standardReplays, limit ?? mostLogs);
  // Some of the newest logs may be tests, or not ready: look further back until there are enough.
  const farthest = Math.max(2 * wanted, leastLookedBack);
  for (let most = 2 * wanted; ; most = Math.min(4 * most, farthest)) {
    const ids = await findLogIds(workspace, filter, most);
    const found = await listReplayable(workspace, ids);
    if (found.length < wanted && ids.length === most && most < farthest) continue;
    if (found.length > 0) return found.slice(0, wanted).toReversed();
    throw invalid(
      ['body', 'logs'],
      `None of the newest ${ids.length} logs that match can be replayed. Logs can be replayed that are complete, were stored, and were not made for a Run.`,
    );
  }
}
