import { pipeline, Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { invalid, type PlatformError } from '../../kernel/errors.ts';
import { longTurn } from '../../kernel/long-turns.ts';
import { type CsvForm, nameOf } from './csv-separator.ts';

/** A row of a CSV file, the header too. */
export interface CsvRow {
  readonly cells: readonly string[];
  /** Bytes of the file before it. */
  readonly start: number;
}

/**
 * The rows of a CSV file. Empty lines and rows of separators alone are left out.
 *
 * @param pieces the file in pieces, without its first line if that only names the separator.
 * @throws `invalid` for a row that cannot be read; what `pieces` throws.
 */
export async function* readRows(
  bytes: Buffer,
  { separator, skipped }: CsvForm,
  pieces: AsyncIterable<Buffer> = piecesOf(bytes, skipped),
): AsyncGenerator<CsvRow> {
  const parser = parse({
    delimiter: separator,
    bom: true,
    info: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    relax_column_count: true,
  });
  // Unlike `pipe`, it ends the parser with an error of the pieces. The parser tells of its own.
  pipeline(Readable.from(pieces), parser, () => undefined);
  let start = skipped;
  try {
    for await (const { record, info } of parser) {
      const end = skipped + info.bytes;
      if (!isBlank(record, bytes.subarray(start, end))) yield { cells: record, start };
      start = end;
    }
  } catch (error) {
    const { code, bytes: place } = error as CsvError & { readonly bytes: number };
    const msg = misreadings[code]?.(nameOf(separator));
    throw msg === undefined ? error : lineFault(bytes, skipped + place, msg);
  }
}

/** A fault that begins with the line, from 1, of what stands at a place. */
export function lineFault(bytes: Buffer, place: number, msg: string): PlatformError {
  return invalid(['body', 'file'], `Line ${lineAt(bytes, place)}: ${msg}`);
}

/** Bytes that are parsed before the event loop gets a turn. */
const bytesAtOnce = 64 * 1024;

async function* piecesOf(bytes: Buffer, skipped: number): AsyncGenerator<Buffer> {
  for (let start = skipped; start < bytes.length; start += bytesAtOnce) {
    yield bytes.subarray(start, start + bytesAtOnce);
    await longTurn('datapoints');
  }
}

/** Whether a row has separators alone, as spreadsheets write it below the last row. */
function isBlank(cells: readonly string[], source: Buffer): boolean {
  return cells.length > 1 && cells.every((cell) => cell === '') && !source.includes('"');
}

/** What is wrong with a file, by the error code of the CSV library. */
const misreadings: Readonly<Record<string, (separator: string) => string>> = {
  CSV_QUOTE_NOT_CLOSED: () => 'A quoted value is not closed.',
  CSV_INVALID_CLOSING_QUOTE: (separator) =>
    `A quoted value must be followed by ${separator} or the end of the line. Write a quote inside a value as two quotes.`,
  INVALID_OPENING_QUOTE: () =>
    'A value that contains a quote must be quoted as a whole. Write each quote inside it as two quotes.',
};

/** The line of the first character at or after a place that is not a line break. */
function lineAt(bytes: Buffer, place: number): number {
  let end = place;
  while (bytes[end] === 10 || bytes[end] === 13) end += 1;
  return bytes.toString('utf8', 0, end).split(/\r\n|\n|\r/).length;
}
