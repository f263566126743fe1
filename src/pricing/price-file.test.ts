import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readPriceFile } from './price-file.ts';

const folder = await mkdtemp(join(tmpdir(), 'prices-'));
afterAll(() => rm(folder, { recursive: true }));
const path = join(folder, 'prices.json');

async function read(content: unknown) {
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readPriceFile(path);
}

const row = { provider: 'openai', model: 'ours', input: 1, output: 2 };

test('a file of prices is read as it is', async () => {
  const dated = { ...row, from: '2026-02-01T00:00:00Z', utc_hours: ['16:30', '00:30'] };
  expect(await read({ prices: [row, dated] })).toEqual([row, dated]);
  expect(await read(`\uFEFF${JSON.stringify({ prices: [] })}`)).toEqual([]);
});

describe('a file with a fault is refused, and told of by name and place', () => {
  test.each([
    ['no JSON', '{"prices": [', 'It is not JSON'],
    ['no object', [], 'Must be an object'],
    ['no prices', {}, 'prices: Field required'],
    [
      'a vendor that there is not',
      { prices: [{ ...row, provider: 'acme' }] },
      'prices.0.provider: Must be one of',
    ],
    [
      'a price below 0',
      { prices: [row, { ...row, input: -1 }] },
      'prices.1.input: Must be at least 0',
    ],
    [
      'a price that is a text',
      { prices: [{ ...row, input: '1' }] },
      'prices.0.input: Must be a number',
    ],
    [
      'no price for output',
      { prices: [{ ...row, output: undefined }] },
      'prices.0.output: Field required',
    ],
    [
      'a name that is unknown',
      { prices: [{ ...row, cached: 1 }] },
      'prices.0.cached: Unknown field',
    ],
    [
      'a day for a moment',
      { prices: [{ ...row, from: '2026-02-01' }] },
      'prices.0.from: Must be a date and a time',
    ],
    [
      'an hour that there is not',
      { prices: [{ ...row, utc_hours: ['24:00', '06:00'] }] },
      'prices.0.utc_hours.0: ',
    ],
  ])('%s', async (_, content, message) => {
    const failure = await read(content).catch((error: Error) => error);
    expect(failure).toBeInstanceOf(Error);
    expect((failure as Error).message).toContain(
      `Bad price file ${path} (LOOPWRIGHT_PRICES_FILE).`,
    );
    expect((failure as Error).message).toContain(message);
  });
});

test('a file that is not there is told of by name', async () => {
  await expect(readPriceFile(join(folder, 'none.json'))).rejects.toThrow(
    'The file does not exist.',
  );
});

test('the file that the documentation shows is one', async () => {
  const page = await readFile(new URL('../../docs/costs.md', import.meta.url), 'utf8');
  const [, example = ''] = /```json prices\n(.+?)```/s.exec(page) ?? [];
  expect(await read(example)).toHaveLength(3);
});
