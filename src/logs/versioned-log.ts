import type { Workspace } from '../database/workspace.ts';
import { findVersionsById } from '../files/file-queries.ts';
import type { FileVersion } from '../files/file-version.ts';
import { logNotFound } from './errors.ts';
import { loadLogs } from './log-queries.ts';
import type { LogView } from './log-record.ts';

/** A log and its version. Every answer about a log shows both. */
export interface VersionedLog {
  readonly view: LogView;
  readonly version: FileVersion;
}

/**
 * Adds the version to a log.
 *
 * @throws `log_not_found` (not_found) when the log's file was deleted.
 */
export async function versioned(workspace: Workspace, view: LogView): Promise<VersionedLog> {
  const id = view.record.version_id;
  const version = (await findVersionsById(workspace, [id])).get(id);
  if (version?.isFileDeleted) throw logNotFound(view.record.id);
  if (!version) throw new Error(`Log ${view.record.id} is of a version that does not exist.`);
  return { view, version };
}

/** Logs with their versions, in the order of the ids. Ids without a log or a version are left out. */
export async function findVersionedLogs(
  workspace: Workspace,
  ids: readonly string[],
): Promise<readonly VersionedLog[]> {
  const views = await loadLogs(workspace, ids);
  const versions = await findLogVersions(workspace, views);
  return views.flatMap((view) => {
    const version = versions.get(view.record.version_id);
    return version ? [{ view, version }] : [];
  });
}

/** The versions that made some logs, by id. */
export async function findLogVersions(
  workspace: Workspace,
  views: readonly LogView[],
): Promise<ReadonlyMap<string, FileVersion>> {
  return findVersionsById(
    workspace,
    views.map(({ record }) => record.version_id),
  );
}
