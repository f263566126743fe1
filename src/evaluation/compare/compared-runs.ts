import { invalid } from '../../kernel/errors.ts';
import { evaluationRunNotFound } from '../errors.ts';
import type { MemberRun, StatsScope } from '../stats/scope-queries.ts';

export interface GivenRuns {
  readonly run: string;
  /** The id of a Run; `control`; or `previous`, the newest that was added before. */
  readonly baseline: string;
}

/**
 * The Runs of an Evaluation that are to be compared.
 *
 * @throws `evaluation_run_not_found`; `invalid` when there is no control or no previous Run.
 */
export function comparedRuns(
  { runs }: StatsScope,
  { run, baseline }: GivenRuns,
  place: 'body' | 'query',
): { readonly run: MemberRun; readonly baseline: MemberRun } {
  const found = runs.find(({ id }) => id === run);
  if (!found) throw evaluationRunNotFound(run);
  const loc = [place, 'baseline'];
  if (baseline === 'control') {
    const control = runs.find(({ isControl }) => isControl);
    if (!control) throw invalid(loc, 'No Run of this Evaluation is its control.');
    return { run: found, baseline: control };
  }
  if (baseline === 'previous') {
    const previous = runs
      .slice(runs.indexOf(found) + 1)
      .find(({ status, readySlots }) => status !== 'cancelled' && readySlots > 0);
    if (!previous) throw invalid(loc, 'There is no Run with logs before this one.');
    return { run: found, baseline: previous };
  }
  const other = runs.find(({ id }) => id === baseline);
  if (!other) throw evaluationRunNotFound(baseline);
  return { run: found, baseline: other };
}
