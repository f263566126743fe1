import { expect, test } from 'vitest';
import { readCsv } from './csv.ts';

test('values in quotes hold separators, lines and quotes; empty lines and rows are passed over', () => {
  expect(readCsv('\uFEFFa,b\r\n"x, ""y""\nz",2\r\n\r\n,\n"",""\n')).toEqual({
    head: ['a', 'b'],
    rows: [
      ['x, "y"\nz', '2'],
      ['', ''],
    ],
    faults: [],
  });
});

test.each(['a;b\n1;2', 'a\tb\n1\t2', 'a|b\r1|2', 'sep=;\na;b\n1;2'])(
  'what separates the values is seen, or said: %j',
  (text) => {
    expect(readCsv(text)).toEqual({ head: ['a', 'b'], rows: [['1', '2']], faults: [] });
  },
);

test.each([
  ['q\n"unclosed', 2, 'A quoted value is not closed.'],
  ['a,b\n1,2\n3,"4\n5,6\n', 3, 'A quoted value is not closed.'],
  [
    'a;b\n"1"x;2\n',
    2,
    'A quoted value must be followed by a semicolon or the end of the line. Write a quote inside a value as two quotes.',
  ],
  [
    'a,b\n1,2\n\n3,4"5"\n',
    4,
    'A value that contains a quote must be quoted as a whole. Write each quote inside it as two quotes.',
  ],
  ['q,q\n1,2\n', 1, 'There are two columns for “q”.'],
  ['\n\nq, q\n1,2\n', 3, 'There are two columns for “q”.'],
  ['a,b\r\n"x\r\ny",2\r\n\r\n3', 5, 'The row has 1 value, but the header has 2 columns.'],
  [
    'q;target.t,x\n1;2,3\n',
    1,
    'The values could be separated by a comma or a semicolon. Begin with a line “sep=;”, or put the names of columns in quotes.',
  ],
])('a line that cannot be read is named: %j', (text, line, says) => {
  expect(readCsv(text).faults).toEqual([{ line, says }]);
});

test('each row that is longer or shorter than the head is named', () => {
  expect(readCsv('q,target.t,x\nc,3,1\nbad\nd,4,5,6,7\n').faults).toEqual([
    { line: 3, says: 'The row has 1 value, but the header has 3 columns.' },
    { line: 4, says: 'The row has 5 values, but the header has 3 columns.' },
  ]);
});
