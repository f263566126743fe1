import { type ConditionalPrice, calcPrice, type ModelPrice } from '@pydantic/genai-prices';
import type { ModelProvider } from '../contract/providers.ts';
import type { Period, Rate } from './price.ts';

/** The version of the package, which is that of its prices. */
export const catalogueVersion = '0.1.8';

/** What the package calls a vendor; undefined: it has no prices of it. */
const vendors: Readonly<Record<ModelProvider, string | undefined>> = {
  openai: 'openai',
  openai_azure: 'azure',
  anthropic: 'anthropic',
  google: 'google',
  bedrock: 'aws',
  cohere: 'cohere',
  groq: 'groq',
  deepseek: 'deepseek',
  mock: undefined,
  replicate: undefined,
};

/**
 * The prices of a model in the package's table, oldest first; none for a model that it does not
 * know. It goes through the vendor's models, so what it found is kept: see `price-table.ts`.
 */
export function cataloguePeriods(provider: ModelProvider, model: string): readonly Period[] {
  const vendor = vendors[provider];
  const found = vendor === undefined ? null : calcPrice({}, model, { providerId: vendor });
  if (!found) return [];
  const { prices } = found.model;
  return Array.isArray(prices) ? prices.map(periodOf) : [periodOf({ prices })];
}

function periodOf({ constraint, prices }: ConditionalPrice): Period {
  return {
    from: constraint?.type === 'start_date' ? Date.parse(constraint.start_date) : undefined,
    hours:
      constraint?.type === 'time_of_date'
        ? { start: secondOf(constraint.start_time), end: secondOf(constraint.end_time) }
        : undefined,
    rates: {
      input: rateOf(prices['input_mtok']),
      cacheRead: rateOf(prices['cache_read_mtok']),
      cacheWrite: rateOf(prices['cache_write_mtok']),
      output: rateOf(prices['output_mtok']),
    },
  };
}

function rateOf(price: ModelPrice[string]): Rate | undefined {
  if (price === undefined) return undefined;
  if (typeof price === 'number') return { base: price, steps: [] };
  const steps = price.tiers.map((tier) => ({ above: tier.start, price: tier.price }));
  return { base: price.base, steps: steps.sort((a, b) => a.above - b.above) };
}

/** Seconds since midnight, UTC. @param time `16:30:00Z`, as all times of the package are. */
function secondOf(time: string): number {
  return Date.parse(`1970-01-01T${time}`) / 1_000;
}
