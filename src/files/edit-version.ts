import { inTransaction, type Workspace } from '../database/workspace.ts';
import { lastVersion, versionDeployed } from './errors.ts';
import { listVersions } from './file-queries.ts';
import type { FileVersion } from './file-version.ts';
import type { FileKind } from './kind.ts';
import { checkedVersionName } from './name.ts';
import { getVersion, requireFile } from './resolve-version.ts';
import {
  lockFile,
  markVersionDeleted,
  type NewVersion,
  updateVersionDetails,
} from './version-queries.ts';

/** A version and its file. */
export interface VersionTarget {
  readonly fileId: string;
  readonly versionId: string;
}

/**
 * Sets the name and the description of a version; undefined leaves one unchanged.
 *
 * @throws `invalid` for a bad name; `file_not_found`, `version_not_found` (not_found);
 *   `version_name_taken` (conflict).
 */
export async function editVersion(
  workspace: Workspace,
  kind: FileKind,
  { fileId, versionId }: VersionTarget,
  { name: given, description }: Pick<NewVersion, 'name' | 'description'>,
): Promise<FileVersion> {
  const name = given === undefined ? undefined : checkedVersionName(given, ['body', 'name']);
  await getVersion(workspace, kind, fileId, { versionId });
  await updateVersionDetails(workspace, versionId, { name, description });
  return getVersion(workspace, kind, fileId, { versionId });
}

/**
 * Deletes a version. Its logs stay and show it as deleted. The same content can be stored again, as
 * a new version.
 *
 * @throws `file_not_found`, `version_not_found` (not_found); `version_deployed`, `last_version`
 *   (conflict).
 */
export async function deleteVersion(
  workspace: Workspace,
  kind: FileKind,
  { fileId, versionId }: VersionTarget,
): Promise<void> {
  await inTransaction(workspace, async (workspace) => {
    await requireFile(workspace, kind, fileId);
    // Lock the file: two deletions at once could otherwise delete its last two versions.
    await lockFile(workspace, fileId);
    const version = await getVersion(workspace, kind, fileId, { versionId });
    const [environment] = version.environments;
    if (environment) throw versionDeployed(versionId, environment.name);
    if ((await listVersions(workspace, fileId)).length === 1) throw lastVersion(versionId);
    await markVersionDeleted(workspace, versionId);
  });
}
