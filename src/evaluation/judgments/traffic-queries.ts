import { type RawBuilder, sql } from 'kysely';

/** Evaluator logs of evaluator logs of evaluator logs are not judged. */
export const deepestChain = 3;

/**
 * The chain of a log: the log, the log that it judges, the log that that one judges, and so on.
 *
 * @param log the alias of a row of `log`.
 * @returns a query in parentheses, with id, trace_id, file_id and depth; the log itself has depth 0.
 */
export function chainOf(log: string): RawBuilder<unknown> {
  const column = (name: string) => sql.ref(`${log}.${name}`);
  return sql`(WITH RECURSIVE link AS (
      SELECT ${column('id')} AS id, ${column('trace_id')} AS trace_id,
        ${column('file_id')} AS file_id, ${column('parent_id')} AS parent_id, 0 AS depth
      UNION ALL
      SELECT judged.id, judged.trace_id, judged.file_id, judged.parent_id, link.depth + 1
      FROM link JOIN log judged ON judged.organization_id = ${column('organization_id')}
        AND judged.id = link.parent_id
      WHERE link.depth < ${sql.raw(String(deepestChain))})
    SELECT id, trace_id, file_id, depth FROM link)`;
}

/**
 * The condition that a log was made for a Run, and is not traffic: a Run's own log, a log below it,
 * or a judgment of one.
 *
 * @param log the alias of a row of `log`.
 */
export function isTest(log: string): RawBuilder<boolean> {
  // OFFSET 0 makes Postgres look each log up. Otherwise it would read all slots of the organization,
  // as long as it has no statistics of them.
  return sql<boolean>`EXISTS (SELECT FROM ${chainOf(log)} AS link
    CROSS JOIN LATERAL (VALUES (link.id), (link.trace_id)) AS placed (log_id)
    CROSS JOIN LATERAL (SELECT origin FROM evaluation_slot place
      WHERE place.organization_id = ${sql.ref(`${log}.organization_id`)}
        AND place.log_id = placed.log_id OFFSET 0) AS place
    WHERE place.origin NOT IN ('added', 'existing'))`;
}

/**
 * The condition that the sample of a monitor has a log. The hash of the log and the evaluator decides
 * it, so it is the same each time, and evaluators sample independently.
 *
 * @param log the alias of a row of `log`. @param monitor that of a row of `monitoring_evaluator`.
 */
export function isSampled(log: string, monitor: string): RawBuilder<boolean> {
  return sql<boolean>`('x' || left(md5(${sql.ref(`${log}.id`)} || ' ' || ${sql.ref(
    `${monitor}.evaluator_id`,
  )}), 8))::bit(32)::bigint < ${sql.ref(`${monitor}.sample_rate`)} * 4294967296`;
}
