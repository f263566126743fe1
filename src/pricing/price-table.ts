import type { ModelProvider } from '../contract/providers.ts';
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
import { isOf, type PriceRow, periodOfRow } from './price-row.ts';

/** A model call, as far as its price goes. */
export interface PricedCall {
  readonly provider: ModelProvider;
  readonly model: string;
  readonly usage: TokenBuckets;
  /** When the call was made: prices change. */
  readonly at: Timestamp;
}

/** What model calls cost. */
export interface PriceTable {
  /** Changes whenever any price does: `genai-prices-0.1.8+1f0c5a9e77d2`. */
  readonly version: string;
  costOf(call: PricedCall): Cost;
}

/** The most models whose prices are kept at hand. Their names are what clients call them. */
const mostModels = 10_000;

/**
 * The package's prices, below our corrections, below the operator's own. For a model, the last row
 * that holds at the time counts, so later rows go before earlier ones.
 */
export function createPriceTable(operatorPrices: readonly PriceRow[] = []): PriceTable {
  const rows = [...ownPrices, ...operatorPrices];
  const version = `genai-prices-${catalogueVersion}+${fingerprint(rows).slice(0, 12)}`;
  const found = new Map<string, readonly Period[]>();

  function periodsOf(provider: ModelProvider, model: string): readonly Period[] {
    const key = `${provider} ${model}`;
    const known = found.get(key);
    if (known) return known;
    const name = model.toLowerCase().trim();
    const periods = [
      ...cataloguePeriods(provider, name),
      ...rows.filter((row) => isOf(row, provider, name)).map(periodOfRow),
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
