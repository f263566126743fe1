import type { Span } from './span.ts';

/** What some spans took together. Unknown costs count as nothing; `hasUnknownCost` says that there are some. */
export interface Totals {
  readonly cost: number;
  readonly hasUnknownCost: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly modelCalls: number;
  readonly toolCalls: number;
  readonly errors: number;
}

/**
 * Sums up a trace. The cost of a log is in its own turns, so of agents only their turns are counted; a
 * prompt with one model call has its own.
 */
export function totalsOf(spans: Iterable<Span>): Totals {
  const list = [...spans];
  const withTurns = new Set(
    list.filter(({ kind }) => kind === 'turn').map(({ log_id: logId }) => logId),
  );
  const paid = list.filter(
    ({ kind, id, copied }) => !copied && (kind === 'turn' || !withTurns.has(id)),
  );
  const sum = (amount: (span: Span) => number | null) =>
    paid.reduce((total, span) => total + (amount(span) ?? 0), 0);
  const models = paid.filter((span) => isModelCall(span));
  return {
    cost: sum(costOf),
    hasUnknownCost: models.some((span) => span.status !== 'error' && costOf(span) === null),
    inputTokens: sum(({ prompt_tokens: tokens }) => tokens),
    outputTokens: sum(({ output_tokens: tokens }) => tokens),
    modelCalls: models.length,
    toolCalls: list.filter(
      ({ kind, tool_call_id: id }) => kind === 'tool' || kind === 'call' || id !== null,
    ).length,
    errors: list.filter(({ status }) => status === 'error').length,
  };
}

/** Both parts of a cost; null if neither is known. */
export function costOf({ prompt_cost: input, output_cost: output }: Span): number | null {
  return input === null && output === null ? null : (input ?? 0) + (output ?? 0);
}

function isModelCall({ kind, model }: Span): boolean {
  return kind === 'turn' || (kind === 'prompt' && model !== null);
}
