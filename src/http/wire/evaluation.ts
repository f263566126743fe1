import type { Caller } from '../../accounts/callers.ts';
import type { Evaluation } from '../../evaluation/evaluations/evaluation.ts';
import type { EvaluationRun } from '../../evaluation/evaluations/evaluation-run.ts';
import type {
  EvaluationLog,
  EvaluationLogPage,
} from '../../evaluation/evaluations/list-evaluation-logs.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { fileBodies } from '../../wire/file-bodies.ts';
import { logBodies } from '../../wire/log-bodies.ts';

type Workspace = Caller['workspace'];
type Body = Readonly<Record<string, unknown>>;

/**
 * The bodies of Evaluations.
 *
 * @param urlOf the address of an Evaluation for people, by its id.
 */
export async function evaluationBodies(
  workspace: Workspace,
  evaluations: readonly Evaluation[],
  urlOf: (id: string) => string,
): Promise<readonly Body[]> {
  const versions = evaluations.flatMap(({ evaluators }) =>
    evaluators.map(({ version }) => version),
  );
  const bodies = await bodiesByVersion(workspace, versions);
  return evaluations.map((evaluation) => evaluationBody(evaluation, bodies, urlOf));
}

/** The body of an Evaluation; `files` has those of its evaluators, by the ids of their versions. */
export function evaluationBody(
  evaluation: Evaluation,
  files: ReadonlyMap<string, Body>,
  urlOf: (id: string) => string,
): Body {
  return {
    id: evaluation.id,
    runs_count: evaluation.runsCount,
    evaluators: evaluation.evaluators.map(({ version, orchestrated, addedAt }) => ({
      version: files.get(version.versionId),
      orchestrated,
      added_at: addedAt,
    })),
    name: evaluation.name,
    file_id: evaluation.fileId,
    created_at: evaluation.createdAt,
    updated_at: evaluation.updatedAt,
    created_by: evaluation.createdBy,
    url: urlOf(evaluation.id),
    status: evaluation.status,
  };
}

/** The bodies of Runs. */
export async function runBodies(
  workspace: Workspace,
  runs: readonly EvaluationRun[],
): Promise<readonly Body[]> {
  const versions = runs.flatMap(({ version, dataset }) => [version ?? [], dataset ?? []].flat());
  const bodies = await bodiesByVersion(workspace, versions);
  return runs.map((run) => runBody(run, bodies));
}

/** The body of a Run; `files` has those of its dataset and version, by the ids of their versions. */
export function runBody(run: EvaluationRun, files: ReadonlyMap<string, Body>): Body {
  const { logs, judgments, waitingFor } = run.progress;
  return {
    id: run.id,
    dataset: run.dataset && files.get(run.dataset.versionId),
    version: run.version && files.get(run.version.versionId),
    orchestrated: run.orchestrated,
    added_at: run.addedAt,
    created_at: run.createdAt,
    created_by: run.createdBy,
    status: run.status,
    control: run.isControl,
    name: run.name,
    metadata: run.metadata,
    error: run.error,
    options: run.options,
    progress: { logs, judgments, waiting_for: waitingFor },
    cost: run.cost,
  };
}

async function bodiesByVersion(
  workspace: Workspace,
  versions: readonly FileVersion[],
): Promise<ReadonlyMap<string, Body>> {
  const distinct = [...new Map(versions.map((version) => [version.versionId, version])).values()];
  const bodies = await fileBodies(workspace, distinct);
  return new Map(distinct.map(({ versionId }, index) => [versionId, bodies[index] as Body]));
}

/**
 * The bodies of logs of an Evaluation, with the judgments of its evaluators. A judgment of a client
 * or of people may be of another version than the one in the Evaluation.
 */
export async function evaluationLogBodies(
  workspace: Workspace,
  logs: readonly EvaluationLog[],
  evaluators: EvaluationLogPage['evaluators'],
  { withTrace }: { readonly withTrace: boolean },
): Promise<readonly Body[]> {
  const bodies = await logBodies(
    workspace,
    logs.map(({ log }) => log),
    { withTrace },
  );
  return logs.map(({ runId, datapoint }, index) => ({
    run_id: runId,
    datapoint,
    log: bodies[index],
    evaluator_logs: ((bodies[index]?.['evaluator_logs'] ?? []) as readonly JudgmentBody[]).filter(
      ({ evaluator }) => isAmong(evaluators, evaluator),
    ),
  }));
}

/** The parts of a judgment's body that say whose it is. */
interface JudgmentBody {
  readonly evaluator: { readonly id: string; readonly version_id: string };
}

function isAmong(
  evaluators: EvaluationLogPage['evaluators'],
  judge: JudgmentBody['evaluator'],
): boolean {
  return evaluators.some(({ version, orchestrated }) =>
    orchestrated ? version.versionId === judge.version_id : version.id === judge.id,
  );
}
