import type { FileType } from '../contract/kinds/index.ts';
import { inTransaction, type Workspace } from '../database/workspace.ts';
import { invalid } from '../kernel/errors.ts';
import { whyNotDeployed } from './environments.ts';
import { fileNotFound, nothingDeployed, pathTaken, versionNotFound } from './errors.ts';
import {
  defaultEnvironmentName,
  type FileTarget,
  findFile,
  findFileVersion,
  findShownVersion,
  type VersionChoice,
} from './file-queries.ts';
import { type FileVersion, isOfKind } from './file-version.ts';
import type { Fields, FileKind } from './kind.ts';
import { type LastResolved, recall, remember } from './last-resolved.ts';
import { soughtName } from './name.ts';
import {
  type FileLocator,
  fileTarget,
  findVersionOfSpec,
  requireSameFile,
  upsertVersion,
} from './upsert-version.ts';

/** The parts of a request that choose a version. */
export interface VersionRequest {
  readonly locator: FileLocator;
  readonly selector: VersionSelector;
  readonly inlineSpec?: Fields | null | undefined;
}

/** The query parameters that choose a version of a file. */
export interface VersionSelector {
  readonly versionId?: string | undefined;
  /** The name of an environment. */
  readonly environment?: string | undefined;
}

/**
 * Calls `use` with the version to run, or to log to: the one described inline, the one named by id,
 * the one deployed to the environment named, or the one deployed to the default environment.
 *
 * If the inline spec is a new version, it is created in one transaction with everything that `use`
 * does: if `use` throws, neither the file nor the version exists.
 *
 * @param use must write with the workspace that it receives. It may run again if its transaction
 *   conflicts with another.
 * @throws `invalid` if more than one version is named; `file_not_found`, `version_not_found`,
 *   `environment_not_found`, `nothing_deployed` (all not_found); `path_taken` (conflict) if a file
 *   of another kind is at the path; what `upsertVersion` throws.
 */
export async function withVersion<K extends FileType, Result>(
  workspace: Workspace,
  kind: FileKind<K>,
  named: VersionRequest,
  use: (workspace: Workspace, version: FileVersion<K>) => Promise<Result>,
): Promise<Result> {
  const { locator, selector, inlineSpec } = named;
  const choice = versionChoice(selector);
  if (inlineSpec) {
    if (choice.by !== 'default') {
      throw invalid(
        ['query'],
        `Give \`${kind.type}\` in the body, or \`version_id\` or \`environment\` in the query, but not both.`,
      );
    }
    const request = { ...locator, spec: inlineSpec, place: inlinePlace(kind) };
    const found = await findVersionOfSpec(workspace, kind, request);
    if (found) return use(workspace, found);
    return inTransaction(workspace, async (workspace) =>
      use(workspace, await upsertVersion(workspace, kind, request)),
    );
  }
  const target = fileTarget(locator);
  const found = await findFileVersion(workspace, target, choice);
  if (isOfKind(found, kind)) {
    requireSameFile(locator, found);
    remember(workspace, { chosen: { target, choice }, version: found });
    return use(workspace, found);
  }
  throw await whyNotFound(workspace, kind, target, choice);
}

/**
 * The version to which an equal request resolved last, without a query. The caller must check that
 * it is still the right one. Undefined if there is none, or if the request needs other checks too.
 *
 * @throws `invalid` if more than one version is named.
 */
export function lastResolved<K extends FileType>(
  workspace: Workspace,
  kind: FileKind<K>,
  { locator, selector, inlineSpec }: VersionRequest,
): LastResolved<K> | undefined {
  if (inlineSpec || (locator.id && locator.path)) return undefined;
  const chosen = { target: fileTarget(locator), choice: versionChoice(selector) };
  const version = recall(workspace, chosen);
  return isOfKind(version, kind) ? { chosen, version } : undefined;
}

/**
 * The version that an answer about a file shows: as in {@link withVersion}, but if nothing is
 * deployed to the default environment, the newest version.
 */
export async function getVersion<K extends FileType>(
  workspace: Workspace,
  kind: FileKind<K>,
  id: string,
  selector: VersionSelector,
): Promise<FileVersion<K>> {
  const choice = versionChoice(selector);
  const target: FileTarget = { by: 'id', value: id };
  const found =
    choice.by === 'default'
      ? await findShownVersion(workspace, target)
      : await findFileVersion(workspace, target, choice);
  if (isOfKind(found, kind)) return found;
  throw await whyNotFound(workspace, kind, target, choice);
}

/** @throws `file_not_found` unless there is a file of this kind with this id. */
export async function requireFile(workspace: Workspace, kind: FileKind, id: string): Promise<void> {
  const file = await findFile(workspace, { by: 'id', value: id });
  if (file?.type !== kind.type) throw fileNotFound(id);
}

/** @throws `invalid` if both are set, and for a name that cannot exist. */
export function versionChoice({ versionId, environment }: VersionSelector): VersionChoice {
  if (versionId !== undefined && environment !== undefined) {
    throw invalid(['query'], 'Give `version_id` or `environment`, not both.');
  }
  if (versionId !== undefined) return { by: 'version', value: versionId };
  if (environment === undefined) return { by: 'default' };
  return { by: 'environment', value: soughtName(environment, ['query', 'environment']) };
}

/** Where a body has an inline spec. That of an evaluator is one field, which the body has itself. */
function inlinePlace({ type, log, spec }: FileKind): readonly string[] {
  const member = log?.inline ?? type;
  return Object.hasOwn(spec.properties, member) ? [] : [member];
}

async function whyNotFound(
  workspace: Workspace,
  kind: FileKind,
  target: FileTarget,
  choice: VersionChoice,
): Promise<Error> {
  const file = await findFile(workspace, target);
  if (!file) return fileNotFound(target.value);
  if (file.type !== kind.type) {
    return target.by === 'path' ? pathTaken(target.value, file.type) : fileNotFound(target.value);
  }
  if (choice.by === 'version') return versionNotFound(choice.value);
  if (choice.by === 'environment') return whyNotDeployed(workspace, choice.value);
  return nothingDeployed(await defaultEnvironmentName(workspace));
}
