import type { Plan } from './plan.ts';
import type { StreamReader } from './stream-reader.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies whose shape they assert
export type Log = any;

/** What a client was told of a run, and did with it. */
export interface Story {
  readonly logId: string;
  readonly plan: Plan;
  readonly save: boolean;
  /** The keys for its model calls are the client's: no server can go on without it. */
  readonly bringsKeys: boolean;
  /** The last that was acknowledged: how the run stood. */
  end: 'unknown' | 'suspended' | 'interrupted' | 'complete' | 'deleted';
  /** The log of the last answer. */
  log: Log;
  /** A cancel was sent, and perhaps acknowledged. */
  cancel: 'none' | 'sent' | 'acknowledged';
  /** It was asked that the log be deleted, and perhaps acknowledged. */
  deletion: 'none' | 'sent' | 'acknowledged';
  /** When that was acknowledged, in milliseconds since 1970. */
  deletedAt: number | undefined;
  /** How often its call was sent. */
  calls: number;
  /** An agent below it was answered by its own log, so servers go on with it by themselves. */
  hasAnsweredBelow: boolean;
  /** What each stream that followed the run has seen. */
  readonly readers: StreamReader[];
}

/**
 * The calls that wait for the client. Without payloads a log does not tell, but its client knows:
 * here, by the plan. Answers to calls that the server has answered itself are passed over.
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
