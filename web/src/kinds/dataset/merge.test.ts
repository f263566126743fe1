import { expect, test } from 'vitest';
import { type Changes, contentsOf, countsOf, noChanges, rowsOf } from './changes.ts';
import type { Content, Datapoint } from './content.ts';
import { merge, onOtherRows, type Side, settled, together } from './merge.ts';

/** As the server has them: the id follows from what is in a row. */
const datapoint = (text: string): Datapoint => ({
  id: `dp_${text}`,
  inputs: { text },
  messages: null,
  target: null,
});
const version = (...texts: readonly string[]) => texts.map(datapoint);
const content = (text: string): Content => ({ inputs: { text }, target: {}, messages: [] });
const edit = (from: string, to: string): Changes => ({
  ...noChanges,
  edited: { [`dp_${from}`]: content(to) },
});
const remove = (text: string): Changes => ({ ...noChanges, removed: [`dp_${text}`] });

/** The rows after a merge, and the rows that it asked about. */
function mergedRows(
  [base, theirs]: readonly [readonly Datapoint[], readonly Datapoint[]],
  changes: Changes,
  side?: Side,
) {
  const found = merge(base, theirs, changes);
  const sides = Object.fromEntries(found.conflicts.map(({ id }) => [id, side ?? 'mine']));
  const rows = rowsOf(theirs, settled(found, side ? sides : {}));
  return {
    rows: contentsOf(rows).map(({ inputs }) => inputs['text']),
    asked: found.conflicts.map(({ id }) => id),
  };
}

test('changes of rows that others left alone are brought to their version', () => {
  const versions = [version('a', 'b', 'c'), version('a', 'b', 'new', 'other')] as const;
  const mine = {
    ...edit('a', 'A'),
    removed: ['dp_b'],
    added: [{ key: 'k', content: content('mine') }],
  };
  expect(mergedRows(versions, mine)).toEqual({ rows: ['A', 'new', 'other', 'mine'], asked: [] });
});

test.each([
  ['mine', ['a', 'mine', 'c']],
  ['theirs', ['a', 'theirs', 'c']],
  ['both', ['a', 'theirs', 'c', 'mine']],
] as const)('a row that both changed is asked about: %s', (side, rows) => {
  const versions = [version('a', 'b', 'c'), version('a', 'theirs', 'c')] as const;
  expect(mergedRows(versions, edit('b', 'mine'), side)).toEqual({ rows, asked: ['dp_b'] });
});

test.each([
  ['mine', ['a', 'mine']],
  ['theirs', ['a']],
] as const)('a row that is changed here and removed there is asked about: %s', (side, rows) => {
  const versions = [version('a', 'b'), version('a')] as const;
  expect(mergedRows(versions, edit('b', 'mine'), side)).toEqual({ rows, asked: ['dp_b'] });
});

test.each([
  ['mine', ['a']],
  ['theirs', ['a', 'theirs']],
] as const)('a row that is removed here and changed there is asked about: %s', (side, rows) => {
  const versions = [version('a', 'b'), version('a', 'theirs')] as const;
  expect(mergedRows(versions, remove('b'), side)).toEqual({ rows, asked: ['dp_b'] });
});

test('what both did alike is not asked about', () => {
  expect(mergedRows([version('a', 'b'), version('a')], remove('b')).asked).toEqual([]);
  expect(mergedRows([version('a', 'b'), version('a', 'B')], edit('b', 'B'))).toEqual({
    rows: ['a', 'B'],
    asked: [],
  });
});

test('rows that others added take no place of a row that they removed', () => {
  const versions = [version('a', 'b', 'c'), version('a', 'x', 'y', 'c')] as const;
  expect(mergedRows(versions, edit('b', 'mine'))).toEqual({
    rows: ['a', 'x', 'y', 'c', 'mine'],
    asked: ['dp_b'],
  });
});

test('what was changed of the other version before stays', () => {
  const before = { ...remove('a'), added: [{ key: 'k', content: content('before') }] };
  expect(together(before, edit('b', 'B'))).toEqual({
    ...before,
    edited: { dp_b: content('B') },
  });
});

test('when the version that was changed is gone, changed rows that another does not have are new ones', () => {
  const theirs = version('a', 'b');
  const edited = { ...edit('a', 'A').edited, ...edit('c', 'C').edited };
  const moved = onOtherRows({ ...noChanges, edited, removed: ['dp_b', 'dp_d'] }, theirs);
  expect(contentsOf(rowsOf(theirs, moved))).toEqual([content('A'), content('C')]);
  expect(countsOf(moved)).toEqual({ plus: 2, minus: 2 });
});
