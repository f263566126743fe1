import { expect, test } from 'vitest';
import { readRows } from './csv-rows.ts';

const form = { separator: ',', skipped: 0 } as const;

async function cellsOf(rows: AsyncIterable<{ readonly cells: readonly string[] }>) {
  const all: (readonly string[])[] = [];
  for await (const { cells } of rows) all.push(cells);
  return all;
}

test('an error of the pieces ends the reading', async () => {
  async function* pieces() {
    yield Buffer.from('a,b\n1,2\n');
    throw new Error('the disk is gone');
  }
  await expect(cellsOf(readRows(Buffer.from('a,b\n1,2\n'), form, pieces()))).rejects.toThrow(
    'the disk is gone',
  );
});

test('the pieces may be cut anywhere: between two line breaks, or within a character', async () => {
  const bytes = Buffer.from('a,b\r\n"é ""\r\n",😀\r\n');
  async function* pieces() {
    for (const byte of bytes) yield Buffer.from([byte]);
  }
  expect(await cellsOf(readRows(bytes, form, pieces()))).toEqual([
    ['a', 'b'],
    ['é "\r\n', '😀'],
  ]);
});

test('who stops reading stops the pieces', async () => {
  let isStopped = false;
  async function* pieces() {
    try {
      for (;;) yield Buffer.from('a,b\n');
    } finally {
      isStopped = true;
    }
  }
  for await (const { cells } of readRows(Buffer.from('a,b\n'), form, pieces())) {
    expect(cells).toEqual(['a', 'b']);
    break;
  }
  await expect.poll(() => isStopped).toBe(true);
});
