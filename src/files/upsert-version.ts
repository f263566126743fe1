import type { FileType } from '../contract/kinds/index.ts';
import { inTransaction, type Workspace } from '../database/workspace.ts';
import { invalid } from '../kernel/errors.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import { listEnvironments } from './deployment-queries.ts';
import { environmentIn } from './environments.ts';
import { fileNotFound, versionNotFound } from './errors.ts';
import { findFile, findFileVersion } from './file-queries.ts';
import { type FileVersion, isOfKind } from './file-version.ts';
import { givenDefaults, givenDefaultsOf, withGivenDefaults } from './given-defaults.ts';
import type { Fields, FileKind, FileLink, Loc } from './kind.ts';
import { kindOf } from './kinds/index.ts';
import { requireKnownProviders } from './known-providers.ts';
import { checkedVersionName } from './name.ts';
import { checkedPath } from './path.ts';
import { requireSealedHeaders } from './secrets/mcp-headers.ts';
import {
  deployToDefaultIfNone,
  type FileDetails,
  findOrCreateFile,
  findOrCreateVersion,
  updateFileDetails,
  updateSpec,
} from './version-queries.ts';

/** How a request names a file: by path or by id. */
export interface FileLocator {
  readonly path?: string | null | undefined;
  readonly id?: string | null | undefined;
}

/** The file to store a version in, and the descriptions of both. */
export interface StoreRequest extends FileLocator, FileDetails {
  readonly versionName?: string | undefined;
  readonly versionDescription?: string | undefined;
}

/** A spec to store, with its file and the descriptions of both. */
export interface UpsertRequest extends StoreRequest {
  /** The fields of {@link FileKind.spec}, checked against it; others are passed over. */
  readonly spec: Fields;
  /** The member of the body that has these fields: `['agent']`. Undefined: the body itself. */
  readonly place?: Loc;
}

/** The values that make a version distinct. */
export interface VersionDefinition {
  /** In the form of {@link FileKind.canonicalSpec}, with the defaults that were written out. */
  readonly spec: Fields;
  readonly fingerprint: string;
  /** Stores content that is not part of the spec. It is only called if the version is new. */
  readonly storeContent?: (versionId: string) => Promise<void>;
}

/**
 * Finds the version of a file that a spec defines, or creates it. Creates the file and its
 * directories too if they are missing. The first version of a file is deployed to the default
 * environment; later ones are not deployed.
 *
 * @throws `invalid` for a bad path, name or spec; `file_not_found` for an unknown id;
 *   `file_not_found`, `version_not_found`, `environment_not_found` for a link to something that
 *   does not exist; `path_taken`, `version_name_taken` (conflict).
 */
export async function upsertVersion<K extends FileType>(
  workspace: Workspace,
  kind: FileKind<K>,
  request: UpsertRequest,
): Promise<FileVersion<K>> {
  const fields = definingFields(kind, request.spec);
  const spec = kind.canonicalSpec(fields);
  requireSealedHeaders(kind, spec);
  const links = kind.links(spec);
  const providers = kind.providers?.(spec) ?? [];
  return storeVersion(workspace, kind, request, async (workspace) => {
    await requireKnownProviders(workspace, providers, request.place);
    await requireLinks(workspace, links);
    return {
      spec: withGivenDefaults(spec, givenDefaults(kind, fields)),
      fingerprint: specFingerprint(spec),
    };
  });
}

/**
 * Like {@link upsertVersion}, for a version whose definition depends on the other versions of its
 * file.
 *
 * @param define gets the file, which may be new, inside of the transaction that stores the version.
 *   If it throws, everything is undone. It may run again if the transaction conflicts with another.
 */
export async function storeVersion<K extends FileType>(
  workspace: Workspace,
  kind: FileKind<K>,
  request: StoreRequest,
  define: (
    workspace: Workspace,
    file: { readonly id: string; readonly isNew: boolean },
  ) => Promise<VersionDefinition>,
): Promise<FileVersion<K>> {
  const { versionName } = request;
  const name =
    versionName === undefined
      ? undefined
      : checkedVersionName(versionName, ['body', 'version_name']);
  return inTransaction(workspace, async (workspace) => {
    const file = await locate(workspace, kind, request);
    const { spec, fingerprint, storeContent } = await define(workspace, file);
    const version = await findOrCreateVersion(workspace, kind, file.id, {
      spec,
      fingerprint,
      name,
      description: request.versionDescription,
    });
    if (version.isNew) await storeContent?.(version.id);
    await updateFileDetails(workspace, file.id, request);
    if (file.isNew) await deployToDefaultIfNone(workspace, file.id, version.id);
    const stored = await findFileVersion(
      workspace,
      { by: 'id', value: file.id },
      { by: 'version', value: version.id },
    );
    if (!isOfKind(stored, kind)) throw fileNotFound(file.id);
    return withDefaultsGivenNow(workspace, stored, givenDefaultsOf(spec));
  });
}

/** An existing version that also sends the defaults that a later request wrote out. */
async function withDefaultsGivenNow<Version extends FileVersion>(
  workspace: Workspace,
  version: Version,
  given: readonly string[],
): Promise<Version> {
  const before = givenDefaultsOf(version.spec);
  if (given.every((name) => before.includes(name))) return version;
  const spec = withGivenDefaults(version.spec, [...new Set([...before, ...given])]);
  await updateSpec(workspace, version.versionId, spec);
  // Safe: the spec is the stored one with one more field.
  return { ...version, spec } as Version;
}

/**
 * The version that {@link upsertVersion} would find, with a single query; undefined if the file
 * does not have it, or has it without a default that the request writes out.
 */
export async function findVersionOfSpec<K extends FileType>(
  workspace: Workspace,
  kind: FileKind<K>,
  request: FileLocator & { readonly spec: Fields },
): Promise<FileVersion<K> | undefined> {
  const { by, value } = fileTarget(request);
  const fields = definingFields(kind, request.spec);
  const canonical = kind.canonicalSpec(fields);
  const found = await findFileVersion(
    workspace,
    { by, value },
    { by: 'fingerprint', value: specFingerprint(canonical) },
  );
  if (!isOfKind(found, kind)) return undefined;
  const sent = givenDefaultsOf(found.spec);
  if (!givenDefaults(kind, fields).every((name) => sent.includes(name))) return undefined;
  requireSameFile(request, found);
  return found;
}

/** The identity of a version: equal specs of one file have equal fingerprints. */
export function specFingerprint(canonicalSpec: Fields): string {
  return fingerprint(canonicalSpec);
}

/**
 * The file that a request names: by id, if it has both an id and a path (see {@link
 * requireSameFile}).
 *
 * @throws `invalid` if it has neither.
 */
export function fileTarget({ path, id }: FileLocator): { by: 'id' | 'path'; value: string } {
  if (id) return { by: 'id', value: id };
  if (typeof path === 'string') return { by: 'path', value: checkedPath(path) };
  throw invalid(['body'], 'Give the `path` or the `id` of the file.');
}

/** @throws `invalid` if a request has an id and the path of another file. */
export function requireSameFile({ id, path }: FileLocator, file: { readonly path: string }): void {
  if (id && typeof path === 'string' && checkedPath(path) !== file.path) {
    throw invalid(
      ['body', 'path'],
      `File \`${id}\` has a different path. Give either the \`id\` or the \`path\`.`,
    );
  }
}

/** The fields of a request that define a version. */
function definingFields(kind: FileKind, fields: Fields) {
  return Object.fromEntries(
    Object.keys(kind.spec.properties)
      .filter((key) => Object.hasOwn(fields, key))
      .map((key) => [key, fields[key]]),
  );
}

async function locate(
  workspace: Workspace,
  kind: FileKind,
  request: FileLocator,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const { by, value } = fileTarget(request);
  if (by === 'path') return findOrCreateFile(workspace, kind, value);
  const file = await findFile(workspace, { by, value });
  if (file?.type !== kind.type) throw fileNotFound(value);
  requireSameFile(request, file);
  return { id: file.id, isNew: false };
}

async function requireLinks(workspace: Workspace, links: readonly FileLink[]): Promise<void> {
  const areNamed = links.some(({ environmentId }) => environmentId !== undefined);
  const environments = areNamed ? await listEnvironments(workspace) : [];
  for (const { fileId, versionId, environmentId, loc, types } of links) {
    const file = await findFile(workspace, { by: 'id', value: fileId });
    if (!file) throw fileNotFound(fileId);
    if (!kindOf(file.type).takesAsTool || (types && !types.includes(file.type))) {
      throw invalid(['body', ...loc], `Files of type \`${file.type}\` cannot be tools here.`);
    }
    if (environmentId !== undefined) environmentIn(environments, environmentId);
    if (versionId === undefined) continue;
    const version = await findFileVersion(
      workspace,
      { by: 'id', value: fileId },
      { by: 'version', value: versionId },
    );
    if (!version) throw versionNotFound(versionId);
  }
}
