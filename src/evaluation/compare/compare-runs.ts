import type { Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import { inBackground } from '../../statistics/background.ts';
import type { Comparison } from '../../statistics/compare-pairs.ts';
import { holmAdjusted } from '../../statistics/holm.ts';
import { evaluationNotFound } from '../errors.ts';
import { type AttachedEvaluator, findScope, type StatsScope } from '../stats/scope-queries.ts';
import { comparedRuns, type GivenRuns } from './compared-runs.ts';
import {
  type ComparedRuns,
  findClusters,
  noPairs,
  type Paired,
  pairJudgments,
  pairMetrics,
} from './pair-queries.ts';
import { betterValues } from './valence.ts';

export interface CompareOptions extends GivenRuns {
  /** Of the intervals: 0.95. */
  readonly level: number;
  /** `inputs.document`: items with the same value of it are no independent evidence. */
  readonly clusterBy: string | undefined;
}

/** A Run compared with a baseline, Datapoint by Datapoint. */
export interface RunComparison extends ComparedRuns {
  /** One for each evaluator, in their order. */
  readonly evaluators: readonly (ValueComparison & { readonly evaluator: AttachedEvaluator })[];
  readonly metrics: Readonly<Record<'cost' | 'latency', ValueComparison>>;
}

export interface ValueComparison extends Omit<Comparison, 'method'> {
  /** `not_comparable`: judgments that are texts, or options without a valence. */
  readonly method: Comparison['method'] | 'not_comparable';
  readonly onlyRun: number;
  readonly onlyBaseline: number;
  readonly better: 'higher' | 'lower' | null;
  /** Adjusted for the number of evaluators (Holm). */
  readonly adjustedP: number | null;
}

/**
 * Compares two Runs of an Evaluation.
 *
 * @throws `evaluation_not_found`, `evaluation_run_not_found`; `invalid` for a baseline that there is
 *   not, and for `clusterBy` that names no input.
 */
export async function compareRuns(
  workspace: Workspace,
  evaluationId: string,
  options: CompareOptions,
  place: 'body' | 'query',
): Promise<RunComparison> {
  const scope = await findScope(workspace, evaluationId);
  if (!scope) throw evaluationNotFound(evaluationId);
  const inputPath = readInputPath(options.clusterBy, place);
  const chosen = comparedRuns(scope, options, place);
  const runs = { runId: chosen.run.id, baselineId: chosen.baseline.id };
  const [paired, metrics, clusters] = await Promise.all([
    pairJudgments(workspace, scope, runs),
    pairMetrics(workspace, runs),
    inputPath && findClusters(workspace, runs, inputPath),
  ]);
  const compare = (name: string, values: Paired, kind: ComparedKind) =>
    compareValues(workspace.organizationId, values, {
      ...kind,
      seed: `${runs.runId} ${runs.baselineId} ${name}`,
      level: options.level,
      // Items without the input stand for themselves.
      clusters: clusters && values.items.map((item) => clusters.get(item) ?? item),
    });
  const cheaper = { isBoolean: false, better: 'lower' } as const;
  const [ofEvaluators, cost, latency] = await Promise.all([
    compareEvaluators(scope, (evaluator, kind) =>
      compare(evaluator.id, paired.get(evaluator.versionId) ?? noPairs, kind),
    ),
    compare('cost', metrics.cost, cheaper),
    compare('latency', metrics.latency, cheaper),
  ]);
  return { ...runs, evaluators: ofEvaluators, metrics: { cost, latency } };
}

interface ComparedKind {
  readonly isBoolean: boolean;
  readonly better: 'higher' | 'lower' | null;
}

async function compareEvaluators(
  { evaluators }: StatsScope,
  compare: (evaluator: AttachedEvaluator, kind: ComparedKind) => Promise<ValueComparison>,
): Promise<RunComparison['evaluators']> {
  const compared = await Promise.all(
    evaluators.map(async (evaluator) => {
      const { spec } = evaluator;
      const better = betterValues(spec);
      const isComparable =
        spec.return_type === 'boolean' || spec.return_type === 'number' || better !== null;
      const comparison = await compare(evaluator, {
        isBoolean: spec.return_type !== 'number',
        better,
      });
      return {
        ...comparison,
        ...(isComparable ? {} : { method: 'not_comparable' as const }),
        evaluator,
      };
    }),
  );
  const asked = compared.flatMap(({ pValue }) => (pValue === null ? [] : [pValue]));
  const adjusted = holmAdjusted(asked).values();
  return compared.map((one) => ({
    ...one,
    adjustedP: one.pValue === null ? null : (adjusted.next().value ?? null),
  }));
}

async function compareValues(
  organizationId: string,
  { pairs, onlyRun, onlyBaseline }: Paired,
  {
    better,
    ...options
  }: ComparedKind & {
    readonly seed: string;
    readonly level: number;
    readonly clusters: readonly string[] | undefined;
  },
): Promise<ValueComparison> {
  // Without a valence, a higher value counts as a win.
  const comparison = await inBackground(organizationId, 'comparePairs', pairs, {
    ...options,
    better: better ?? 'higher',
  });
  return { ...comparison, onlyRun, onlyBaseline, better, adjustedP: comparison.pValue };
}

/** @throws `invalid` for a text that does not name an input. */
function readInputPath(
  clusterBy: string | undefined,
  place: 'body' | 'query',
): readonly string[] | undefined {
  if (clusterBy === undefined) return undefined;
  const [first, ...path] = clusterBy.split('.');
  if (first === 'inputs' && path.length > 0 && !path.includes('')) return path;
  throw invalid([place, 'cluster_by'], 'Name an input, such as `inputs.document`.');
}
