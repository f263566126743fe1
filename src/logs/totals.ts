import { largestCount } from '../contract/log.ts';
import type { LogRecord, LogView, TurnRecord } from './log-record.ts';

/**
 * The token counts of a turn. They do not overlap, except that reasoning tokens are also output
 * tokens.
 */
export type TokenColumns = Pick<
  TurnRecord,
  'input_tokens' | 'cache_read_tokens' | 'cache_write_tokens' | 'output_tokens' | 'reasoning_tokens'
>;

/** The error of a turn: a call that failed counts no tokens, and adds none. */
type Failing = Pick<TurnRecord, 'error'>;

/** The tokens of all turns, for their log; null when those of one turn are unknown. */
export function totalUsage(
  turns: readonly (TokenColumns & Failing)[],
): Pick<LogRecord, 'prompt_tokens' | 'output_tokens' | 'reasoning_tokens'> {
  const counted = turns.filter(isAnswered);
  return {
    prompt_tokens: sum(counted.map(promptTokens)),
    output_tokens: sum(counted.map((turn) => turn.output_tokens)),
    reasoning_tokens: sum(counted.map((turn) => turn.reasoning_tokens)),
  };
}

/** The costs of all turns in US dollars, for their log; null when that of one turn is unknown. */
export function totalCost(
  turns: readonly (Pick<TurnRecord, 'prompt_cost' | 'output_cost'> & Failing)[],
): Pick<LogRecord, 'prompt_cost' | 'output_cost'> {
  const counted = turns.filter(isAnswered);
  return {
    prompt_cost: total(counted.map((turn) => turn.prompt_cost)),
    output_cost: total(counted.map((turn) => turn.output_cost)),
  };
}

function isAnswered({ error }: Failing): boolean {
  return error === null;
}

/** The tokens and costs of a log's model calls so far. */
export function usageOfLog({
  record,
  turns,
  run,
}: LogView): Pick<
  LogRecord,
  'prompt_tokens' | 'output_tokens' | 'reasoning_tokens' | 'prompt_cost' | 'output_cost'
> {
  // Use the stored sums of an ended run. A log from your own code has no turns to add up either.
  if (run === null || turns.length === 0) return record;
  return { ...totalUsage(turns), ...totalCost(turns) };
}

/** All input tokens of a turn: uncached, read from the cache and written to it. */
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

/** A token count; null when it cannot be stored, because vendors can send any number. */
export function storableCount(tokens: number | null): number | null {
  return Number.isInteger(tokens) && Number(tokens) >= 0 && Number(tokens) <= largestCount
    ? tokens
    : null;
}
