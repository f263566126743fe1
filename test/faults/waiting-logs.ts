import type { World } from './world.ts';

/** The log of a nested agent that waits for a client: for answers, or for keys. */
interface WaitingLog {
  readonly id: string;
  /** The calls that wait for answers; empty when the agent waits for keys. */
  readonly pending: readonly string[];
}

interface Row {
  readonly id: string;
  readonly state: 'suspended' | 'interrupted';
  /** Null before the first turn. */
  readonly message: { readonly tool_calls?: readonly { readonly id: string }[] } | null;
  readonly results: readonly { readonly tool_call_id: string }[] | null;
}

/** Finds the innermost nested log that waits for a client; undefined when there is none. */
export async function waitingLogBelow(
  { database }: World,
  logId: string,
): Promise<WaitingLog | undefined> {
  const { rows } = await database.pool
    .query<Row>(
      `SELECT log.id, run.state, turn.message, turn.results
      FROM log JOIN run ON run.log_id = log.id
      LEFT JOIN LATERAL (SELECT message, results FROM turn WHERE turn.log_id = log.id
        ORDER BY number DESC LIMIT 1) AS turn ON true
      WHERE log.trace_id = $1 AND log.id <> $1 AND (run.state = 'interrupted'
        OR run.state = 'suspended' AND NOT EXISTS (
          SELECT FROM log AS below JOIN run ON run.log_id = below.id
          WHERE below.trace_parent_id = log.id))
      ORDER BY log.id LIMIT 1`,
      [logId],
    )
    .catch(() => ({ rows: [] }));
  const [row] = rows;
  if (!row) return undefined;
  if (row.state === 'interrupted') return { id: row.id, pending: [] };
  const answered = new Set((row.results ?? []).map(({ tool_call_id }) => tool_call_id));
  const calls = (row.message?.tool_calls ?? []).map(({ id }) => id);
  return {
    id: row.id,
    pending: calls.filter((id) => !answered.has(id)),
  };
}

/** Whether a run and all runs nested in it have nothing under way, and nothing about to start. */
export async function isQuiet({ database }: World, logId: string): Promise<boolean> {
  const { rows } = await database.pool
    .query(
      `SELECT 1 FROM log JOIN run ON run.log_id = log.id
      WHERE log.trace_id = $1 AND run.state = 'running'
        -- What an interrupted run was doing goes on with it.
        AND NOT EXISTS (SELECT FROM run AS above
          WHERE above.log_id = run.parent_log_id AND above.state = 'interrupted')
      UNION ALL
      SELECT 1 FROM log AS child JOIN run AS above ON above.log_id = child.trace_parent_id
      WHERE child.trace_id = $1 AND child.log_status = 'complete' AND child.type = 'agent'
        -- Of an earlier turn, the client may have answered for it.
        AND child.created_at >= (SELECT max(started_at) FROM turn WHERE log_id = above.log_id)
        AND NOT EXISTS (SELECT FROM observed.result
          WHERE result.log_id = above.log_id AND result.tool_call_id = child.tool_call_id)
      LIMIT 1`,
      [logId],
    )
    .catch(() => ({ rows: [undefined] }));
  return rows.length === 0;
}
