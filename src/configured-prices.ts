import type { Config } from './config.ts';
import { readPriceFile } from './pricing/price-file.ts';
import { createPriceTable, type PriceTable } from './pricing/price-table.ts';

/** @throws Error that says what is wrong with the operator's price file. */
export async function configuredPrices({ pricesFile }: Config): Promise<PriceTable> {
  return createPriceTable(pricesFile === undefined ? [] : await readPriceFile(pricesFile));
}
