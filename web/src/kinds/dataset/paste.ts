import { type Changes, withContents, withRows } from './changes.ts';
import { type Column, withText } from './columns.ts';
import { type Content, emptyContent, type Row } from './content.ts';
import type { Place } from './place.ts';
import { readTable } from './table-text.ts';

/**
 * The changes after something was pasted: its values go into the cells from a place on, to the right and
 * down. Rows are added for what does not fit; what is to the right of the last column is left out.
 */
export function pastedRows(
  changes: Changes,
  {
    text,
    at,
    rows,
    columns,
  }: {
    readonly text: string;
    readonly at: Place;
    readonly rows: readonly Row[];
    readonly columns: readonly Column[];
  },
): Changes {
  const fill = (content: Content, values: readonly string[]) =>
    values.reduce((filled, value, index) => {
      const column = columns[at.column + index];
      return column ? withText(filled, column, value) : filled;
    }, content);
  const table = readTable(text);
  const fitting = table.slice(0, Math.max(0, rows.length - at.row));
  const changed = withContents(
    changes,
    fitting.flatMap((values, index) => {
      const row = rows[at.row + index];
      return row ? [[row, fill(row.content, values)] as const] : [];
    }),
  );
  const more = table.slice(fitting.length).map((values) => fill(emptyContent, values));
  return more.length > 0 ? withRows(changed, more) : changed;
}
