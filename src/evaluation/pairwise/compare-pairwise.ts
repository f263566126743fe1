import type { VersionReference } from '../../contract/evaluation.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { invalid } from '../../kernel/errors.ts';
import { requireJudgeable } from '../../runtime/kinds/evaluator/judge.ts';
import type { RuntimeParts } from '../../runtime/kinds/runtime-parts.ts';
import { inBackground } from '../../statistics/background.ts';
import type { Comparison, Pair } from '../../statistics/compare-pairs.ts';
import { comparedRuns, type GivenRuns } from '../compare/compared-runs.ts';
import type { ComparedRuns } from '../compare/pair-queries.ts';
import { evaluationNotFound } from '../errors.ts';
import { findReferredVersion } from '../evaluations/references.ts';
import { findScope } from '../stats/scope-queries.ts';
import { isOf, judgePairs } from './judge-pairs.ts';
import { type LogPair, listLogPairs, type PairVerdict } from './pairwise-queries.ts';

/** The most pairs that one request has compared. */
export const mostPairs = 1_000;

export interface PairwiseRequest extends GivenRuns {
  readonly evaluator: VersionReference;
}

/** How often a model prefers one Run. */
export interface PairwiseResult extends ComparedRuns {
  readonly evaluatorVersionId: string;
  readonly comparison: Comparison;
  /** Pairs on which the verdict changed with the order of the logs. They are ties. */
  readonly flips: number;
  /** Pairs on which the judge failed in one of the orders. They are not used. */
  readonly failed: number;
}

/**
 * Has a model say which of two logs is better, for each pair of logs of two Runs, in both orders. A
 * verdict that changes with the order is a tie: models prefer one place.
 *
 * @param signal ends it; what was said until then is stored, and not asked again.
 * @throws `evaluation_not_found`, `evaluation_run_not_found`; `invalid` for an evaluator that cannot
 *   choose between two logs, for too many pairs, and what `requireJudgeable` throws.
 */
export async function compareInPairs(
  parts: RuntimeParts,
  workspace: Workspace,
  evaluationId: string,
  request: PairwiseRequest,
  signal: AbortSignal,
): Promise<PairwiseResult> {
  const scope = await findScope(workspace, evaluationId);
  if (!scope) throw evaluationNotFound(evaluationId);
  const chosen = comparedRuns(scope, request, 'body');
  const runs = { runId: chosen.run.id, baselineId: chosen.baseline.id };
  const kinds = new Set(['evaluator'] as const);
  const loc = ['body', 'evaluator'];
  const version = await findReferredVersion(workspace, kinds, request.evaluator, loc);
  requireChoice(version);
  await requireJudgeable(parts, workspace, version);
  const pairs = await listLogPairs(workspace, runs, mostPairs + 1);
  if (pairs.length > mostPairs) {
    throw invalid(['body', 'run'], `The Runs have more than ${mostPairs} pairs of logs.`);
  }
  const verdicts = await judgePairs(parts, workspace, version, pairs, signal);
  const outcomes = pairs.map((pair) => ({ pair, outcome: outcomeOf(pair, verdicts) }));
  return {
    ...runs,
    evaluatorVersionId: version.versionId,
    comparison: await inBackground(workspace.organizationId, 'comparePairs', byItem(outcomes), {
      seed: `${runs.runId} ${runs.baselineId} ${version.id}`,
      isBoolean: true,
      better: 'higher',
    }),
    flips: outcomes.filter(({ outcome }) => outcome === 'flip').length,
    failed: outcomes.filter(({ outcome }) => outcome === undefined).length,
  };
}

/** @throws `invalid` unless a model chooses among A, B and tie. */
function requireChoice({ spec: { spec } }: FileVersion<'evaluator'>): void {
  const names = (spec.options ?? []).map(({ name }) => name).toSorted();
  const isChoice = names.join(' ') === 'A B tie' && spec.return_type === 'select';
  if (isChoice && spec.evaluator_type === 'llm') return;
  throw invalid(
    ['body', 'evaluator'],
    'The evaluator must be of type `llm` and return one of the options `A`, `B` and `tie`.',
  );
}

type Outcome = 'win' | 'loss' | 'tie' | 'flip';

/** Undefined when one of the two verdicts is missing. */
function outcomeOf(pair: LogPair, verdicts: readonly PairVerdict[]): Outcome | undefined {
  const own = verdicts.filter((verdict) => isOf(verdict, pair));
  const [plain, swapped] = [false, true].map((wanted) => {
    const said = own.find((verdict) => verdict.swapped === wanted)?.judgment;
    if (said === 'tie') return 'tie';
    if (said !== 'A' && said !== 'B') return undefined;
    return (said === 'A') === wanted ? 'loss' : 'win';
  });
  if (!plain || !swapped) return undefined;
  return plain === swapped ? plain : 'flip';
}

/** A win counts 1 for the Run, a loss 1 for the baseline; trials of one Datapoint are averaged. */
function byItem(
  outcomes: readonly { readonly pair: LogPair; readonly outcome: Outcome | undefined }[],
): readonly Pair[] {
  const known = outcomes.filter(({ outcome }) => outcome !== undefined);
  const share = (some: typeof known, wanted: Outcome) =>
    some.filter(({ outcome }) => outcome === wanted).length / some.length;
  return [...Map.groupBy(known, ({ pair }) => pair.item).values()].map((some) => ({
    candidate: share(some, 'win'),
    baseline: share(some, 'loss'),
  }));
}
