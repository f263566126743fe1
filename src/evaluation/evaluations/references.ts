import type { FileReference, VersionReference } from '../../contract/evaluation.ts';
import type { FileType } from '../../contract/kinds/index.ts';
import type { Workspace } from '../../database/workspace.ts';
import { requireEnvironment } from '../../files/environments.ts';
import { fileNotFound, nothingDeployed, versionNotFound } from '../../files/errors.ts';
import {
  type FileTarget,
  type FoundFile,
  findFile,
  findFileVersion,
  findShownVersion,
  findVersionsById,
} from '../../files/file-queries.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { checkedPath } from '../../files/path.ts';
import type { FileLocator } from '../../files/upsert-version.ts';
import { invalid } from '../../kernel/errors.ts';

/** A place in a request: `['body', 'evaluators', 0]`. */
export type Loc = readonly (string | number)[];

/** The kinds of files that a reference may name. */
export type ReferredKinds<K extends FileType = FileType> = ReadonlySet<K>;

/**
 * The file that a request names by its id, its path or both.
 *
 * @throws `file_not_found`; `invalid` at `loc` for neither, for an id and the path of another file,
 *   and for a file of another kind than `kinds`.
 */
export async function findReferredFile(
  workspace: Workspace,
  kinds: ReferredKinds,
  reference: FileReference,
  loc: Loc,
): Promise<FoundFile> {
  const target = fileTarget(reference, loc);
  const file = await findFile(workspace, target);
  if (!file) throw fileNotFound(target.value);
  requireSamePath(reference, file, loc);
  if (!kinds.has(file.type)) {
    throw invalid(loc, `Files of type \`${file.type}\` are not evaluated.`);
  }
  return file;
}

/**
 * The version that a request names: by its id; or the version of a file that is deployed to an
 * environment; or else, to the default environment; or else, the newest.
 *
 * @throws `version_not_found` for a version of another kind, too; `file_not_found`,
 *   `environment_not_found`, `nothing_deployed` (all not_found); `invalid` at `loc` for a reference
 *   that names no version, or more than one file.
 */
export async function findReferredVersion<K extends FileType>(
  workspace: Workspace,
  kinds: ReferredKinds<K>,
  reference: VersionReference,
  loc: Loc,
): Promise<FileVersion<K>> {
  const { version_id: versionId, environment } = reference;
  if (versionId && environment) {
    throw invalid(loc, 'Give `version_id` or `environment`, not both.');
  }
  const found = versionId
    ? await findById(workspace, versionId, reference, loc)
    : await findOfFile(workspace, kinds, reference, loc);
  if (!isOneOf(kinds, found)) throw versionNotFound(found.versionId);
  return found;
}

/** The named version; the file that the reference also names must be its own. */
async function findById(
  workspace: Workspace,
  versionId: string,
  { id, path }: VersionReference,
  loc: Loc,
): Promise<FileVersion> {
  const version = (await findVersionsById(workspace, [versionId])).get(versionId);
  if (!version || version.isDeleted) throw versionNotFound(versionId);
  if (id && id !== version.id) {
    throw invalid(loc, `Version \`${versionId}\` is not one of file \`${id}\`.`);
  }
  requireSamePath({ id: version.id, path }, version, loc);
  return version;
}

async function findOfFile(
  workspace: Workspace,
  kinds: ReferredKinds,
  reference: VersionReference,
  loc: Loc,
): Promise<FileVersion> {
  const target = fileTarget(reference, loc);
  const { environment: name } = reference;
  const environment = name ? await requireEnvironment(workspace, name) : undefined;
  const version = environment
    ? await findFileVersion(workspace, target, { by: 'environment_id', value: environment.id })
    : await findShownVersion(workspace, target);
  if (version) {
    requireSamePath(reference, version, loc);
    if (!kinds.has(version.type)) throw fileNotFound(target.value);
    return version;
  }
  const file = await findFile(workspace, target);
  if (!file || !environment || !kinds.has(file.type)) throw fileNotFound(target.value);
  throw nothingDeployed(environment.name);
}

function fileTarget({ id, path }: FileReference, loc: Loc): FileTarget {
  if (id) return { by: 'id', value: id };
  if (typeof path === 'string') return { by: 'path', value: checkedPath(path, [...loc, 'path']) };
  throw invalid(loc, 'Give the `path` or an id.');
}

function requireSamePath(
  { id, path }: FileLocator,
  file: { readonly path: string },
  loc: Loc,
): void {
  if (!id || typeof path !== 'string') return;
  if (checkedPath(path, [...loc, 'path']) === file.path) return;
  throw invalid(loc, `File \`${id}\` has a different path. Give either the id or the \`path\`.`);
}

function isOneOf<K extends FileType>(
  kinds: ReferredKinds<K>,
  version: FileVersion,
): version is FileVersion & FileVersion<K> {
  return (kinds as ReadonlySet<FileType>).has(version.type);
}
