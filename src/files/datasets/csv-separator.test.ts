import { describe, expect, test } from 'vitest';
import { PlatformError } from '../../kernel/errors.ts';
import { readCsv } from './read-csv.ts';

async function faultOf(text: string): Promise<string | undefined> {
  try {
    await readCsv(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return error.faults?.[0]?.msg;
  }
}

const inputsOf = async (text: string) => (await readCsv(text)).map(({ inputs }) => inputs);

describe('values', () => {
  test.each([[','], [';'], ['\t'], ['|']])('may be separated by %j', async (sign) => {
    const rows = [
      ['city', 'note'],
      ['Rome', 'old'],
      ['Bonn', ''],
    ];
    const text = rows.map((row) => row.join(sign)).join('\r\n');
    expect(await inputsOf(text)).toEqual([
      { city: 'Rome', note: 'old' },
      { city: 'Bonn', note: '' },
    ]);
  });

  test('may have other separators in them', async () => {
    expect(await inputsOf('city;note\nRome;"old; big, hot"\nBonn;small, cold\n')).toEqual([
      { city: 'Rome', note: 'old; big, hot' },
      { city: 'Bonn', note: 'small, cold' },
    ]);
    expect(await inputsOf('city,"a;b"\nRome,1;2;3\n')).toEqual([{ city: 'Rome', 'a;b': '1;2;3' }]);
  });

  test('are separated by what gives rows as many as the header, if the header has two signs', async () => {
    expect(await inputsOf('city, country;note\nRome;old\nBonn;new\n')).toEqual([
      { 'city, country': 'Rome', note: 'old' },
      { 'city, country': 'Bonn', note: 'new' },
    ]);
    expect(await inputsOf('city,note; more\nRome,old\n')).toEqual([
      { city: 'Rome', 'note; more': 'old' },
    ]);
  });

  test('are separated by the sign that fits the rows, also where none is a comma', async () => {
    expect(await inputsOf('size; colour|shape\nbig; red|round\nsmall|flat\n')).toEqual([
      { 'size; colour': 'big; red', shape: 'round' },
      { 'size; colour': 'small', shape: 'flat' },
    ]);
    expect(await inputsOf('a|b\tc\td\n1|2\t3\t4\n')).toEqual([{ 'a|b': '1|2', c: '3', d: '4' }]);
  });

  test('are not guessed where two signs without a comma make as many columns', async () => {
    expect(await faultOf('\na;b|c\n1;2|3\n')).toBe(
      'Line 2: The values could be separated by a semicolon or a bar (|). Begin the file with a line `sep=|`, or put the names of columns in quotes.',
    );
  });

  test('are not guessed where both signs fit', async () => {
    expect(await faultOf('city, country;note\nRome, Italy;old\n')).toBe(
      'Line 1: The values could be separated by a comma or a semicolon. Begin the file with a line `sep=;`, or put the names of columns in quotes.',
    );
  });

  test.each([
    ['sep=;\r\na;b\r\n1;2'],
    ['\ufeffsep=;\na;b\n1;2\n'],
    ['"sep=;"\r\na;b\r\n1;2'],
    ['SEP=,\ra,b\r1,2\r'],
    ['sep=|\na|b\n1|2'],
  ])('are separated by what the first line says: %j', async (text) => {
    expect(await inputsOf(text)).toEqual([{ a: '1', b: '2' }]);
  });

  test('of one column need no separator', async () => {
    expect(await inputsOf('question\nWhere; when?\nWho | what?\n')).toEqual([
      { question: 'Where; when?' },
      { question: 'Who | what?' },
    ]);
  });

  test('that are missing are told with the line of the whole file', async () => {
    expect(await faultOf('sep=;\na;b\n1;2\n3\n')).toBe(
      'Line 4: The row has 1 value, but the header has 2 columns.',
    );
    expect(await faultOf('a;b\n"1"x;2\n')).toBe(
      'Line 2: A quoted value must be followed by a semicolon or the end of the line. Write a quote inside a value as two quotes.',
    );
  });
});

test('rows of separators alone count for nothing, but quoted empty values do', async () => {
  expect(await inputsOf('a,b\n1,2\n,\n,,,\n')).toEqual([{ a: '1', b: '2' }]);
  expect(await inputsOf('a,b\n"",""\n')).toEqual([{ a: '', b: '' }]);
});

test('a file in UTF-16 without a mark is told as such', async () => {
  const text = Buffer.from('city,note\n', 'utf16le').toString('utf8');
  expect(await faultOf(text)).toBe('The file is UTF-16, but must be UTF-8.');
});
