import type { AnswerOf, Schemas } from '../../api/types.ts';

/** One thing that a trace shows, without its payloads. A turn is a model call of an agent; a call is a tool call that has no log of its own. */
export type Span = Schemas['Span'];
export type SpanKind = Span['kind'];
export type SpanStatus = Span['status'];

/** A page of spans, and where to go on. */
export type SpanPage = AnswerOf<'/v5/logs/{log_id}/spans'>;

export function idOfTurn(logId: string, turn: number): string {
  return `${logId}*${turn}`;
}
