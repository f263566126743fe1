import {
  type ConditionalPrice,
  calcPrice,
  findProvider,
  type ModelPrice,
} from '@pydantic/genai-prices';
import { isModelProvider, type ModelProvider, type ProviderName } from '../contract/providers.ts';
import type { Period, Rate } from './price.ts';

/** The version of the package, which is also the version of its prices. */
export const catalogueVersion = '0.1.8';

/** The package's name for each vendor; undefined where the package has no prices. */
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
 * The prices of a model in the package's table, oldest first; empty for a model that it does not
 * know, and for custom endpoints. It searches all of the vendor's models, so `price-table.ts` caches the result.
 */
export function cataloguePeriods(provider: ProviderName, model: string): readonly Period[] {
  const vendor = isModelProvider(provider) ? vendors[provider] : undefined;
  const found = vendor === undefined ? null : calcPrice({}, model, { providerId: vendor });
  if (!found) return [];
  const { prices } = found.model;
  return Array.isArray(prices) ? prices.map(readPeriod) : [readPeriod({ prices })];
}

/** The names of a vendor's models in the package's table, sorted, without those that the vendor gives up. */
export function catalogueModels(provider: ModelProvider): readonly string[] {
  const vendor = vendors[provider];
  const known = vendor === undefined ? undefined : findProvider({ providerId: vendor });
  return (known?.models ?? [])
    .filter(({ deprecated }) => !deprecated)
    .map(({ id }) => id)
    .sort();
}

function readPeriod({ constraint, prices }: ConditionalPrice): Period {
  return {
    from: constraint?.type === 'start_date' ? Date.parse(constraint.start_date) : undefined,
    hours:
      constraint?.type === 'time_of_date'
        ? { start: secondOfDay(constraint.start_time), end: secondOfDay(constraint.end_time) }
        : undefined,
    rates: {
      input: readRate(prices['input_mtok']),
      cacheRead: readRate(prices['cache_read_mtok']),
      cacheWrite: readRate(prices['cache_write_mtok']),
      output: readRate(prices['output_mtok']),
    },
  };
}

function readRate(price: ModelPrice[string]): Rate | undefined {
  if (price === undefined) return undefined;
  if (typeof price === 'number') return { base: price, steps: [] };
  const steps = price.tiers.map((tier) => ({ above: tier.start, price: tier.price }));
  return { base: price.base, steps: steps.sort((a, b) => a.above - b.above) };
}

/**
 * Seconds since midnight, UTC.
 *
 * @param time `16:30:00Z`, the form of all times in the package.
 */
function secondOfDay(time: string): number {
  return Date.parse(`1970-01-01T${time}`) / 1_000;
}
