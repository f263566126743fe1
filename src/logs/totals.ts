import { largestCount } from '../contract/log.ts';
import type { LogRecord, LogView, TurnRecord } from './log-record.ts';

/** The tokens of a turn, in disjoint buckets. */
export type TokenColumns = Pick<
  TurnRecord,
  'input_tokens' | 'cache_read_tokens' | 'cache_write_tokens' | 'output_tokens' | 'reasoning_tokens'
>;

/** Tokens of all turns, as a log shows them. A sum with an unknown part is unknown: null. */
export function totalUsage(
  turns: readonly TokenColumns[],
): Pick<LogRecord, 'prompt_tokens' | 'output_tokens' | 'reasoning_tokens'> {
  return {
    prompt_tokens: sum(turns.map(promptTokens)),
    output_tokens: sum(turns.map((turn) => turn.output_tokens)),
    reasoning_tokens: sum(turns.map((turn) => turn.reasoning_tokens)),
  };
}

/** The cost of all turns, as a log shows it. A sum with an unknown part is unknown: null. */
export function totalCost(
  turns: readonly Pick<TurnRecord, 'prompt_cost' | 'output_cost'>[],
): Pick<LogRecord, 'prompt_cost' | 'output_cost'> {
  return {
    prompt_cost: total(turns.map((turn) => turn.prompt_cost)),
    output_cost: total(turns.map((turn) => turn.output_cost)),
  };
}

/** What the model calls of a log used and cost, though its run may not have ended. */
export function usageOfLog({
  record,
  turns,
  run,
}: LogView): Pick<
  LogRecord,
  'prompt_tokens' | 'output_tokens' | 'reasoning_tokens' | 'prompt_cost' | 'output_cost'
> {
  // At its end a run keeps the sums; a log that your own code wrote has them alone.
  if (run === null || turns.length === 0) return record;
  return { ...totalUsage(turns), ...totalCost(turns) };
}

/** All input of a turn, whatever the cache did with it. */
export function promptTokens(turn: TokenColumns): number | null {
  if (turn.input_tokens === null) return null;
  const { input_tokens: plain, cache_read_tokens: read, cache_write_tokens: written } = turn;
  return storableCount(plain + (read ?? 0) + (written ?? 0));
}

function sum(values: readonly (number | null)[]): number | null {
  return storableCount(total(values));
}

function total(values: readonly (number | null)[]): number | null {
  if (values.length === 0 || values.includes(null)) return null;
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

/** A number of tokens as it can be stored. A vendor may claim any, and one that cannot be is unknown. */
export function storableCount(tokens: number | null): number | null {
  return Number.isInteger(tokens) && Number(tokens) >= 0 && Number(tokens) <= largestCount
    ? tokens
    : null;
}
