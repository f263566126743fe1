import type { Workspace } from '../database/workspace.ts';
import { findVersionsById } from '../files/file-queries.ts';
import type { FileVersion } from '../files/file-version.ts';
import { logNotFound } from './errors.ts';
import type { LogView } from './log-record.ts';

/** A log and the version that made it: every answer about a log shows both. */
export interface VersionedLog {
  readonly view: LogView;
  readonly version: FileVersion;
}

/**
 * A log with the version that made it.
 *
 * @throws `log_not_found` (not_found) when its file was deleted, and its logs with it.
 */
export async function versioned(workspace: Workspace, view: LogView): Promise<VersionedLog> {
  const id = view.record.version_id;
  const version = (await findVersionsById(workspace, [id])).get(id);
  if (version?.isFileDeleted) throw logNotFound(view.record.id);
  if (!version) throw new Error(`Log ${view.record.id} is of a version that does not exist.`);
  return { view, version };
}
