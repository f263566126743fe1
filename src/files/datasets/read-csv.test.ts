import { describe, expect, test } from 'vitest';
import { PlatformError } from '../../kernel/errors.ts';
import { readCsv } from './read-csv.ts';

/** What is wrong with a file, as it is told. */
async function faultOf(text: string): Promise<string | undefined> {
  try {
    await readCsv(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof PlatformError && error.faults)) throw error;
    expect(error.faults).toMatchObject([{ loc: ['body', 'file'] }]);
    return error.faults[0]?.msg;
  }
}

const inputsOf = async (text: string) => (await readCsv(text)).map(({ inputs }) => inputs);

describe('columns', () => {
  test('target, target.x and messages have a meaning; every other column is an input', async () => {
    const message = { role: 'user', content: 'Hi, "you"' };
    const cell = JSON.stringify([message]).replaceAll('"', '""');
    const text = `city,target,target.count,messages,Target,target_x\nRome,Italy,3,"${cell}",a,b\n`;
    expect(await readCsv(text)).toEqual([
      {
        inputs: { city: 'Rome', Target: 'a', target_x: 'b' },
        target: { target: 'Italy', count: '3' },
        messages: [message],
      },
    ]);
  });

  test('without a column for it, a datapoint has no inputs, target or messages', async () => {
    expect(await readCsv('a\n1')).toEqual([{ inputs: { a: '1' }, target: null, messages: null }]);
    expect(await readCsv('target\n1')).toEqual([
      { inputs: null, target: { target: '1' }, messages: null },
    ]);
  });

  test('spaces around a name do not count; those of a value do', async () => {
    expect(await inputsOf('a , b\n 1, 2 ')).toEqual([{ a: ' 1', b: ' 2 ' }]);
  });

  test('values are texts, and an empty one is an empty text; empty messages are none', async () => {
    expect(await readCsv('a,b,messages,target\n1,, ,true\n')).toEqual([
      { inputs: { a: '1', b: '' }, messages: null, target: { target: 'true' } },
    ]);
  });

  test.each([
    ['a,b,a', 'Line 1: There are two columns for `a`.'],
    ['a, a', 'Line 1: There are two columns for `a`.'],
    ['a\u0301,\u00e1', 'Line 1: There are two columns for `\u00e1`.'],
    [
      'a,que\u200bstion',
      'Line 1: The name of column 2 has an invisible character: U+200B after `que`.',
    ],
    ['target,a,target', 'Line 1: There are two columns for `target`.'],
    ['target,target.target', 'Line 1: There are two columns for `target.target`.'],
    ['messages,messages', 'Line 1: There are two columns for `messages`.'],
    ['a,,b', 'Line 1: Column 2 has no name.'],
    ['a, ', 'Line 1: Column 2 has no name.'],
    ['\n\na,target.', 'Line 3: Column 2 has no name.'],
    ['__proto__', 'Line 1: A column cannot be named `__proto__`.'],
    ['target.__proto__', 'Line 1: A column cannot be named `__proto__`.'],
    ['', 'The file is empty. It needs a header.'],
    ['\uFEFF', 'The file is empty. It needs a header.'],
    ['\n\r\n\n', 'The file is empty. It needs a header.'],
  ])('the header %j is refused', async (text, msg) => {
    expect(await faultOf(text)).toBe(msg);
  });

  test('a file has at most 1,000 columns', async () => {
    const header = (count: number) => Array.from({ length: count }, (_, n) => `c${n}`).join();
    expect(await readCsv(header(1_000))).toEqual([]);
    expect(await faultOf(header(1_001))).toBe(
      'Line 1: The header has 1001 columns. It can have at most 1000.',
    );
  });

  test.each(['constructor', 'toString', 'target.hasOwnProperty'])(
    'a column may be named %s like any other',
    async (name) => {
      const [datapoint] = await readCsv(`${name}\n1`);
      expect(JSON.stringify(datapoint)).toContain('":"1"');
    },
  );
});

describe('rows', () => {
  test('a header alone is a file without datapoints', async () => {
    expect(await readCsv('a,b\n')).toEqual([]);
  });

  test.each([['\n'], ['\r\n'], ['\r']])(
    'lines may end in %j, the last one in nothing',
    async (end) => {
      expect(await inputsOf(`a,b${end}1,2${end}3,4`)).toEqual([
        { a: '1', b: '2' },
        { a: '3', b: '4' },
      ]);
      expect(await inputsOf(`a,b${end}1,2${end}`)).toEqual([{ a: '1', b: '2' }]);
    },
  );

  test('a file may mix ends of lines', async () => {
    expect(await inputsOf('a,b\n1,2\r\n3,4\r5,6\n')).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
      { a: '5', b: '6' },
    ]);
  });

  test('empty lines and a byte order mark count for nothing', async () => {
    expect(await inputsOf('\uFEFF\n\na\r\n\r\n1\n\n\n2\n\n')).toEqual([{ a: '1' }, { a: '2' }]);
  });

  test('a quoted value may have commas, quotes and ends of lines in it', async () => {
    const text = '"a","b, c"\n"1,5","He said ""no""\r\nand\nleft"\n"",""\n';
    expect(await inputsOf(text)).toEqual([
      { a: '1,5', 'b, c': 'He said "no"\r\nand\nleft' },
      { a: '', 'b, c': '' },
    ]);
  });

  test('characters of any length come through, wherever the file is cut for reading', async () => {
    const value = '😀é漢'.repeat(30_000);
    const inputs = await inputsOf(`a,b\n${value},"${value}"\r\nx,y`);
    expect(inputs).toEqual([
      { a: value, b: value },
      { a: 'x', b: 'y' },
    ]);
  });

  test.each([
    ['a,b\n1,2\n3\n', 'Line 3: The row has 1 value, but the header has 2 columns.'],
    ['a\n\n\n1,2,3\n', 'Line 4: The row has 3 values, but the header has 1 column.'],
    ['a,b\r\n"x\r\ny",2\r\n\r\n3', 'Line 5: The row has 1 value, but the header has 2 columns.'],
    ['a,b\n1,2\n ', 'Line 3: The row has 1 value, but the header has 2 columns.'],
    ['a,b\n1,2\n3,"4\n5,6\n', 'Line 3: A quoted value is not closed.'],
    [
      'a,b\n1,2\n"3"x,4',
      'Line 3: A quoted value must be followed by a comma or the end of the line. Write a quote inside a value as two quotes.',
    ],
    [
      'a,b\n1,2\n\n3,4"5"\n',
      'Line 4: A value that contains a quote must be quoted as a whole. Write each quote inside it as two quotes.',
    ],
    ['a\nb\n1\0', 'Line 3: Contains a NUL character, which cannot be stored.'],
  ])('%j is refused', async (text, msg) => {
    expect(await faultOf(text)).toBe(msg);
  });

  test('a file has at most 100,000 rows', async () => {
    const rows = (count: number) => `a\n${'1\n'.repeat(count)}`;
    expect(await readCsv(rows(100_000))).toHaveLength(100_000);
    expect(await faultOf(rows(100_001))).toBe(
      'Line 100002: A file can have at most 100000 rows. Send the others in another file.',
    );
  });
});

describe('messages', () => {
  const file = (cell: string) => `messages\n"${cell.replaceAll('"', '""')}"`;

  test.each([
    ['Hello', 'Line 2: In `messages`: The value is not valid JSON.'],
    ['[{', 'Line 2: In `messages.2`: The value is not valid JSON. The error is at character 2.'],
    ['{}', 'Line 2: In `messages`: Must be an array'],
    ['null', 'Line 2: In `messages`: Must be an array'],
    ['[{"role":"user"},{}]', 'Line 2: In `messages.1.role`: Field required'],
    [
      '[{"role":"user","content":5}]',
      'Line 2: In `messages.0.content`: Must be a string, or an array',
    ],
    [
      '[{"role":"user","content":"\\u0000"}]',
      'Line 2: In `messages.0.content`: Contains a NUL character, which cannot be stored.',
    ],
    [
      '[{"role":"user","content":"\\ud800"}]',
      'Line 2: In `messages.0.content`: Contains half of a surrogate pair, which is not a character.',
    ],
    [
      '[{"role":"user","__proto__":{}}]',
      'Line 2: In `messages.0`: A field cannot be named `__proto__`.',
    ],
  ])('%s is refused', async (cell, msg) => {
    expect(await faultOf(file(cell))).toBe(msg);
  });

  test('values nested too deep are refused', async () => {
    expect(await faultOf(file('['.repeat(101) + ']'.repeat(101)))).toBe(
      'Line 2: In `messages.100`: The value is nested more than 100 levels deep.',
    );
  });
});
