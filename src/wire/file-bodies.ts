import type { Workspace } from '../database/workspace.ts';
import type { FileVersion } from '../files/file-version.ts';
import { kindOf } from '../files/kinds/index.ts';
import { loadLinkedFiles } from '../files/linked-files.ts';
import { loadMonitoring } from '../files/monitoring.ts';
import { getVersionsById } from '../files/read-files.ts';
import { readableBatches, type Sized } from '../kernel/readable-batches.ts';
import { fileBody } from './file.ts';

type Query = Readonly<Record<string, unknown>>;
type Body = Readonly<Record<string, unknown>>;

/**
 * The bodies of a list of files, with the evaluators that monitor them. Linked files are shown only
 * for kinds whose links end, see `linksEnd` of a kind; {@link wholeFileBody} shows all.
 *
 * @param query of the request; it may ask for more members, which are loaded then.
 */
export async function fileBodies(
  workspace: Workspace,
  versions: readonly FileVersion[],
  query: Query = {},
): Promise<Record<string, unknown>[]> {
  const linking = versions.filter(({ type }) => kindOf(type).linksEnd);
  return loadBodies(workspace, versions, { linking, query });
}

/**
 * Reads the bodies of many files group by group, each small enough to be in memory. A version that
 * was deleted meanwhile is left out.
 *
 * @param listed the versions that are shown.
 * @param finish adds to the bodies of a group.
 */
export function fileBodyGroups(
  workspace: Workspace,
  listed: readonly Sized[],
  {
    query,
    finish = (bodies) => bodies,
  }: {
    readonly query?: Query;
    readonly finish?: (
      bodies: readonly Body[],
      versions: readonly FileVersion[],
    ) => readonly Body[] | Promise<readonly Body[]>;
  } = {},
): readonly (() => Promise<readonly Body[]>)[] {
  return readableBatches(listed).map((ids) => async () => {
    const found = await getVersionsById(workspace, ids);
    const versions = ids.flatMap((id) => found.get(id) ?? []);
    return finish(await fileBodies(workspace, versions, query), versions);
  });
}

/** The whole body of a file: with its linked files and the evaluators that monitor it. */
export async function wholeFileBody(
  workspace: Workspace,
  version: FileVersion,
  query: Query = {},
): Promise<Record<string, unknown>> {
  const [body] = await loadBodies(workspace, [version], { linking: [version], query });
  return body as Record<string, unknown>;
}

/** @param linking the versions whose linked files are shown. */
async function loadBodies(
  workspace: Workspace,
  versions: readonly FileVersion[],
  { linking, query }: { readonly linking: readonly FileVersion[]; readonly query: Query },
): Promise<Record<string, unknown>[]> {
  const [linked, monitoring, details] = await Promise.all([
    loadLinkedFiles(workspace, linking),
    loadMonitoring(workspace, [...new Set(versions.map(({ id }) => id))]),
    loadDetails(workspace, versions, query),
  ]);
  const isWhole = new Set(linking);
  return versions.map((version) =>
    fileBody(version, { monitoring, details, ...(isWhole.has(version) ? { linked } : {}) }),
  );
}

async function loadDetails(
  workspace: Workspace,
  versions: readonly FileVersion[],
  query: Query,
): Promise<ReadonlyMap<string, Query>> {
  const byType = Map.groupBy(versions, ({ type }) => type);
  const loaded = await Promise.all(
    [...byType].map(([type, some]) =>
      kindOf(type).details?.load(
        workspace,
        some.map(({ versionId }) => versionId),
        query,
      ),
    ),
  );
  return new Map(loaded.flatMap((details) => (details ? [...details] : [])));
}
