import type { Workspace } from '../../database/workspace.ts';
import { inTransaction } from '../../database/workspace.ts';
import { findDatapoints } from '../../files/datasets/datapoint-queries.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { insertLog } from '../../logs/log-queries.ts';
import { judge } from '../../runtime/kinds/evaluator/judge.ts';
import type { JudgeItem } from '../../runtime/kinds/evaluator/judge-call.ts';
import { loadJudgedLogs } from '../../runtime/kinds/evaluator/load-judged-logs.ts';
import type { Verdict } from '../../runtime/kinds/evaluator/verdict.ts';
import type { RuntimeParts } from '../../runtime/kinds/runtime-parts.ts';
import { newEvaluatorLog } from '../tasks/evaluator-log.ts';
import { lockJudgedLogs } from '../tasks/result-queries.ts';
import { type LogPair, listPairVerdicts, type PairVerdict } from './pairwise-queries.ts';

/** How many pairs are loaded at once. */
const pairsAtOnce = 25;

/**
 * Has a model compare pairs of logs, each in both orders. What it said before is not asked again, so
 * a request that was cut off goes on where it was.
 *
 * @returns what it said; without pairs on which it failed.
 */
export async function judgePairs(
  parts: RuntimeParts,
  workspace: Workspace,
  version: FileVersion<'evaluator'>,
  pairs: readonly LogPair[],
  signal: AbortSignal,
): Promise<readonly PairVerdict[]> {
  const verdicts: PairVerdict[] = [];
  for (let from = 0; from < pairs.length; from += pairsAtOnce) {
    const some = pairs.slice(from, from + pairsAtOnce);
    const known = await listPairVerdicts(
      workspace,
      version.versionId,
      some.map(({ runLogId }) => runLogId),
    );
    const isKnown = (pair: LogPair, swapped: boolean) =>
      known.some((one) => isOf(one, pair) && one.swapped === swapped);
    const asked = some.flatMap((pair) =>
      [false, true].flatMap((swapped) => (isKnown(pair, swapped) ? [] : [{ pair, swapped }])),
    );
    await askAll(parts, workspace, version, asked, signal);
    const all = await listPairVerdicts(
      workspace,
      version.versionId,
      some.map(({ runLogId }) => runLogId),
    );
    verdicts.push(...all.filter((one) => some.some((pair) => isOf(one, pair))));
  }
  return verdicts;
}

export function isOf(verdict: PairVerdict, pair: LogPair): boolean {
  return verdict.runLogId === pair.runLogId && verdict.baselineLogId === pair.baselineLogId;
}

interface AskedPair {
  readonly pair: LogPair;
  readonly swapped: boolean;
}

async function askAll(
  parts: RuntimeParts,
  workspace: Workspace,
  version: FileVersion<'evaluator'>,
  asked: readonly AskedPair[],
  signal: AbortSignal,
): Promise<void> {
  if (asked.length === 0) return;
  const items = await loadItems(workspace, asked);
  const writes: Promise<void>[] = [];
  await judge(
    parts,
    workspace,
    version,
    items.map(({ item }) => item),
    {
      lane: 'judging',
      signal,
      told(index, verdict) {
        const one = items[index]?.asked;
        if (one) writes.push(writeVerdict(workspace, version, one, verdict));
      },
    },
  ).finally(() => Promise.all(writes));
}

async function loadItems(
  workspace: Workspace,
  asked: readonly AskedPair[],
): Promise<readonly { readonly asked: AskedPair; readonly item: JudgeItem }[]> {
  const ids = asked.flatMap(({ pair }) => [pair.runLogId, pair.baselineLogId]);
  const [logs, datapoints] = await Promise.all([
    loadJudgedLogs(workspace, [...new Set(ids)]),
    findDatapoints(
      workspace,
      asked.flatMap(({ pair }) => pair.datapointId ?? []),
    ),
  ]);
  return asked.flatMap((one) => {
    const { runLogId, baselineLogId, datapointId } = one.pair;
    const [first, second] = one.swapped ? [baselineLogId, runLogId] : [runLogId, baselineLogId];
    const [log, other] = [logs.get(first), logs.get(second)];
    const testcase = datapoints.get(datapointId ?? '') ?? null;
    return log && other ? [{ asked: one, item: { log, other, testcase } }] : [];
  });
}

/** Stores what the judge said. It is about two logs, so it is no judgment that counts for one. */
function writeVerdict(
  workspace: Workspace,
  version: FileVersion<'evaluator'>,
  { pair, swapped }: AskedPair,
  verdict: Verdict,
): Promise<void> {
  return inTransaction(workspace, async (workspace) => {
    const [judged] = await lockJudgedLogs(workspace, [pair.runLogId]);
    if (!judged) return;
    const metadata = { ...verdict.metadata, other: pair.baselineLogId, swapped };
    await insertLog(
      workspace,
      newEvaluatorLog(version, judged, { ...verdict, metadata }, 'evaluation'),
    );
  });
}
