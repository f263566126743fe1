import { Type } from 'typebox';
import { type ChatMessage, chatMessage } from '../../contract/chat.ts';
import type { DatapointContent } from '../../contract/kinds/dataset.ts';
import { invalid, PlatformError } from '../../kernel/errors.ts';
import { readJson } from '../../kernel/read-json.ts';
import { schemaCompiler } from '../../kernel/schema-check.ts';
import { faultsFromErrors } from '../../kernel/schema-faults.ts';
import { clipText } from '../../kernel/text.ts';
import { type Column, readHeader } from './csv-columns.ts';
import { lineFault, readRows } from './csv-rows.ts';
import { findSeparator } from './csv-separator.ts';

/** Maximum number of rows below the header: what fits into 20 MB with rows of 200 bytes. */
const mostRows = 100_000;

/**
 * Reads datapoints from a CSV file: a header, then one datapoint a row. Values are separated by
 * commas, semicolons, tabs or bars, may be in double quotes, and are strings; any line ending is
 * fine. Empty lines, rows of separators alone and a byte order mark are ignored.
 *
 * @throws `invalid` at `body.file`; the message begins with the line.
 */
export async function readCsv(text: string): Promise<readonly DatapointContent[]> {
  const bytes = Buffer.from(text);
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    if (isUtf16.test(text))
      throw invalid(['body', 'file'], 'The file is UTF-16, but must be UTF-8.');
    throw lineFault(bytes, nul, 'Contains a NUL character, which cannot be stored.');
  }
  const form = findSeparator(text);
  if (typeof form === 'string') throw lineFault(bytes, 0, form);
  const datapoints: DatapointContent[] = [];
  let columns: readonly Column[] | undefined;
  for await (const { cells, start } of readRows(bytes, form)) {
    const fault = (msg: string) => lineFault(bytes, start, msg);
    if (!columns) {
      const header = readHeader(cells);
      if (typeof header === 'string') throw fault(header);
      columns = header;
    } else if (cells.length !== columns.length) {
      const [has, should] = [counted(cells.length, 'value'), counted(columns.length, 'column')];
      throw fault(`The row has ${has}, but the header has ${should}.`);
    } else if (datapoints.length === mostRows) {
      throw fault(`A file can have at most ${mostRows} rows. Send the others in another file.`);
    } else {
      datapoints.push(readDatapoint(columns, cells, fault));
    }
  }
  if (!columns) throw invalid(['body', 'file'], 'The file is empty. It needs a header.');
  return datapoints;
}

/** Every other byte of plain text is 0 in UTF-16. */
const isUtf16 = /^(?:[^\0]\0|\0[^\0]){4}/;

function readDatapoint(
  columns: readonly Column[],
  cells: readonly string[],
  fault: (msg: string) => PlatformError,
): DatapointContent {
  const valuesOf = (part: Column['part']) =>
    columns.flatMap((column, index) =>
      column.part === part ? [[column.key, cells[index] ?? ''] as const] : [],
    );
  const [inputs, target] = [valuesOf('inputs'), valuesOf('target')];
  const [messages] = valuesOf('messages');
  return {
    inputs: inputs.length === 0 ? null : Object.fromEntries(inputs),
    messages: messages && messages[1].trim() !== '' ? readMessages(messages[1], fault) : null,
    target: target.length === 0 ? null : Object.fromEntries(target),
  };
}

const messagesFaults = schemaCompiler()(Type.Array(chatMessage));

function readMessages(cell: string, fault: (msg: string) => PlatformError): ChatMessage[] {
  const faultIn = ({ loc, msg }: { readonly loc: readonly (string | number)[]; msg: string }) => {
    const place = clipText(['messages', ...loc].join('.'), 100);
    return fault(`In \`${place}\`: ${msg}`);
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

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
