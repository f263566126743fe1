import { readFile } from 'node:fs/promises';
import { Type } from 'typebox';
import { schemaCompiler } from '../kernel/schema-check.ts';
import { faultsFromErrors } from '../kernel/schema-faults.ts';
import { type PriceRow, priceRow } from './price-row.ts';

const priceFile = Type.Object({ prices: Type.Array(priceRow) }, { additionalProperties: false });

const faultsIn = schemaCompiler()(priceFile);

/**
 * Reads an operator's own prices: `{"prices": [{"provider", "model", "input", "output", …}]}`, in
 * US dollars per million tokens.
 *
 * @throws Error that names the file and every fault in it.
 */
export async function readPriceFile(path: string): Promise<readonly PriceRow[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw badFile(path, [error.code === 'ENOENT' ? 'The file does not exist.' : error.message]);
  });
  const content = parseContent(path, text);
  const faults = faultsFromErrors(faultsIn(content));
  if (faults.length > 0) {
    throw badFile(
      path,
      faults.map(({ loc, msg }) => (loc.length === 0 ? msg : `${loc.join('.')}: ${msg}`)),
    );
  }
  return (content as { prices: readonly PriceRow[] }).prices;
}

function parseContent(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw badFile(path, [`It is not JSON: ${(error as Error).message}`]);
  }
}

function badFile(path: string, complaints: readonly string[]): Error {
  const lines = complaints.map((line) => `  ${line}`).join('\n');
  return new Error(`Bad price file ${path} (LOOPWRIGHT_PRICES_FILE).\n${lines}`);
}
