import { counted } from '../../format/format.ts';
import { findSeparator, type Separator, separatorNames } from './csv-separator.ts';
import type { LineFault } from './json-lines.ts';

/** The table of a CSV file, and the lines for which the API would refuse it. */
export interface Csv {
  /** The names of the columns. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly faults: readonly LineFault[];
}

/** Reads CSV as the API does. Empty lines, and rows of separators alone, are passed over. */
export function readCsv(text: string): Csv {
  const found = findSeparator(text);
  const faults: LineFault[] = [];
  const rows: (readonly string[])[] = [];
  let head: readonly string[] | undefined;
  if (typeof found === 'string') {
    const [breaks = ''] = /^\uFEFF?[\r\n]*/.exec(text) ?? [];
    return { head: [], rows, faults: [{ line: 1 + breaksIn(breaks), says: found }] };
  }
  const { separator, start } = found;
  let line = 1 + breaksIn(text.slice(0, start));
  for (let place = start; place < text.length; ) {
    const row = readRow(text, place, separator);
    if (typeof row === 'string') {
      // Where the rows after it begin is not known.
      faults.push({ line, says: row });
      break;
    }
    const source = text.slice(place, row.end);
    if (!isBlank(row.cells, source)) {
      const fault = head ? faultOfRow(row.cells, head) : faultOfHead(row.cells);
      if (fault) faults.push({ line, says: fault });
      if (head) rows.push(row.cells);
      else head = row.cells;
    }
    line += breaksIn(source);
    place = row.end;
  }
  return { head: head ?? [], rows, faults };
}

interface CsvRow {
  readonly cells: readonly string[];
  /** The place of the row after it. */
  readonly end: number;
}

/** @returns a sentence for a row that cannot be read. */
function readRow(text: string, start: number, separator: Separator): CsvRow | string {
  const cells: string[] = [];
  for (let place = start; ; place++) {
    const isQuoted = text[place] === '"';
    const from = isQuoted ? endOfQuotes(text, place) : place;
    if (from === undefined) return 'A quoted value is not closed.';
    let end = from;
    while (end < text.length && text[end] !== separator && !isBreak(text[end])) end++;
    if (isQuoted && end > from) {
      return `A quoted value must be followed by ${separatorNames[separator]} or the end of the line. Write a quote inside a value as two quotes.`;
    }
    const value = text.slice(place, end);
    if (!isQuoted && value.includes('"')) {
      return 'A value that contains a quote must be quoted as a whole. Write each quote inside it as two quotes.';
    }
    cells.push(isQuoted ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (text[end] !== separator) {
      return { cells, end: end + (text.startsWith('\r\n', end) ? 2 : 1) };
    }
    place = end;
  }
}

/** The place after the quote that closes what is opened here, if one does. */
function endOfQuotes(text: string, open: number): number | undefined {
  for (
    let place = text.indexOf('"', open + 1);
    place !== -1;
    place = text.indexOf('"', place + 2)
  ) {
    if (text[place + 1] !== '"') return place + 1;
  }
  return undefined;
}

function isBreak(sign: string | undefined): boolean {
  return sign === '\n' || sign === '\r';
}

function breaksIn(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

function isBlank(cells: readonly string[], source: string): boolean {
  return cells.every((cell) => cell === '') && !source.includes('"');
}

function faultOfRow(cells: readonly string[], head: readonly string[]): string | undefined {
  if (cells.some((cell) => cell.includes('\0')))
    return 'It has a NUL character, which cannot be stored.';
  if (cells.length === head.length) return undefined;
  return `The row has ${counted(cells.length, 'value')}, but the header has ${counted(head.length, 'column')}.`;
}

/** Columns without a name are left out; two of one name would be one. */
function faultOfHead(cells: readonly string[]): string | undefined {
  const names = new Set<string>();
  for (const cell of cells) {
    const name = cell.trim().normalize('NFC');
    if (name !== '' && names.has(name)) return `There are two columns for “${name}”.`;
    names.add(name);
  }
  return undefined;
}
