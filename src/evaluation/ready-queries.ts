import { type RawBuilder, sql } from 'kysely';
import { fileKinds } from '../files/kinds/index.ts';

/** The kinds whose logs may be opened before anything has happened: those that begin traces. */
const openedEarly = fileKinds.filter(({ log }) => log?.beginsTrace).map(({ type }) => type);

/**
 * Whether a row of `log` is ready: it can be judged. It is complete, or was logged without a status;
 * and no run of ours writes it. A log that begins a trace, without a status and without any outcome,
 * is one that a client has only opened.
 *
 * Read it in a statement after the one that locks the log: the run is another row.
 *
 * @param alias the name of the row in the statement.
 */
export function isReady(alias = 'l'): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${alias}.${name}`);
  return sql<boolean>`(${column('log_status')} IS DISTINCT FROM 'incomplete'
    AND NOT (${column('log_status')} IS NULL AND ${column('save')}
      AND ${column('type')} = ANY(${openedEarly}::text[]) AND ${column('output')} IS NULL
      AND ${column('output_message')} IS NULL AND ${column('error')} IS NULL)
    AND NOT EXISTS (SELECT FROM run WHERE run.organization_id = ${column('organization_id')}
      AND run.log_id = ${column('id')}))`;
}
