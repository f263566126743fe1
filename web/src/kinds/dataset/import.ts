import { type Csv, readCsv } from './csv.ts';
import { type Assignment, likelyAssignment } from './csv-rows.ts';
import { type JsonLines, readJsonLines } from './json-lines.ts';

/** What was read from a text with rows. */
export type Imported =
  | (JsonLines & { readonly type: 'lines' })
  | (Csv & { readonly type: 'table'; readonly assignments: readonly Assignment[] });

/** Reads rows: JSON lines if the text begins as JSON does, or else a table. */
export function readImport(text: string): Imported {
  if (/^\uFEFF?\s*[{[]/.test(text)) return { type: 'lines', ...readJsonLines(text) };
  const table = readCsv(text);
  return { type: 'table', ...table, assignments: table.head.map(likelyAssignment) };
}
