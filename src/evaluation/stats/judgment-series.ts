import type { Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import { listSeriesPoints, type SeriesFilter, type SeriesPoint } from './series-queries.ts';

/** The most points of an answer. */
export const mostPoints = 10_000;

/**
 * What evaluators say of a file's traffic over time, as the API answers it.
 *
 * @throws `invalid` when there are too many points.
 */
export async function readJudgmentSeries(
  workspace: Workspace,
  filter: SeriesFilter,
): Promise<Record<string, unknown>> {
  const points = await listSeriesPoints(workspace, filter, mostPoints + 1);
  if (points.length > mostPoints) {
    throw invalid(
      ['query', 'interval'],
      `There are more than ${mostPoints.toLocaleString('en')} points. Choose a longer interval, a shorter time or one evaluator.`,
    );
  }
  const byEvaluator = Map.groupBy(points, ({ evaluatorVersionId }) => evaluatorVersionId);
  return {
    series: [...byEvaluator].map(([evaluatorVersionId, some]) => ({
      evaluator_id: some[0]?.evaluatorId,
      evaluator_version_id: evaluatorVersionId,
      version_id: filter.versionId ?? null,
      points: some.map(pointBody),
    })),
  };
}

function pointBody({ at, total, judged, nulls, errors, ...said }: SeriesPoint) {
  return { at, total, judged, nulls, errors, ...valueBody(said) };
}

function valueBody({
  returns,
  mean,
  perOption,
}: Pick<SeriesPoint, 'returns' | 'mean' | 'perOption'>): Record<string, unknown> {
  switch (returns) {
    case 'number':
      return { mean };
    case 'boolean':
      return { share: mean };
    case 'select':
    case 'multi_select':
      return { per_option: perOption ?? {} };
    case 'text':
      return {};
  }
}
