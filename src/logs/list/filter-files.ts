import type { Workspace } from '../../database/workspace.ts';
import { findVersionsById } from '../../files/file-queries.ts';
import { getFile } from '../../files/read-files.ts';
import type { LogFilter } from './log-filter.ts';

/**
 * Whether logs can match a filter: its version is of its file, and is not of a deleted one.
 *
 * @throws `file_not_found` (not_found).
 */
export async function mayMatch(
  workspace: Workspace,
  { fileId, versionId }: LogFilter,
): Promise<boolean> {
  if (fileId !== undefined) await getFile(workspace, fileId);
  if (versionId === undefined) return true;
  const version = (await findVersionsById(workspace, [versionId])).get(versionId);
  if (!version || version.isFileDeleted) return false;
  return fileId === undefined || version.id === fileId;
}
