import type { Workspace } from '../database/workspace.ts';
import { findLinkedVersions } from './file-queries.ts';
import type { FileVersion } from './file-version.ts';
import type { FileLink } from './kind.ts';
import { kindOf } from './kinds/index.ts';

/** The versions that links mean, by {@link linkKey}; a link to what is gone is not there. */
export type LinkedFiles = ReadonlyMap<string, FileVersion>;

/** Links that name the same have the same key. */
export function linkKey({ fileId, versionId, environmentId }: Omit<FileLink, 'loc'>): string {
  return `${fileId} ${versionId ?? ''} ${environmentId ?? ''}`;
}

/** The links of a version, in the order in which its spec has them. */
export function linksOf({ type, spec }: FileVersion): readonly FileLink[] {
  return kindOf(type).links(spec);
}

/** What some versions link to, and what those of them link to whose links end there. */
export async function loadLinkedFiles(
  workspace: Workspace,
  versions: readonly FileVersion[],
): Promise<LinkedFiles> {
  const linked = new Map<string, FileVersion>();
  const follow = async (from: readonly FileVersion[]) => {
    const links = from.flatMap(linksOf).filter((link) => !linked.has(linkKey(link)));
    const found = await findLinkedVersions(workspace, links);
    return links.flatMap((link, index) => {
      const version = found[index];
      if (!version) return [];
      linked.set(linkKey(link), version);
      return kindOf(version.type).linksEnd ? [version] : [];
    });
  };
  await follow(await follow(versions));
  return linked;
}
