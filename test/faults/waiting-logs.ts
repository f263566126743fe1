import type { World } from './world.ts';

/** The log of a nested agent that waits for a client. */
interface WaitingLog {
  readonly id: string;
  /** The calls that wait for the client. */
  readonly pending: readonly string[];
}

interface Row {
  readonly id: string;
  readonly message: { readonly tool_calls?: readonly { readonly id: string }[] };
  readonly results: readonly { readonly tool_call_id: string }[];
}

/** Finds the innermost log below another that waits for a client; undefined when there is none. */
export async function waitingLogBelow(
  { database }: World,
  logId: string,
): Promise<WaitingLog | undefined> {
  const { rows } = await database.pool
    .query<Row>(
      `SELECT log.id, turn.message, turn.results
      FROM log JOIN run ON run.log_id = log.id
      JOIN LATERAL (SELECT message, results FROM turn WHERE turn.log_id = log.id
        ORDER BY number DESC LIMIT 1) AS turn ON true
      WHERE log.trace_id = $1 AND log.id <> $1 AND run.state = 'suspended'
        AND NOT EXISTS (SELECT FROM log AS below JOIN run ON run.log_id = below.id
          WHERE below.trace_parent_id = log.id)
      ORDER BY log.id LIMIT 1`,
      [logId],
    )
    .catch(() => ({ rows: [] }));
  const [row] = rows;
  if (!row) return undefined;
  const answered = new Set(row.results.map(({ tool_call_id }) => tool_call_id));
  const calls = (row.message.tool_calls ?? []).map(({ id }) => id);
  return {
    id: row.id,
    pending: calls.filter((id) => !answered.has(id)),
  };
}

/** Whether nothing is under way in a run and below it, nor about to be. */
export async function isQuiet({ database }: World, logId: string): Promise<boolean> {
  const { rows } = await database.pool
    .query(
      `SELECT 1 FROM log JOIN run ON run.log_id = log.id
      WHERE log.trace_id = $1 AND run.state = 'running'
      UNION ALL
      SELECT 1 FROM log AS child JOIN run AS above ON above.log_id = child.trace_parent_id
      WHERE child.trace_id = $1 AND child.log_status = 'complete' AND child.type = 'agent'
        AND NOT EXISTS (SELECT FROM observed.result
          WHERE result.log_id = above.log_id AND result.tool_call_id = child.tool_call_id)
      LIMIT 1`,
      [logId],
    )
    .catch(() => ({ rows: [undefined] }));
  return rows.length === 0;
}
