import { type Assignment, likelyAssignment } from './csv-rows.ts';
import { type JsonLines, readJsonLines } from './json-lines.ts';
import { readTable } from './table-text.ts';

/** What was read from a text with rows. */
export type Imported =
  | (JsonLines & { readonly type: 'lines' })
  | {
      readonly type: 'table';
      /** The names of the columns. */
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
      readonly assignments: readonly Assignment[];
    };

/** Reads rows: JSON lines if the text begins as JSON does, or else a table. */
export function readImport(text: string): Imported {
  if (/^\uFEFF?\s*[{[]/.test(text)) return { type: 'lines', ...readJsonLines(text) };
  const [head = [], ...rows] = readTable(text);
  return { type: 'table', head, rows, assignments: head.map(likelyAssignment) };
}
