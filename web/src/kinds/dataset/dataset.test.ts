import { expect, test } from 'vitest';
import { countsOf, noChanges, rowsOf, withContents, withoutRow, withRows } from './changes.ts';
import { columnsOf, textIn, withText } from './columns.ts';
import { contentOf, type Datapoint, emptyContent as empty } from './content.ts';
import { readTable } from './table-text.ts';

const datapoint = (id: string, inputs: Record<string, unknown>): Datapoint => ({
  id,
  inputs,
  messages: null,
  target: { answer: 'yes' },
});
test('what a spreadsheet copies holds tabs, lines and quotes in quotes', () => {
  expect(readTable('a\tb\n"x\t""y""\nz"\t2\r\n\n\t\n')).toEqual([
    ['a', 'b'],
    ['x\t"y"\nz', '2'],
  ]);
});

test('a quote that is never closed ends with the text', () => {
  expect(readTable('a\n"open')).toEqual([['a'], ['open']]);
});

test('a column of texts keeps what reads as a number a text; others read it', () => {
  const [zip, size] = columnsOf([
    contentOf(datapoint('1', { zip: '123', size: 4 })),
    contentOf(datapoint('2', { zip: '456', size: '5' })),
  ]);
  if (!zip || !size) throw new Error('There are two columns.');
  expect([zip.isText, size.isText]).toEqual([true, false]);
  expect(withText(empty, zip, '7').inputs).toEqual({ zip: '7' });
  expect(withText(empty, size, '7').inputs).toEqual({ size: 7 });
  expect(textIn(contentOf(datapoint('2', { size: '5' })), size)).toBe('"5"');
  expect(withText({ ...empty, inputs: { zip: '1' } }, zip, '').inputs).toEqual({});
});

test('changes are counted as rows that come and go, and are shown in the rows', () => {
  const base = [datapoint('1', { q: 'a' }), datapoint('2', { q: 'b' }), datapoint('3', { q: 'c' })];
  const [first, second] = rowsOf(base, noChanges);
  if (!first || !second) throw new Error('There are rows.');
  const edited = withContents(noChanges, [[first, { ...first.content, inputs: { q: 'new' } }]]);
  const changes = withRows(withoutRow(edited, second), [{ ...empty, inputs: { q: 'd' } }, empty]);
  expect(countsOf(changes)).toEqual({ plus: 2, minus: 2 });
  expect(rowsOf(base, changes).map(({ how, content }) => [how, content.inputs['q']])).toEqual([
    ['changed', 'new'],
    ['same', 'c'],
    ['added', 'd'],
    ['added', undefined],
  ]);
});
