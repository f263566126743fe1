/** One thing that a trace shows, without its payloads: `GET /v5/logs/{log_id}/spans`. */
export interface Span {
  /** A log's id; of a turn `<log_id>*<n>`; of a call `<log_id>*<n>*<tool_call_id>`. */
  readonly id: string;
  /** Null for the log that was asked for. A log that answers a call hangs below its turn. */
  readonly parent_id: string | null;
  readonly kind: SpanKind;
  readonly log_id: string;
  /** From 1: of turns and calls, and of logs that answer a call. */
  readonly turn: number | null;
  readonly tool_call_id: string | null;
  /** Of the file, the model or the tool's function. */
  readonly name: string;
  readonly path: string | null;
  readonly file_id: string | null;
  readonly version_id: string | null;
  readonly model: string | null;
  readonly provider: string | null;
  readonly status: SpanStatus;
  /** Its first line. */
  readonly error: string | null;
  readonly started_at: string;
  /** Null: open, or not known. */
  readonly ended_at: string | null;
  readonly first_token_at: string | null;
  readonly prompt_tokens: number | null;
  readonly output_tokens: number | null;
  readonly reasoning_tokens: number | null;
  /** US dollars, own and of its turns. */
  readonly prompt_cost: number | null;
  readonly output_cost: number | null;
  readonly iterations: number | null;
  /** When its client was waited for. */
  readonly waits: readonly { readonly from: string; readonly until: string | null }[];
  readonly answered_by: 'client' | 'server' | null;
  readonly answered_at: string | null;
  /** Who answered it for the client: a person, or a program with a key; null when it is not known. */
  readonly answerer: Answerer | null;
  /** True: a turn taken from another log, at no cost. Its times are those of the original. */
  readonly copied: boolean;
  readonly forked_from: { readonly log_id: string; readonly turn: number } | null;
}

export interface Answerer {
  readonly member: {
    readonly id: string;
    readonly email_address: string;
    readonly full_name?: string | null;
  } | null;
  /** Null for somebody who was signed in. */
  readonly api_key: { readonly id: string; readonly name: string } | null;
}

/** A turn is a model call of an agent; a call is a tool call that has no log of its own. */
export type SpanKind = 'agent' | 'prompt' | 'tool' | 'flow' | 'evaluator' | 'turn' | 'call';

export type SpanStatus =
  | 'running'
  | 'suspended'
  | 'interrupted'
  | 'incomplete'
  | 'complete'
  | 'error';

/** A page of spans, and where to go on. */
export interface SpanPage {
  readonly spans: readonly Span[];
  readonly next_cursor: string | null;
  /** Give it as `since` to be told what has changed. */
  readonly changes: string;
  readonly is_open: boolean;
}

export function idOfTurn(logId: string, turn: number): string {
  return `${logId}*${turn}`;
}
