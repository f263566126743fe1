import type { Workspace } from '../../database/workspace.ts';
import { type Datapoint, findDatapoints } from '../../files/datasets/datapoint-queries.ts';
import { readableBatches } from '../../kernel/readable-batches.ts';
import { logSizes } from '../../logs/size-queries.ts';
import { findVersionedLogs, type VersionedLog } from '../../logs/versioned-log.ts';
import { evaluationRunNotFound } from '../errors.ts';
import type { EvaluationEvaluator } from './evaluation.ts';
import { countFilledSlots, type FilledSlot, listFilledSlots } from './filled-slot-queries.ts';
import { listRunIds } from './member-queries.ts';
import { getEvaluation } from './read-evaluations.ts';

/** Which logs of an Evaluation to list. */
export interface EvaluationLogsOptions {
  /** Only those of these Runs; undefined: of all. */
  readonly runIds: readonly string[] | undefined;
  readonly page: number;
  readonly size: number;
  /** Whether the logs below them are shown too. */
  readonly withTrace: boolean;
}

/** A log of a Run, and the datapoint that it was made for. */
export interface EvaluationLog {
  readonly runId: string;
  readonly datapoint: Datapoint | null;
  readonly log: VersionedLog;
}

/** One page of the logs of an Evaluation. */
export interface EvaluationLogPage {
  /** Read the logs, in groups of which each fits into memory. */
  readonly groups: readonly (() => Promise<readonly EvaluationLog[]>)[];
  readonly total: number;
  readonly evaluators: readonly EvaluationEvaluator[];
}

/**
 * One page of the logs of an Evaluation: newest Runs first, in a Run in the order of the dataset.
 *
 * @throws `evaluation_not_found`, `evaluation_run_not_found`.
 */
export async function listEvaluationLogs(
  workspace: Workspace,
  evaluationId: string,
  { runIds, withTrace, ...page }: EvaluationLogsOptions,
): Promise<EvaluationLogPage> {
  const { evaluators } = await getEvaluation(workspace, evaluationId);
  const known = new Set(await listRunIds(workspace, evaluationId));
  const unknown = runIds?.find((id) => !known.has(id));
  if (unknown !== undefined) throw evaluationRunNotFound(unknown);
  const total = await countFilledSlots(workspace, evaluationId, runIds);
  const isPastEnd = (page.page - 1) * page.size >= total;
  const slots = isPastEnd
    ? []
    : await listFilledSlots(workspace, evaluationId, { runIds, ...page });
  const ids = [...new Set(slots.map(({ logId }) => logId))];
  const sizes = new Map(
    (await logSizes(workspace, ids, { withTrace })).map((sized) => [sized.id, sized]),
  );
  // A log may be in two slots, so the slots are grouped, by their places.
  const sized = slots.flatMap(({ logId }, place) => {
    const size = sizes.get(logId);
    return size ? [{ ...size, id: String(place) }] : [];
  });
  const groups = readableBatches(sized).map((places) => () => {
    const group = places.flatMap((place) => slots[Number(place)] ?? []);
    return readSlots(workspace, group);
  });
  return { groups, total, evaluators };
}

async function readSlots(
  workspace: Workspace,
  slots: readonly FilledSlot[],
): Promise<readonly EvaluationLog[]> {
  const [logs, datapoints] = await Promise.all([
    findVersionedLogs(workspace, [...new Set(slots.map(({ logId }) => logId))]),
    findDatapoints(
      workspace,
      slots.flatMap(({ datapointId }) => datapointId ?? []),
    ),
  ]);
  const byId = new Map(logs.map((log) => [log.view.record.id, log]));
  return slots.flatMap(({ runId, logId, datapointId }) => {
    const log = byId.get(logId);
    return log ? [{ runId, log, datapoint: datapoints.get(datapointId ?? '') ?? null }] : [];
  });
}
