import { expect, test } from 'vitest';
import { csvRow } from './csv.ts';

test('a row has its cells as they are, and quotes what would end a cell', () => {
  expect(csvRow(['a', 1.5, null, ''])).toBe('a,1.5,,\r\n');
  expect(csvRow(['a,b', 'say "hi"', 'two\nlines', 'a\rb'])).toBe(
    '"a,b","say ""hi""","two\nlines","a\rb"\r\n',
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://x","y")'])(
  'a text that a spreadsheet would run is only a text: %j',
  (text) => {
    expect(
      csvRow([text])
        .replaceAll('"', '')
        .startsWith(`'${text.charAt(0)}`),
    ).toBe(true);
  },
);

test('a number is no text, and may be negative', () => {
  expect(csvRow([-1])).toBe('-1\r\n');
});
