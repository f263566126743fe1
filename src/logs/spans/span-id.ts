import { logNotFound } from '../errors.ts';

/** What a span is of: a log, one of its turns, or a tool call of a turn. */
export interface SpanTarget {
  readonly logId: string;
  /** From 1; undefined for the span of a log. */
  readonly turn?: number | undefined;
  readonly toolCallId?: string | undefined;
}

/** The ids of logs never contain it, so an id says what it is of. The ids of tool calls may. */
const separator = '*';

/** `log_1`, `log_1*2` or `log_1*2*call_7`. */
export function writeSpanId({ logId, turn, toolCallId }: SpanTarget): string {
  return [logId, turn, toolCallId].filter((part) => part !== undefined).join(separator);
}

/** @throws `log_not_found` (not_found) for an id that no span has. */
export function readSpanId(id: string): SpanTarget {
  const [, logId = '', turn, toolCallId] =
    /^([^*]+)(?:\*([1-9]\d{0,8})(?:\*(.*))?)?$/s.exec(id) ?? [];
  if (logId === '') throw logNotFound(id);
  return { logId, turn: turn === undefined ? undefined : Number(turn), toolCallId };
}
