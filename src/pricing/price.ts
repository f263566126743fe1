import type { Timestamp } from '../kernel/clock.ts';

/** Token counts of one model call in disjoint buckets; null where the vendor gave no count. */
export interface TokenBuckets {
  /** Input that was neither read from a cache nor written to one. */
  readonly input_tokens: number | null;
  readonly cache_read_tokens: number | null;
  readonly cache_write_tokens: number | null;
  /** All output, including reasoning, which costs the same. */
  readonly output_tokens: number | null;
}

/**
 * The cost of a model call, as its turn stores it. US dollars; null when unknown, never 0 for that.
 */
export interface Cost {
  readonly prompt_cost: number | null;
  readonly output_cost: number | null;
  /** The table that the prices come from; null when it had none. */
  readonly price_table: string | null;
}

/**
 * US dollars per million tokens. The price is that of the last step that the call's whole input
 * exceeds; `base` when it exceeds none.
 */
export interface Rate {
  readonly base: number;
  readonly steps: readonly { readonly above: number; readonly price: number }[];
}

/** The prices of a model's tokens; undefined where the price is not known. */
export interface Rates {
  readonly input: Rate | undefined;
  /** Undefined: cache reads cost as much as other input; the same for cache writes. */
  readonly cacheRead: Rate | undefined;
  readonly cacheWrite: Rate | undefined;
  readonly output: Rate | undefined;
}

/** Rates, and when they are valid. */
export interface Period {
  /** Milliseconds since 1970; undefined: from the beginning. */
  readonly from: number | undefined;
  /** Seconds since midnight UTC, `end` exclusive. `end` may be on the next day. */
  readonly hours: { readonly start: number; readonly end: number } | undefined;
  readonly rates: Rates;
}

const daySeconds = 86_400;

/** The rates at a moment: those of the last period that is valid then. */
export function ratesAt(periods: readonly Period[], at: Timestamp): Rates | undefined {
  const moment = Date.parse(at);
  return periods.findLast((period) => holds(period, moment))?.rates;
}

function holds({ from, hours }: Period, moment: number): boolean {
  if (from !== undefined && moment < from) return false;
  if (!hours) return true;
  const second = Math.floor(moment / 1_000) % daySeconds;
  return hours.start <= hours.end
    ? second >= hours.start && second < hours.end
    : second >= hours.start || second < hours.end;
}

/** The cost of a call's whole input in US dollars; null when a count or a rate is not known. */
export function promptCost(rates: Rates, buckets: TokenBuckets): number | null {
  const { input_tokens: plain, cache_read_tokens: read, cache_write_tokens: written } = buckets;
  if (plain === null || !rates.input) return null;
  const all = wholeInput(buckets);
  return (
    costInDollars(rates.input, plain, all) +
    costInDollars(rates.cacheRead ?? rates.input, read ?? 0, all) +
    costInDollars(rates.cacheWrite ?? rates.input, written ?? 0, all)
  );
}

/** The cost of a call's whole output in US dollars; null when a count or a rate is not known. */
export function outputCost(rates: Rates, buckets: TokenBuckets): number | null {
  const { input_tokens: plain, output_tokens: tokens } = buckets;
  if (tokens === null || !rates.output) return null;
  // Without the size of the input, the step is unknown.
  if (plain === null && rates.output.steps.length > 0) return null;
  return costInDollars(rates.output, tokens, wholeInput(buckets));
}

function wholeInput(buckets: TokenBuckets): number {
  const { input_tokens, cache_read_tokens, cache_write_tokens } = buckets;
  return (input_tokens ?? 0) + (cache_read_tokens ?? 0) + (cache_write_tokens ?? 0);
}

function costInDollars({ base, steps }: Rate, tokens: number, input: number): number {
  const price = steps.findLast(({ above }) => input > above)?.price ?? base;
  return (tokens * price) / 1_000_000;
}
