import { type RawBuilder, sql } from 'kysely';
import { attachedEvaluators } from '../attached-queries.ts';

/**
 * The evaluators with which the server judges the logs of Runs: those of all Evaluations that hold
 * the Run, unless they were deleted.
 *
 * @param member the condition on a row `m` of `evaluation_member`.
 * @returns a query with organization_id, run_id, evaluator_version_id and is_target_free.
 */
export function evaluatorsOfRuns(member: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`SELECT DISTINCT m.organization_id, m.run_id, ee.evaluator_version_id,
      (v.spec -> 'spec' ->> 'arguments_type') = 'target_free' AS is_target_free
    ${attachedEvaluators(member)} AND ee.orchestrated`;
}

/**
 * The condition that the server has judged the log of a slot `s` with an evaluator `re` of
 * {@link evaluatorsOfRuns}, and nothing that the evaluator looks at has changed since. For a slot
 * without a datapoint any such judgment will do: a new one would replace that of another Run.
 */
export const isJudged = sql<boolean>`EXISTS (SELECT FROM judgment j
  WHERE j.organization_id = s.organization_id AND j.log_id = s.log_id
    AND j.evaluator_version_id = re.evaluator_version_id AND j.judge = '' AND j.is_current
    AND (re.is_target_free OR s.datapoint_id IS NULL OR j.datapoint_id = s.datapoint_id))`;
