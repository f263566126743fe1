import type { WireMessage } from './conversation-check.ts';
import type { World } from './world.ts';

/** The log of a run, of a nested agent, or of a tool call. */
export interface StoredLog {
  readonly id: string;
  readonly type: string;
  readonly trace_id: string | null;
  readonly trace_parent_id: string | null;
  readonly tool_call_id: string | null;
  readonly log_status: string | null;
  readonly output: string | null;
  readonly error: string | null;
  readonly ended_as: string | null;
  readonly messages: readonly WireMessage[] | null;
  readonly save: boolean;
}

export interface StoredTurn {
  readonly log_id: string;
  readonly number: number;
  readonly message: WireMessage | null;
  readonly results: readonly WireMessage[];
  readonly continuation: readonly WireMessage[] | null;
}

interface StoredLease {
  readonly log_id: string;
  readonly state: string;
  readonly token: number;
  readonly owner: string | null;
  /** The role of the server that wrote it; see `databaseRole`. */
  readonly role: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Everything that is stored of some runs, and what Postgres recorded while it was written. */
export interface StoredRuns {
  readonly logs: readonly StoredLog[];
  readonly turns: readonly StoredTurn[];
  readonly runs: readonly {
    readonly log_id: string;
    readonly state: string;
    readonly lease_owner: string | null;
  }[];
  readonly observed: {
    readonly turns: readonly {
      readonly log_id: string;
      readonly number: number;
      readonly at: number;
    }[];
    readonly results: readonly {
      readonly log_id: string;
      readonly number: number;
      readonly tool_call_id: string;
      readonly at: number;
    }[];
    readonly leases: readonly StoredLease[];
    readonly statuses: readonly {
      readonly log_id: string;
      readonly status: string | null;
      readonly at: number;
    }[];
  };
}

/** Reads runs by the ids of their outermost logs, with everything nested in them. */
export async function readStoredRuns(
  { database }: World,
  logIds: readonly string[],
): Promise<StoredRuns> {
  const queryRows = async <Row>(text: string, values: unknown[]): Promise<Row[]> =>
    (await database.pool.query(text, values)).rows as Row[];
  const logs = await queryRows<StoredLog>(
    `SELECT id, type, trace_id, trace_parent_id, tool_call_id, log_status, output, error, ended_as, messages,
      save FROM log WHERE id = ANY($1) OR trace_id = ANY($1)`,
    [logIds],
  );
  const ids = logs.map(({ id }) => id);
  const at = '(extract(epoch FROM at) * 1000)::float8 AS at';
  const [turns, runs, ...noted] = await Promise.all([
    queryRows<StoredTurn>(
      `SELECT log_id, number, message, results, continuation FROM turn
      WHERE log_id = ANY($1) ORDER BY log_id, number`,
      [ids],
    ),
    queryRows<StoredRuns['runs'][number]>(
      'SELECT log_id, state, lease_owner FROM run WHERE log_id = ANY($1)',
      [ids],
    ),
    queryRows<StoredRuns['observed']['turns'][number]>(
      `SELECT log_id, number, ${at} FROM observed.turn WHERE log_id = ANY($1)`,
      [ids],
    ),
    queryRows<StoredRuns['observed']['results'][number]>(
      `SELECT log_id, number, tool_call_id, ${at} FROM observed.result WHERE log_id = ANY($1)`,
      [ids],
    ),
    queryRows<StoredLease>(
      `SELECT log_id, state, token, owner, role, ${at} FROM observed.lease WHERE log_id = ANY($1)
      ORDER BY observed.lease.at`,
      [ids],
    ),
    queryRows<StoredRuns['observed']['statuses'][number]>(
      `SELECT log_id, status, ${at} FROM observed.status WHERE log_id = ANY($1)
      ORDER BY observed.status.at`,
      [ids],
    ),
  ]);
  const [observedTurns, results, leases, statuses] = noted;
  return { logs, turns, runs, observed: { turns: observedTurns, results, leases, statuses } };
}
