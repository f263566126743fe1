import { kindOf } from '../../../files/kinds/index.ts';
import { secondsBetween } from '../../../kernel/clock.ts';
import type { LogView } from '../../../logs/log-record.ts';
import { usageOfLog } from '../../../logs/totals.ts';

/** What a log and all logs below it took. A sum of which a part is unknown is null. */
export interface JudgedTotals {
  /** US dollars. */
  readonly cost: number | null;
  readonly prompt_tokens: number | null;
  readonly output_tokens: number | null;
  /** Seconds, of the log alone: the logs below it may run side by side. */
  readonly latency: number | null;
  readonly model_calls: number;
  /** How many logs have an error. */
  readonly errors: number;
}

/** Adds what a log took to the totals of its children. */
export function sumTotals(view: LogView, children: readonly JudgedTotals[]): JudgedTotals {
  const { record, turns } = view;
  const usage = usageOfLog(view);
  const modelCalls = countModelCalls(view);
  // A log that calls no model has no tokens. What it says of itself counts all the same: your own
  // code may log only sums.
  const own = (value: number | null) => value ?? (modelCalls > 0 ? null : 0);
  const { prompt_cost: input, output_cost: output } = usage;
  const sum = (name: 'cost' | 'prompt_tokens' | 'output_tokens', value: number | null) =>
    children.reduce<number | null>((total, child) => add(total, child[name]), own(value));
  return {
    cost: sum('cost', add(input, output)),
    prompt_tokens: sum('prompt_tokens', usage.prompt_tokens),
    output_tokens: sum('output_tokens', usage.output_tokens),
    latency: latencyOf(view),
    model_calls: children.reduce((total, child) => total + child.model_calls, modelCalls),
    errors: children.reduce(
      (total, child) => total + child.errors,
      record.error === null && !turns.some(({ error }) => error !== null) ? 0 : 1,
    ),
  };
}

/** Seconds that a log took; null when that is unknown. */
export function latencyOf({ record }: LogView): number | null {
  const { provider_latency: measured, start_time: start, end_time: end } = record;
  return measured ?? (start === null || end === null ? null : secondsBetween(start, end));
}

/** A log of a prompt without turns was made by your own code, which called its model once. */
function countModelCalls({ record, turns }: LogView): number {
  if (turns.length > 0) return turns.length;
  return kindOf(record.type).log?.turns === 'samples' ? 1 : 0;
}

function add(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
