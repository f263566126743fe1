import type { FileType } from '../contract/kinds/index.ts';
import { poolOf } from '../database/database.ts';
import type { Workspace } from '../database/workspace.ts';
import type { ChosenVersion } from './file-queries.ts';
import type { FileVersion } from './file-version.ts';

/** The version to which a request resolved. By now an equal request may resolve to another one. */
export interface LastResolved<K extends FileType = FileType> {
  readonly chosen: ChosenVersion;
  readonly version: FileVersion<K>;
}

/** The most versions to keep in memory for each database. */
const mostRemembered = 200;
/** The most characters of a spec that is kept, to limit the memory for all of them. */
const mostCharacters = 50_000;

/** By request. The most recently resolved come last. */
const remembered = new WeakMap<object, Map<string, FileVersion>>();

/** Remembers the version to which a request resolved. */
export function remember(workspace: Workspace, { chosen, version }: LastResolved): void {
  if (workspace.db.isTransaction) return;
  const pool = poolOf(workspace.db);
  let versions = remembered.get(pool);
  if (!versions) {
    versions = new Map();
    remembered.set(pool, versions);
  }
  const key = keyOf(workspace, chosen);
  const before = versions.get(key);
  if (before?.versionId === version.versionId && before.path === version.path) return;
  versions.delete(key);
  if (JSON.stringify(version.spec).length > mostCharacters) return;
  versions.set(key, version);
  const [oldest] = versions.keys();
  if (versions.size > mostRemembered && oldest !== undefined) versions.delete(oldest);
}

/**
 * The version to which an equal request resolved last. This is a guess: the caller must check it.
 */
export function recall(workspace: Workspace, chosen: ChosenVersion): FileVersion | undefined {
  return remembered.get(poolOf(workspace.db))?.get(keyOf(workspace, chosen));
}

function keyOf({ organizationId }: Workspace, chosen: ChosenVersion): string {
  return `${organizationId} ${JSON.stringify(chosen)}`;
}
