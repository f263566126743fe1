import { sql } from 'kysely';
import { batched } from '../../database/batched.ts';
import type { Database } from '../../database/database.ts';
import { hot, jsonList, type Workspace } from '../../database/workspace.ts';
import type { RunRecord } from '../../logs/log-record.ts';
import type { Lease } from '../leases/lease.ts';
import { orMore } from './event-sql.ts';
import { chunksOf, type NumberedStoredEvent, type StoredEvent } from './stored-event.ts';

/**
 * Writes events that runs emitted between two steps, for many runs of an organization at once.
 * Events of a run whose lease is stale are dropped, and so are those of a run that is being
 * deleted.
 */
export async function writeEvents(
  workspace: Pick<Workspace, 'organizationId' | 'db'>,
  batches: readonly { readonly lease: Lease; readonly events: readonly NumberedStoredEvent[] }[],
): Promise<void> {
  const rows = batches.flatMap(({ lease: { logId: log_id, token }, events }) =>
    chunksOf(events).map((chunk) => JSON.stringify({ log_id, token, ...chunk })),
  );
  await hot(
    workspace,
    `/* hot */ INSERT INTO run_event (organization_id, log_id, number, events)
    SELECT run.organization_id, run.log_id, given.number, given.events
    FROM json_to_recordset($2::json) AS given (
      log_id text, token bigint, number integer, events json)
    JOIN run ON run.organization_id = $1 AND run.log_id = given.log_id
      AND run.lease_token = given.token AND run.state = 'running'
    FOR KEY SHARE OF run SKIP LOCKED
    ${orMore}`,
    [workspace.organizationId, jsonList(rows)],
  );
}

/** What one look at a followed run finds. */
export interface FollowedState {
  /** Null when the run has ended, or never existed. */
  readonly state: RunState;
  /** The events after the given number, in order; at most {@link mostRows} rows of them. */
  readonly events: readonly NumberedStoredEvent[];
  /** False: more events are stored than were read. */
  readonly isAll: boolean;
}

type RunState = RunRecord['state'] | null;

interface StateRow {
  readonly log_id: string;
  readonly state: RunRecord['state'];
  readonly event_count: number;
}

async function readStates(
  workspace: Workspace,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StateRow>> {
  const states = await hot<StateRow>(
    workspace,
    `/* hot */ SELECT log_id, state, event_count FROM run
    WHERE organization_id = $1 AND log_id = ANY($2)`,
    [workspace.organizationId, [...ids]],
  );
  return new Map(states.map((row) => [row.log_id, row]));
}

/**
 * The state of a run; null when it has ended, or never existed. Concurrent readers share a
 * statement.
 */
export const readState = batched(async (workspace, ids: readonly string[]) => {
  const stateOf = await readStates(workspace, ids);
  return ids.map((id) => stateOf.get(id)?.state ?? null);
});

/**
 * The most rows of events that one reader gets at once: at most 1 MB, or about 3 s of a live
 * stream.
 */
const mostRows = 32;
/**
 * The most rows that all readers of one statement get together: at most 13 MB. Each reader gets at
 * least `fewestRows`.
 */
const mostRowsTogether = 320;
const fewestRows = 4;

/**
 * The state of a run, and its events after a number. Concurrent readers share the statements.
 *
 * The state is read before the events. A reader that sees a run at rest therefore has all events up
 * to the rest.
 */
export const readEvents = batched(
  async (
    workspace,
    readers: readonly { readonly logId: string; readonly after: number }[],
  ): Promise<readonly FollowedState[]> => {
    const ids = readers.map(({ logId }) => logId);
    const share = Math.floor(mostRowsTogether / readers.length);
    const limit = Math.max(fewestRows, Math.min(mostRows, share));
    const stateOf = await readStates(workspace, ids);
    const rows = await hot<{ reader: number; number: number; events: readonly StoredEvent[] }>(
      workspace,
      `/* hot */ SELECT reader.n AS reader, chunk.number, chunk.events
      FROM unnest($2::text[], $3::integer[]) WITH ORDINALITY AS reader (log_id, after, n)
      CROSS JOIN LATERAL (
        SELECT number, events FROM run_event
        WHERE organization_id = $1 AND log_id = reader.log_id AND number >= coalesce((
          SELECT max(number) FROM run_event
          WHERE organization_id = $1 AND log_id = reader.log_id AND number <= reader.after + 1), 0)
        ORDER BY number LIMIT $4) AS chunk
      ORDER BY reader.n, chunk.number`,
      [workspace.organizationId, ids, readers.map(({ after }) => after), limit],
    );
    const rowsOf = Map.groupBy(rows, ({ reader }) => Number(reader) - 1);
    return readers.map(({ logId, after }, index) => {
      const read = rowsOf.get(index) ?? [];
      const { state = null, event_count: count } = stateOf.get(logId) ?? {};
      const events = read
        .flatMap(({ number: first, events }) =>
          events.map((event, index) => ({ number: first + index, event })),
        )
        .filter(({ number }) => number > after);
      // Leave out events from after the rest. The run may have been continued between the two
      // statements, and a reader would take the events of the continue for events before the rest.
      const known =
        state === 'running' || count === undefined
          ? events
          : events.filter(({ number }) => number <= count);
      return { state, events: known, isAll: read.length < limit && known.length === events.length };
    });
  },
);

/**
 * The number of the last event before the last continue of a run; undefined when no continue is
 * stored.
 */
export async function beforeContinue(
  workspace: Workspace,
  logId: string,
): Promise<number | undefined> {
  const [row] = await hot<{ number: number }>(
    workspace,
    `/* hot */ SELECT number - 1 AS number FROM run_event
    WHERE organization_id = $1 AND log_id = $2 AND events->0->>'type' = 'agent_turn_continue'
    ORDER BY number DESC LIMIT 1`,
    [workspace.organizationId, logId],
  );
  return row?.number;
}

/**
 * Deletes the events of ended runs that have written none for `minutes`.
 *
 * The statement spans organizations, because the same limit holds for all.
 */
export async function expireEvents({ db }: Database, minutes: number): Promise<void> {
  const oldest = sql`now() - make_interval(mins => ${minutes})`;
  await sql`DELETE FROM run_event AS old WHERE written_at < ${oldest}
    AND NOT EXISTS (SELECT FROM run
      WHERE run.organization_id = old.organization_id AND run.log_id = old.log_id)
    AND NOT EXISTS (SELECT FROM run_event AS young
      WHERE young.organization_id = old.organization_id AND young.log_id = old.log_id
        AND young.written_at >= ${oldest})`.execute(db);
}
