import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { type CsvError, parse } from 'csv-parse';
import { Type } from 'typebox';
import { type ChatMessage, chatMessage } from '../../contract/chat.ts';
import type { DatapointContent } from '../../contract/kinds/dataset.ts';
import { invalid, PlatformError } from '../../kernel/errors.ts';
import { readJson } from '../../kernel/read-json.ts';
import { schemaCompiler } from '../../kernel/schema-check.ts';
import { faultsFromErrors } from '../../kernel/schema-faults.ts';
import { clipText } from '../../kernel/text.ts';
import { type Column, readHeader } from './csv-columns.ts';

/** Maximum number of rows below the header: what fits into 20 MB with rows of 200 bytes. */
const mostRows = 100_000;

/** Bytes that are parsed before the event loop gets a turn. */
const bytesAtOnce = 64 * 1024;

/**
 * Reads datapoints from a CSV file: a header, then one datapoint a row. Values are separated by
 * commas, may be in double quotes, and are strings; any line ending is fine. Empty lines and a byte
 * order mark are ignored.
 *
 * @throws `invalid` at `body.file`; the message begins with the line.
 */
export async function readCsv(text: string): Promise<readonly DatapointContent[]> {
  const bytes = Buffer.from(text);
  const nul = bytes.indexOf(0);
  if (nul >= 0)
    throw fault(lineAt(bytes, nul), 'Contains a NUL character, which cannot be stored.');
  const datapoints: DatapointContent[] = [];
  let columns: readonly Column[] | undefined;
  for await (const { cells, start } of readRows(bytes)) {
    const lineFault = (msg: string) => fault(lineAt(bytes, start), msg);
    if (!columns) {
      const header = readHeader(cells);
      if (typeof header === 'string') throw lineFault(header);
      columns = header;
    } else if (cells.length !== columns.length) {
      const [has, should] = [counted(cells.length, 'value'), counted(columns.length, 'column')];
      throw lineFault(`The row has ${has}, but the header has ${should}.`);
    } else if (datapoints.length === mostRows) {
      throw lineFault(`A file can have at most ${mostRows} rows. Send the others in another file.`);
    } else {
      datapoints.push(readDatapoint(columns, cells, lineFault));
    }
  }
  if (!columns) throw invalid(['body', 'file'], 'The file is empty. It needs a header.');
  return datapoints;
}

interface Row {
  readonly cells: readonly string[];
  /** Bytes before it. */
  readonly start: number;
}

async function* readRows(bytes: Buffer): AsyncGenerator<Row> {
  const parser = parse({
    bom: true,
    info: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    relax_column_count: true,
  });
  let start = 0;
  try {
    for await (const { record, info } of Readable.from(splitBytes(bytes)).pipe(parser)) {
      yield { cells: record, start };
      start = info.bytes;
    }
  } catch (error) {
    const { code, bytes: place } = error as CsvError & { readonly bytes: number };
    const msg = misreadings[code];
    if (msg === undefined) throw error;
    throw fault(lineAt(bytes, place), msg);
  }
}

async function* splitBytes(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += bytesAtOnce) {
    yield bytes.subarray(start, start + bytesAtOnce);
    await setImmediate();
  }
}

/** What is wrong with a file, by the error code of the CSV library. */
const misreadings: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'A quoted value is not closed.',
  CSV_INVALID_CLOSING_QUOTE:
    'A quoted value must be followed by a comma or the end of the line. Write a quote inside a value as two quotes.',
  INVALID_OPENING_QUOTE:
    'A value that contains a quote must be quoted as a whole. Write each quote inside it as two quotes.',
};

function readDatapoint(
  columns: readonly Column[],
  cells: readonly string[],
  lineFault: (msg: string) => PlatformError,
): DatapointContent {
  const valuesOf = (part: Column['part']) =>
    columns.flatMap((column, index) =>
      column.part === part ? [[column.key, cells[index] ?? ''] as const] : [],
    );
  const [inputs, target] = [valuesOf('inputs'), valuesOf('target')];
  const [messages] = valuesOf('messages');
  return {
    inputs: inputs.length === 0 ? null : Object.fromEntries(inputs),
    messages: messages && messages[1].trim() !== '' ? readMessages(messages[1], lineFault) : null,
    target: target.length === 0 ? null : Object.fromEntries(target),
  };
}

const messagesFaults = schemaCompiler()(Type.Array(chatMessage));

function readMessages(cell: string, lineFault: (msg: string) => PlatformError): ChatMessage[] {
  const faultIn = ({ loc, msg }: { readonly loc: readonly (string | number)[]; msg: string }) => {
    const place = clipText(['messages', ...loc].join('.'), 100);
    return lineFault(`In \`${place}\`: ${msg}`);
  };
  let messages: unknown;
  try {
    messages = readJson(cell, { name: 'The value', loc: [] });
  } catch (error) {
    const [found] = error instanceof PlatformError ? (error.faults ?? []) : [];
    throw found ? faultIn(found) : error;
  }
  const [found] = faultsFromErrors(messagesFaults(messages));
  if (found) throw faultIn(found);
  return messages as ChatMessage[];
}

/** The line, from 1, of the first character at or after an offset that is not a line break. */
function lineAt(bytes: Buffer, place: number): number {
  let end = place;
  while (bytes[end] === 10 || bytes[end] === 13) end += 1;
  return bytes.toString('utf8', 0, end).split(/\r\n|\n|\r/).length;
}

function fault(line: number, msg: string): PlatformError {
  return invalid(['body', 'file'], `Line ${line}: ${msg}`);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
