import type { FileKind, FileResponse, LogResponse } from '../../api/types.ts';
import { kinds } from '../../files/kinds.ts';

/** The version of a file that made a log, and its kind. The log has it under the name of the kind. */
export function fileOf(log: LogResponse): { readonly kind: FileKind; readonly file: FileResponse } {
  const kind = (Object.keys(kinds) as FileKind[]).find((name) => name in log) ?? 'flow';
  return { kind, file: (log as unknown as Record<FileKind, FileResponse>)[kind] };
}
