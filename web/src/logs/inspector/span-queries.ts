import { queryOptions } from '@tanstack/react-query';
import { readJson } from '../../api/client.ts';
import type { ChatMessage, LogResponse } from '../../api/types.ts';
import type { Span } from '../trace/span.ts';

/** What a span was given and what came back: `GET /v5/logs/{log_id}/spans/{span_id}`. */
export interface SpanDetails {
  readonly id: string;
  readonly kind: Span['kind'];
  readonly span: Span;
  readonly log: LogResponse | null;
  readonly turn: TurnDetails | null;
  readonly call: {
    readonly tool_call_id: string;
    readonly name: string;
    readonly arguments: string | null;
    readonly result: ChatMessage | null;
  } | null;
}

export interface TurnDetails {
  readonly number: number;
  /** The place of `message` in the `messages` of the log; null for what is its output. */
  readonly message_index: number | null;
  readonly message: ChatMessage | null;
  readonly results: readonly ChatMessage[];
  readonly finish_reason: string | null;
  readonly request: Readonly<Record<string, unknown>> | null;
  readonly response: Readonly<Record<string, unknown>> | null;
  readonly input_tokens: number | null;
  readonly cache_read_tokens: number | null;
  readonly cache_write_tokens: number | null;
  readonly output_tokens: number | null;
  readonly reasoning_tokens: number | null;
}

/**
 * The payloads of one span. They are read when the span is opened, and kept for the session once it has
 * ended.
 */
export function spanQuery(logId: string, { id, status, ended_at: endedAt }: Span) {
  const path = `/v5/logs/${encodeURIComponent(logId)}/spans/${encodeURIComponent(id)}`;
  return queryOptions({
    // What changes with the span is read again with it.
    queryKey: ['span', logId, id, status, endedAt],
    queryFn: ({ signal }) => readJson<SpanDetails>(path, { signal }),
    staleTime: status === 'complete' || status === 'error' ? Number.POSITIVE_INFINITY : 0,
    gcTime: Number.POSITIVE_INFINITY,
  });
}
