import type { FileResponse } from '../../api/types.ts';
import type { Draft } from './draft-store.ts';

/**
 * Whether somebody committed a version: it has a name, a description, or a place where it is deployed.
 * Calls that bring a version of their own make versions, too, and so do runs of drafts.
 */
export function isCommitted({
  version_name: name,
  version_description: description,
  environments,
}: FileResponse): boolean {
  return Boolean(name || description) || environments.length > 0;
}

/** The newest version that was committed; if none was, the newest. */
export function newestCommitted(versions: readonly FileResponse[]): FileResponse | undefined {
  return versions.find(isCommitted) ?? versions[0];
}

/** The newest version that was committed by somebody else since a draft was begun. */
export function newsSince(
  versions: readonly FileResponse[],
  { base, known, ran }: Pick<Draft, 'base' | 'known' | 'ran'>,
): FileResponse | undefined {
  if (!known) return undefined;
  const seen = new Set([base, ...known, ...ran]);
  return versions.find((version) => isCommitted(version) && !seen.has(version.version_id));
}
