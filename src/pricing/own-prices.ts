import type { PriceRow } from './price-row.ts';

const unified = { provider: 'deepseek', input: 0.56, cache_read: 0.07, output: 1.68 } as const;
const halved = { provider: 'deepseek', input: 0.28, cache_read: 0.028, output: 0.42 } as const;

/**
 * Corrections of the package's table, each with the vendor's page that it comes from. Delete one
 * when the package has it.
 */
export const ownPrices: readonly PriceRow[] = [
  // The package still applies the night discount, which ended at this moment:
  // https://api-docs.deepseek.com/quick_start/pricing, read in August 2025.
  { ...unified, model: 'deepseek-chat', from: '2025-09-05T16:00:00Z' },
  { ...unified, model: 'deepseek-reasoner', from: '2025-09-05T16:00:00Z' },
  // The prices of V3.2-Exp, valid from the day of its release:
  // https://api-docs.deepseek.com/news/news250929.
  { ...halved, model: 'deepseek-chat', from: '2025-09-29T00:00:00Z' },
  { ...halved, model: 'deepseek-reasoner', from: '2025-09-29T00:00:00Z' },
];
