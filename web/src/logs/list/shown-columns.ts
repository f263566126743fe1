import { type Column, plainColumns } from './columns.tsx';
import { evaluatorColumns } from './evaluator-columns.tsx';
import type { LogRow } from './list-queries.ts';

/** All columns that these rows can have, in the order in which they stand. */
export function possibleColumns(rows: readonly LogRow[]): readonly Column[] {
  return [...plainColumns, ...evaluatorColumns(rows)];
}

/** The columns that are shown: those that are asked for, or else those that say something of these rows. */
export function shownColumns(
  rows: readonly LogRow[],
  {
    cols,
    hasFile,
    width,
  }: {
    readonly cols: readonly string[] | undefined;
    /** All logs are of one file. */
    readonly hasFile: boolean;
    readonly width: number;
  },
): readonly Column[] {
  const possible = possibleColumns(rows);
  const asked = cols?.flatMap((id) => possible.find((column) => column.id === id) ?? []) ?? [];
  if (asked.length > 0) return asked;
  const says = {
    environment: width > 1_300 && rows.some((row) => row.environment),
    user: width > 1_400 && rows.some((row) => row.user),
    cost: rows.some((row) => row.cost),
    tokens: rows.some((row) => row.tokens),
  };
  const standard = [
    ...['time', hasFile ? 'version' : 'file', 'input', 'output', 'latency'],
    ...Object.entries(says).flatMap(([id, isSaid]) => (isSaid ? [id] : [])),
  ];
  const judged = possible.filter(({ id }) => id.includes(':')).slice(0, width > 1_100 ? 3 : 0);
  return possible.filter((column) => standard.includes(column.id) || judged.includes(column));
}

export function templateOf(columns: readonly Column[]): string {
  // What chooses a row stands before them, and what chooses the columns after them.
  return ['1.25rem', ...columns.map(({ width }) => width), '0.75rem'].join(' ');
}
