import type { Timestamp } from '../kernel/clock.ts';

/** Tokens of one model call in disjoint buckets; null is what its vendor did not say. */
export interface TokenBuckets {
  /** Input that was neither read from nor written to a cache. */
  readonly input_tokens: number | null;
  readonly cache_read_tokens: number | null;
  readonly cache_write_tokens: number | null;
  /** All output; what of it was reasoning costs the same. */
  readonly output_tokens: number | null;
}

/** What a model call cost, as its turn has it. US dollars; null is unknown, never 0. */
export interface Cost {
  readonly prompt_cost: number | null;
  readonly output_cost: number | null;
  /** The table that had the prices; null when it had none. */
  readonly price_table: string | null;
}

/** US dollars for a million tokens. Of the steps that a call's whole input exceeds, the last holds. */
export interface Rate {
  readonly base: number;
  readonly steps: readonly { readonly above: number; readonly price: number }[];
}

/** What a model's tokens cost; a rate that is undefined is not known. */
export interface Rates {
  readonly input: Rate | undefined;
  /** Undefined: reads from a cache cost what other input does, and so do writes to one. */
  readonly cacheRead: Rate | undefined;
  readonly cacheWrite: Rate | undefined;
  readonly output: Rate | undefined;
}

/** Rates and when they hold. */
export interface Period {
  /** Milliseconds since 1970; undefined: always. */
  readonly from: number | undefined;
  /** Seconds of the day, UTC, the end not included; it may be after midnight. */
  readonly hours: { readonly start: number; readonly end: number } | undefined;
  readonly rates: Rates;
}

const daySeconds = 86_400;

/** The rates at a moment: those of the last period that holds then. */
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

/** All input of a call: null where the vendor did not say, or the rate is not known. */
export function promptCost(rates: Rates, buckets: TokenBuckets): number | null {
  const { input_tokens: plain, cache_read_tokens: read, cache_write_tokens: written } = buckets;
  if (plain === null || !rates.input) return null;
  const all = wholeInput(buckets);
  return (
    priceOf(rates.input, plain, all) +
    priceOf(rates.cacheRead ?? rates.input, read ?? 0, all) +
    priceOf(rates.cacheWrite ?? rates.input, written ?? 0, all)
  );
}

/** All output of a call: null where the vendor did not say, or the rate is not known. */
export function outputCost(rates: Rates, buckets: TokenBuckets): number | null {
  const { input_tokens: plain, output_tokens: tokens } = buckets;
  if (tokens === null || !rates.output) return null;
  // Without the size of the input, nobody knows which step holds.
  if (plain === null && rates.output.steps.length > 0) return null;
  return priceOf(rates.output, tokens, wholeInput(buckets));
}

function wholeInput(buckets: TokenBuckets): number {
  const { input_tokens, cache_read_tokens, cache_write_tokens } = buckets;
  return (input_tokens ?? 0) + (cache_read_tokens ?? 0) + (cache_write_tokens ?? 0);
}

function priceOf({ base, steps }: Rate, tokens: number, input: number): number {
  const price = steps.findLast(({ above }) => input > above)?.price ?? base;
  return (tokens * price) / 1_000_000;
}
