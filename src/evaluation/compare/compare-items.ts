import type { Workspace } from '../../database/workspace.ts';
import { type Datapoint, findDatapoints } from '../../files/datasets/datapoint-queries.ts';
import { readableBatches, type Sized } from '../../kernel/readable-batches.ts';
import { logSizes } from '../../logs/size-queries.ts';
import { findVersionedLogs } from '../../logs/versioned-log.ts';
import { logBodies } from '../../wire/log-bodies.ts';
import { evaluationNotFound } from '../errors.ts';
import { type AttachedEvaluator, findScope, type StatsScope } from '../stats/scope-queries.ts';
import { comparedRuns, type GivenRuns } from './compared-runs.ts';
import {
  type Change,
  type ComparedItem,
  compareItems,
  type ItemFilter,
  type ItemJudgment,
  type ItemLog,
  listItemJudgments,
  listItemLogs,
  listItems,
} from './item-page-queries.ts';

type Body = Readonly<Record<string, unknown>>;

/** What two Runs made of one Datapoint. */
export interface ItemComparison {
  /** Null for logs that were added without one. */
  readonly datapoint: Datapoint | null;
  /** The logs: one for each trial. */
  readonly run: readonly Body[];
  readonly baseline: readonly Body[];
  /** One for each evaluator, in their order. */
  readonly evaluators: readonly EvaluatorOnItem[];
}

interface EvaluatorOnItem {
  readonly evaluator: AttachedEvaluator;
  /** Null when one of the Runs has no value. */
  readonly change: Change | null;
  readonly run: ItemSide;
  readonly baseline: ItemSide;
}

/** What an evaluator says of the logs of one Run. */
interface ItemSide {
  /** The mean over trials; null unless both Runs have a value. */
  readonly value: number | null;
  readonly judgments: readonly ItemJudgment[];
}

/** One page of what two Runs made of Datapoints. */
interface ItemComparisonPage {
  /** Read the comparisons, in groups of which each fits into memory. */
  readonly groups: readonly (() => Promise<readonly ItemComparison[]>)[];
  readonly total: number;
}

/**
 * One page of what two Runs made of each Datapoint, in the order of the dataset.
 *
 * @throws `evaluation_not_found`, `evaluation_run_not_found`; `invalid` for a baseline that there is
 *   not.
 */
export async function listComparedItems(
  workspace: Workspace,
  evaluationId: string,
  given: GivenRuns & ItemFilter,
): Promise<ItemComparisonPage> {
  const scope = await findScope(workspace, evaluationId);
  if (!scope) throw evaluationNotFound(evaluationId);
  const chosen = comparedRuns(scope, given, 'query');
  const runs = { runId: chosen.run.id, baselineId: chosen.baseline.id };
  const { items, total } = await listItems(workspace, scope, runs, given);
  const [logs, judgments, compared] = await Promise.all([
    listItemLogs(workspace, runs, items),
    listItemJudgments(workspace, scope, runs, items),
    compareItems(workspace, scope, runs, items),
  ]);
  const found = { scope, logs, judgments, compared, ...runs };
  const sizes = await itemSizes(workspace, items, logs);
  return {
    total,
    groups: readableBatches(sizes).map((group) => () => comparisonsOf(workspace, group, found)),
  };
}

/** How many bytes the logs of each item have. */
async function itemSizes(
  workspace: Workspace,
  items: readonly string[],
  logs: readonly ItemLog[],
): Promise<readonly Sized[]> {
  const sizes = await logSizes(workspace, [...new Set(logs.map(({ logId }) => logId))]);
  const bytesOf = new Map(sizes.map(({ id, bytes }) => [id, bytes]));
  return items.map((item) => ({
    id: item,
    bytes: logs
      .filter((log) => log.item === item)
      .reduce((sum, { logId }) => sum + (bytesOf.get(logId) ?? 0), 0),
  }));
}

async function comparisonsOf(
  workspace: Workspace,
  items: readonly string[],
  found: Found,
): Promise<readonly ItemComparison[]> {
  const logs = found.logs.filter(({ item }) => items.includes(item));
  const [bodies, datapoints] = await Promise.all([
    bodiesOf(workspace, logs),
    findDatapoints(
      workspace,
      logs.flatMap(({ datapointId }) => datapointId ?? []),
    ),
  ]);
  return items.map((item) => {
    const own = logs.filter((log) => log.item === item);
    const bodiesIn = (runId: string): Body[] =>
      own.filter((log) => log.runId === runId).map((log) => bodies.get(log.logId) ?? {});
    return {
      datapoint: datapoints.get(own[0]?.datapointId ?? '') ?? null,
      run: bodiesIn(found.runId),
      baseline: bodiesIn(found.baselineId),
      evaluators: evaluatorsOn(item, own, found),
    };
  });
}

interface Found {
  readonly logs: readonly ItemLog[];
  readonly scope: StatsScope;
  readonly judgments: readonly ItemJudgment[];
  readonly compared: readonly ComparedItem[];
  readonly runId: string;
  readonly baselineId: string;
}

function evaluatorsOn(
  item: string,
  logs: readonly ItemLog[],
  { scope, judgments, compared, runId, baselineId }: Found,
): readonly EvaluatorOnItem[] {
  const logIds = new Set(logs.map(({ logId }) => logId));
  const own = judgments.filter(({ logId }) => logIds.has(logId));
  return scope.evaluators.map((evaluator) => {
    const { versionId } = evaluator;
    const values = compared.find(
      (one) => one.item === item && one.evaluatorVersionId === versionId,
    );
    const judgmentsIn = (id: string) =>
      own.filter((one) => one.runId === id && one.evaluatorVersionId === versionId);
    return {
      evaluator,
      change: values?.change ?? null,
      run: { value: values?.run ?? null, judgments: judgmentsIn(runId) },
      baseline: { value: values?.baseline ?? null, judgments: judgmentsIn(baselineId) },
    };
  });
}

async function bodiesOf(
  workspace: Workspace,
  logs: readonly ItemLog[],
): Promise<ReadonlyMap<string, Body>> {
  const found = await findVersionedLogs(workspace, [...new Set(logs.map(({ logId }) => logId))]);
  const bodies = await logBodies(workspace, found, { withTrace: false, withJudgments: false });
  return new Map(found.map(({ view }, index) => [view.record.id, bodies[index] ?? {}]));
}
