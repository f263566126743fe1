import type { Queries } from '../database/database.ts';
import type { Workspace } from '../database/workspace.ts';
import type { ChosenVersion } from './file-queries.ts';
import type { FileVersion } from './file-version.ts';

/** A version as it was when it was last found, and how it was named. Another may be meant since. */
export interface LastMeant {
  readonly chosen: ChosenVersion;
  readonly version: FileVersion;
}

/** Versions that are remembered for each database: the agents that are called again and again. */
const mostRemembered = 200;
/** Characters of a spec that is remembered, so that all of them together are bearable. */
const mostCharacters = 50_000;

/** By what names them; those that were found last come last. */
const remembered = new WeakMap<Queries, Map<string, FileVersion>>();

/** Remembers which version a name means. */
export function remember(workspace: Workspace, { chosen, version }: LastMeant): void {
  if (workspace.db.isTransaction) return;
  let versions = remembered.get(workspace.db);
  if (!versions) {
    versions = new Map();
    remembered.set(workspace.db, versions);
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

/** The version that a name meant when it was last found: a guess, to be checked by who uses it. */
export function recall(workspace: Workspace, chosen: ChosenVersion): FileVersion | undefined {
  return remembered.get(workspace.db)?.get(keyOf(workspace, chosen));
}

function keyOf({ organizationId }: Workspace, chosen: ChosenVersion): string {
  return `${organizationId} ${JSON.stringify(chosen)}`;
}
