import type { Plan } from './plan.ts';
import type { StreamReader } from './stream-reader.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies whose shape they assert
export type Log = any;

/** What a client did with a run, and what it was told. */
export interface Story {
  readonly logId: string;
  readonly plan: Plan;
  readonly save: boolean;
  /**
   * True: the keys for its model calls come from the client, so no server can continue it without
   * them.
   */
  readonly bringsKeys: boolean;
  /** The last acknowledged state of the run. */
  end: 'unknown' | 'suspended' | 'interrupted' | 'complete' | 'deleted';
  /** The log of the last answer. */
  log: Log;
  /** Whether a cancel was sent, and whether it was acknowledged. */
  cancel: 'none' | 'sent' | 'acknowledged';
  /** Whether a deletion was sent, and whether it was acknowledged. */
  deletion: 'none' | 'sent' | 'acknowledged';
  /** When the deletion was acknowledged, in milliseconds since 1970. */
  deletedAt: number | undefined;
  /** How often its call was sent. */
  calls: number;
  /** A nested agent was answered through its own log, so servers continue the run by themselves. */
  hasAnsweredBelow: boolean;
  /** The events that each stream of the run has received. */
  readonly readers: StreamReader[];
}

/**
 * The calls that wait for the client. A log without payloads does not list them, but the client
 * knows them from the plan. The server ignores answers to calls that it has answered itself.
 */
export function pendingCalls({ save, log, plan }: Story): readonly string[] {
  if (!save) {
    const turn = plan.turns[log.turns.length - 1];
    return (turn?.calls ?? []).filter(({ tool }) => tool !== 'missing').map(({ id }) => id);
  }
  const calls: readonly { id: string }[] = log.previous_agent_message?.tool_calls ?? [];
  const answered = new Set(log.messages.map((message: Log) => message.tool_call_id));
  return calls.map(({ id }) => id).filter((id) => !answered.has(id));
}
