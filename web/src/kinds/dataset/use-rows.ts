import { useMemo } from 'react';
import { type Changes, rowsOf } from './changes.ts';
import { type Column, columnsOf, textIn } from './columns.ts';
import type { Datapoint, Row } from './content.ts';

/** The rows of a version with some changes, their columns, and those rows in which some words stand. */
export function useRows(datapoints: readonly Datapoint[], changes: Changes, words: string) {
  const all = useMemo(() => rowsOf(datapoints, changes), [datapoints, changes]);
  const { columns: added } = changes;
  const columns = useMemo(
    () =>
      columnsOf(
        all.map(({ content }) => content),
        added,
      ),
    [all, added],
  );
  const sought = words.toLowerCase();
  const rows = useMemo(
    () => (sought === '' ? all : all.filter((row) => hasWords(row, columns, sought))),
    [all, columns, sought],
  );
  return { all, rows, columns };
}

function hasWords({ content }: Row, columns: readonly Column[], words: string): boolean {
  return columns.some((column) => textIn(content, column).toLowerCase().includes(words));
}
