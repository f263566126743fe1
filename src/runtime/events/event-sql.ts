/** Fragments of statements that write events together with something else. */

/**
 * Replaces a row of events that is on disk already. A process that got no answer to a write repeats
 * it, together with the events that came later, so the new row contains the old one.
 */
export const orMore =
  'ON CONFLICT (organization_id, log_id, number) DO UPDATE SET events = excluded.events';

/**
 * Inserts the last event of runs, as the CTE `told`.
 *
 * @param runs the CTE with the organization, log and `event_count` of the runs.
 * @param events the parameter with the events of the row, a JSON list.
 * @param condition the SQL condition under which the row is inserted.
 */
export function toldEvent(runs: string, events: string, condition = 'true'): string {
  return `told AS (
      INSERT INTO run_event (organization_id, log_id, number, events)
      SELECT organization_id, log_id, event_count, ${events} FROM ${runs} WHERE ${condition})`;
}

/**
 * Inserts the events of steps, as the CTE `told`. A step whose lease is stale is not in `held`, so
 * its events are not inserted.
 *
 * @param held the CTE with the steps whose leases are valid; its column `events` has their rows.
 */
export function toldChunks(held: string): string {
  return `told AS (
    INSERT INTO run_event (organization_id, log_id, number, events)
    SELECT held.organization_id, held.log_id, chunk.number, chunk.events
    FROM ${held} AS held, json_to_recordset(held.events) AS chunk (number integer, events json)
    ${orMore})`;
}
