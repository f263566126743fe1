import { queryOptions } from '@tanstack/react-query';
import { readExact } from '../../api/client.ts';
import type { AnswerOf } from '../../api/types.ts';
import type { Span } from '../trace/span.ts';

/** What a span was given and what came back. */
export type SpanDetails = AnswerOf<'/v5/logs/{log_id}/spans/{span_id}'>;
export type TurnDetails = NonNullable<SpanDetails['turn']>;

/**
 * The payloads of one span. They are read when the span is opened, and kept for the session once it has
 * ended.
 */
export function spanQuery(logId: string, { id, status, ended_at: endedAt }: Span) {
  const path = `/v5/logs/${encodeURIComponent(logId)}/spans/${encodeURIComponent(id)}`;
  return queryOptions({
    // What changes with the span is read again with it.
    queryKey: ['span', logId, id, status, endedAt],
    queryFn: ({ signal }) => readExact<SpanDetails>(path, { signal }),
    // Numbers that are kept as they were written are no values to look into.
    structuralSharing: false,
    staleTime: status === 'complete' || status === 'error' ? Number.POSITIVE_INFINITY : 0,
    gcTime: Number.POSITIVE_INFINITY,
  });
}
