import type { EvaluationStatus } from '../../contract/evaluation.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { RunProgress } from './evaluation-run.ts';
import {
  countLogs,
  countRunJudgments,
  type Judge,
  type JudgmentCounts,
  type LogCounts,
} from './progress-queries.ts';

/** The fields of a Run that its progress depends on. */
interface CountedRun {
  readonly id: string;
  readonly orchestrated: boolean;
  readonly status: EvaluationStatus;
  readonly datasetVersionId: string | null;
}

/** How far Runs are, by their ids. */
export async function loadProgress(
  workspace: Workspace,
  runs: readonly CountedRun[],
): Promise<ReadonlyMap<string, RunProgress>> {
  const ids = runs.map(({ id }) => id);
  const [logs, judgments] = await Promise.all([
    countLogs(workspace, ids),
    countRunJudgments(workspace, ids),
  ]);
  const logsOf = new Map(logs.map((counts) => [counts.runId, counts]));
  const judgmentsOf = Map.groupBy(judgments, ({ runId }) => runId);
  return new Map(
    runs.map((run) => {
      const counts = logsOf.get(run.id) ?? { ...noLogs, runId: run.id };
      const evaluators = judgmentsOf.get(run.id) ?? [];
      return [
        run.id,
        {
          logs: { wanted: counts.slots, done: counts.ready, failed: counts.failed },
          judgments: {
            wanted: counts.slots * evaluators.length,
            done: sum(evaluators, 'done'),
            failed: sum(evaluators, 'failed'),
          },
          waitingFor: whoIsNext(run, counts, evaluators),
        },
      ];
    }),
  );
}

const noLogs = { slots: 0, ready: 0, suspended: 0, failed: 0 };

function whoIsNext(
  { orchestrated, status, datasetVersionId }: CountedRun,
  { slots, ready, suspended }: LogCounts,
  evaluators: readonly JudgmentCounts[],
): RunProgress['waitingFor'] {
  if (status === 'completed' || status === 'cancelled') return [];
  const awaited = new Set<Judge>(
    evaluators.filter(({ doneOfReady }) => doneOfReady < ready).map(({ judge }) => judge),
  );
  // A Run without a dataset and without logs waits for a client to bring some.
  const lacksLogs = ready + suspended < slots || (slots === 0 && datasetVersionId === null);
  if (lacksLogs) awaited.add(orchestrated ? 'server' : 'client');
  if (suspended > 0) awaited.add('client');
  return (['server', 'client', 'people'] as const).filter((judge) => awaited.has(judge));
}

function sum(counts: readonly JudgmentCounts[], field: 'done' | 'failed'): number {
  return counts.reduce((total, each) => total + each[field], 0);
}
