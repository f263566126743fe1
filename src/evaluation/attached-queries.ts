import { type RawBuilder, sql } from 'kysely';

/**
 * `FROM … WHERE …`: the evaluators `ee` of the Evaluations `e` that hold Runs, and their versions `v`.
 * Evaluations and evaluators that were deleted are left out: nobody waits for them.
 *
 * @param member the condition on a row `m` of `evaluation_member`.
 */
export function attachedEvaluators(member: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`FROM evaluation_member m
    JOIN evaluation e ON e.organization_id = m.organization_id AND e.id = m.evaluation_id
      AND e.deleted_at IS NULL
    JOIN evaluation_evaluator ee ON ee.organization_id = m.organization_id
      AND ee.evaluation_id = m.evaluation_id
    JOIN version v ON v.organization_id = m.organization_id AND v.id = ee.evaluator_version_id
      AND v.deleted_at IS NULL
    JOIN file f ON f.organization_id = m.organization_id AND f.id = ee.evaluator_id
      AND f.deleted_at IS NULL
    WHERE ${member}`;
}

/**
 * The condition that a judgment `j` counts for an attached evaluator. SDKs send judgments of changed
 * code, and errors, with another version than the attached one, so judgments of clients are matched
 * by the evaluator's file. A judgment of a version that is itself attached counts for that version
 * alone.
 *
 * @param evaluator the alias of a row of `evaluation_evaluator`.
 */
export function countsFor(evaluator: string): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${evaluator}.${name}`);
  return sql<boolean>`(${column('evaluator_id')} = j.evaluator_id
    AND (${column('evaluator_version_id')} = j.evaluator_version_id
      OR NOT ${column('orchestrated')} AND NOT EXISTS (SELECT FROM evaluation_evaluator other
        WHERE other.organization_id = ${column('organization_id')}
          AND other.evaluation_id = ${column('evaluation_id')}
          AND other.evaluator_version_id = j.evaluator_version_id)))`;
}
