import type { ProviderName } from '../contract/providers.ts';
import type { Timestamp } from '../kernel/clock.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import { cataloguePeriods, catalogueVersion } from './catalogue.ts';
import { ownPrices } from './own-prices.ts';
import {
  type Cost,
  outputCost,
  type Period,
  promptCost,
  ratesAt,
  type TokenBuckets,
} from './price.ts';
import { isForModel, type PriceRow, periodOfRow } from './price-row.ts';

/** What determines the price of a model call. */
export interface PricedCall {
  readonly provider: ProviderName;
  readonly model: string;
  readonly usage: TokenBuckets;
  /** When the call was made, because prices change. */
  readonly at: Timestamp;
}

/** The prices of model calls. */
export interface PriceTable {
  /** Different after every change of a price: `genai-prices-0.1.8+1f0c5a9e77d2`. */
  readonly version: string;
  costOf(call: PricedCall): Cost;
}

/**
 * The most models whose prices are cached. The limit is needed because clients choose the names.
 */
const mostModels = 10_000;

/**
 * A price table from three sources: the package's prices, which our corrections override, which the
 * operator's own rows override. Of a model's rows, the last one that is valid at the time of the
 * call is used.
 */
export function createPriceTable(operatorPrices: readonly PriceRow[] = []): PriceTable {
  const rows = [...ownPrices, ...operatorPrices];
  const version = `genai-prices-${catalogueVersion}+${fingerprint(rows).slice(0, 12)}`;
  const found = new Map<string, readonly Period[]>();

  function periodsOf(provider: ProviderName, model: string): readonly Period[] {
    const key = `${provider} ${model}`;
    const known = found.get(key);
    if (known) return known;
    const name = model.toLowerCase().trim();
    const periods = [
      ...cataloguePeriods(provider, name),
      ...rows.filter((row) => isForModel(row, provider, name)).map(periodOfRow),
    ];
    if (found.size === mostModels) found.clear();
    found.set(key, periods);
    return periods;
  }

  return {
    version,
    costOf({ provider, model, usage, at }) {
      const rates = ratesAt(periodsOf(provider, model), at);
      const prompt = rates ? promptCost(rates, usage) : null;
      const output = rates ? outputCost(rates, usage) : null;
      const isKnown = prompt !== null || output !== null;
      return { prompt_cost: prompt, output_cost: output, price_table: isKnown ? version : null };
    },
  };
}
