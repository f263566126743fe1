import { send } from '../../api/client.ts';
import { saveFile, saveFrom } from '../../ui/save-file.ts';
import { idChunks } from './id-chunks.ts';

export const exportForms = {
  jsonl: { name: 'JSON lines', type: 'application/x-ndjson' },
  csv: { name: 'CSV', type: 'text/csv' },
} as const;

export type ExportForm = keyof typeof exportForms;

/** The address of an export of the logs that match. */
export function exportPath(query: URLSearchParams, form: ExportForm): string {
  const all = new URLSearchParams(query);
  // An export is sorted by time.
  all.delete('sort_by');
  all.set('format', form);
  return `/v5/log-export?${all}`;
}

/** Logs that fit into memory as one text. */
const mostInMemory = 10_000;

/**
 * Saves the logs that match as a file.
 *
 * @param count how many they are.
 * @throws ApiError
 */
export async function exportMatching(
  query: URLSearchParams,
  form: ExportForm,
  count: number,
): Promise<void> {
  const path = exportPath(query, form);
  // Of many logs the browser saves while it reads. It says nothing of what the server refuses
  // then.
  if (count > mostInMemory) saveFrom(path, fileName(form));
  else saveFile(fileName(form), await (await send(requestOf(path))).blob());
}

/** Saves some logs as a file. @throws ApiError */
export async function exportSome(ids: ReadonlySet<string>, form: ExportForm): Promise<void> {
  const parts: string[] = [];
  for (const { query } of idChunks('ids', ids)) {
    const text = await (await send(requestOf(exportPath(query, form)))).text();
    // Each part of a CSV begins with the names of the columns.
    parts.push(form === 'csv' && parts.length > 0 ? text.slice(text.indexOf('\n') + 1) : text);
  }
  saveFile(fileName(form), new Blob(parts, { type: exportForms[form].type }));
}

function requestOf(path: string): Request {
  return new Request(new URL(path, location.origin));
}

function fileName(form: ExportForm): string {
  return `logs-${new Date().toISOString().slice(0, 10)}.${form}`;
}
