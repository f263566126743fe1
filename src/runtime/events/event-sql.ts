/** Parts of statements that write events with something else. */

/**
 * Events whose writing was not acknowledged are written again, with those that came after them: the
 * row that is there is a part of the one that is given.
 */
export const orMore =
  'ON CONFLICT (organization_id, log_id, number) DO UPDATE SET events = excluded.events';

/**
 * Writes the last event of runs, as `told`.
 *
 * @param runs the part that has their organization, log and `event_count`.
 * @param events the parameter with the row's events, a JSON list.
 * @param condition when it is written at all.
 */
export function toldEvent(runs: string, events: string, condition = 'true'): string {
  return `told AS (
      INSERT INTO run_event (organization_id, log_id, number, events)
      SELECT organization_id, log_id, event_count, ${events} FROM ${runs} WHERE ${condition})`;
}

/**
 * Writes the events of steps, as `told`: none of those whose lease is stale.
 *
 * @param held the part with the steps that hold their lease, and in `events` their rows of events.
 */
export function toldChunks(held: string): string {
  return `told AS (
    INSERT INTO run_event (organization_id, log_id, number, events)
    SELECT held.organization_id, held.log_id, chunk.number, chunk.events
    FROM ${held} AS held, json_to_recordset(held.events) AS chunk (number integer, events json)
    ${orMore})`;
}
