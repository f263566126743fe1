import type { World } from './world.ts';

/** The log of a nested agent that waits for a client. */
interface WaitingLog {
  readonly id: string;
  /** The call of the agent above that it answers. */
  readonly callId: string;
  /** The calls that wait for the client. */
  readonly pending: readonly string[];
}

interface Row {
  readonly id: string;
  readonly tool_call_id: string;
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
      `SELECT log.id, log.tool_call_id, turn.message, turn.results
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
    callId: row.tool_call_id,
    pending: calls.filter((id) => !answered.has(id)),
  };
}
